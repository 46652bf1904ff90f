import { kindOf, type JsonObject } from './json-lines';
import { RecordFault, type JsonPath } from './record-fault';
import { LARGEST_CHOICE_SET } from './table-builder';

/** A required array of strings. @throws RecordFault */
export function strings(value: JsonObject, field: string): readonly string[] {
  const list = value[field];
  if (!Array.isArray(list)) throw missingOr(list, field, 'an array of strings');
  for (let i = 0; i < list.length; i++) {
    if (typeof list[i] !== 'string') throw wrongType([field, i], 'a string', list[i]);
  }
  return list as string[];
}

/** An array of finite numbers. @param key field of the number inside, for the place @throws RecordFault */
export function numbers(list: unknown, path: JsonPath, key?: string): readonly number[] {
  if (!Array.isArray(list)) throw wrongType(path, 'an array of numbers', list);
  for (let i = 0; i < list.length; i++) {
    const number: unknown = list[i];
    if (typeof number === 'number' && Number.isFinite(number)) continue;
    const at = [...path, key ?? i];
    if (typeof number === 'number' || number === null) {
      const message = `A number is expected here and must be finite; this is ${number === null ? 'null' : number}.`;
      throw new RecordFault('form/not-finite', at, message, 'Replace it by a finite number.');
    }
    throw wrongType(at, 'a number', number);
  }
  return list as number[];
}

/** A string, or a number taken as one; undefined where absent, null or empty. @throws RecordFault */
export function nameOrNone(value: JsonObject, field: string): string | undefined {
  const name = value[field];
  if (typeof name === 'string') return name === '' ? undefined : name;
  if (name === undefined || name === null) return undefined;
  if (typeof name === 'number') return String(name);
  throw wrongType([field], 'a string or a number', name);
}

/** @throws RecordFault unless there is one entry for each response */
export function parallel(list: readonly unknown[], responses: readonly string[], field: string): void {
  if (list.length === responses.length) return;
  const message = `There are ${list.length} ${field} for ${responses.length} responses.`;
  throw new RecordFault(
    'form/length-mismatch',
    [field],
    message,
    `Give one entry of "${field}" for each response.`,
  );
}

/**
 * @param path of what holds the responses
 * @param at index of each response under that path, where some were left out
 * @throws RecordFault unless the choice set has at least two responses and no two are the same
 */
export function checkChoiceSet(
  responses: readonly string[],
  items?: readonly string[],
  path: JsonPath = ['responses'],
  at?: readonly number[],
): void {
  const m = responses.length;
  if (m < 2) {
    const message = `A choice needs at least two responses; there ${m === 0 ? 'are none' : 'is one'}.`;
    throw new RecordFault('form/single-response', path, message, 'List everything that the annotator saw.');
  }
  if (m > LARGEST_CHOICE_SET) {
    const message = `There are ${m} responses; at most ${LARGEST_CHOICE_SET} can be ranked.`;
    throw new RecordFault('form/too-many-responses', path, message);
  }
  const repeated = m <= 8 ? repeatedOfFew(responses, items) : repeatedOfMany(responses, items);
  if (repeated < 0) return;
  const index = at?.[repeated] ?? repeated;
  throw new RecordFault(
    'form/duplicate-response',
    [...path, index],
    `Response ${index} repeats the text of one before it.`,
    'A response may stand in a choice set once; remove the copy and its place in the ranking.',
  );
}

// comparing a few strings is faster than building a set for every record
function repeatedOfFew(responses: readonly string[], items?: readonly string[]): number {
  for (let j = 1; j < responses.length; j++) {
    for (let i = 0; i < j; i++) {
      if (responses[i] === responses[j] && (!items || items[i] === items[j])) return j;
    }
  }
  return -1;
}

function repeatedOfMany(responses: readonly string[], items?: readonly string[]): number {
  const seen = new Set<string>();
  return responses.findIndex((response, i) => {
    const key = items ? JSON.stringify([response, items[i]]) : response;
    return seen.size === seen.add(key).size;
  });
}

export function wrongType(path: JsonPath, expected: string, found: unknown): RecordFault {
  return new RecordFault(
    'form/wrong-type',
    path,
    `${fieldName(path)} must be ${expected}; this is ${kindOf(found)}.`,
  );
}

/** The fault for a required field that is absent, or has another type. */
export function missingOr(found: unknown, field: string, expected: string): RecordFault {
  if (found !== undefined) return wrongType([field], expected, found);
  const message = `This record has no "${field}".`;
  return new RecordFault('form/missing-field', [], message, `Add "${field}": ${expected}.`);
}

function fieldName(path: JsonPath): string {
  const name = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return `"${name.replace(/^\./, '')}"`;
}
