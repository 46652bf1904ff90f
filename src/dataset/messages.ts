import { isObject } from './json-lines';
import { missingOr, wrongType } from './fields';
import { RecordFault, type JsonPath } from './record-fault';

/** One turn of a conversation, as chat models take it. */
export interface Message {
  readonly role: string;
  readonly content: string;
}

/** A prompt: a string, or messages written as one text. @throws RecordFault */
export function promptText(prompt: unknown, field: string): string {
  if (typeof prompt === 'string') return prompt;
  if (Array.isArray(prompt)) return textOf(messages(prompt, [field]));
  throw missingOr(prompt, field, 'a string or an array of messages');
}

/** Checks `[{role, content}, …]`. @throws RecordFault at the broken part */
export function messages(list: readonly unknown[], path: JsonPath): readonly Message[] {
  list.forEach((message, i) => {
    if (!isObject(message)) throw wrongType([...path, i], 'a message {"role", "content"}', message);
    for (const key of ['role', 'content']) {
      if (typeof message[key] === 'string') continue;
      if (message[key] !== undefined) throw wrongType([...path, i, key], 'a string', message[key]);
      throw new RecordFault('form/missing-field', [...path, i], `This message has no "${key}".`);
    }
  });
  return list as readonly Message[];
}

/** Messages as one text: a lone message is its content, several name their roles. */
export function textOf(list: readonly Message[]): string {
  if (list.length === 1) return list[0].content;
  return list.map(({ role, content }) => `${role}: ${content}`).join('\n\n');
}
