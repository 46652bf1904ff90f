import { isObject, kindOf } from './json-lines';
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

/** Reads `[{role, content}, …]`, where content is a text or its parts. @throws RecordFault at the broken part */
export function messages(list: readonly unknown[], path: JsonPath): readonly Message[] {
  return list.map((message, i) => {
    if (!isObject(message)) throw wrongType([...path, i], 'a message {"role", "content"}', message);
    for (const key of ['role', 'content']) {
      if (message[key] !== undefined) continue;
      throw new RecordFault('form/missing-field', [...path, i], `This message has no "${key}".`);
    }
    const { role, content } = message;
    if (typeof role !== 'string') throw wrongType([...path, i, 'role'], 'a string', role);
    return { role, content: contentOf(content, [...path, i, 'content']) };
  });
}

/** A string, or parts `[{"type": "text", "text"}, …]`, which are put below one another. */
function contentOf(content: unknown, path: JsonPath): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw wrongType(path, 'a string or an array of parts', content);
  const texts = content.map((part: unknown, i) => {
    if (isObject(part) && part.type === 'text' && typeof part.text === 'string') return part.text;
    const kind =
      isObject(part) && typeof part.type === 'string' ? `"${part.type.slice(0, 40)}"` : kindOf(part);
    const message = `This part of a message is no text but ${kind}; only texts are compared here.`;
    const fix = 'Leave such records out, or describe the part in words: {"type": "text", "text": "…"}.';
    throw new RecordFault('form/not-text', [...path, i], message, fix);
  });
  return texts.join('\n');
}

/** Messages as one text: a lone message is its content, several name their roles. */
export function textOf(list: readonly Message[]): string {
  if (list.length === 1) return list[0].content;
  return list.map(({ role, content }) => `${role}: ${content}`).join('\n\n');
}
