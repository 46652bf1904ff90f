import type { JsonObject } from './json-file';
import { ModelError } from './model-error';

/** Reads typed fields of a config.json; a field of null counts as absent, as in transformers. */
export interface Fields {
  /** A whole number of at least 1. */
  count(name: string, byDefault?: number): number;
  /** A finite number above 0. */
  positive(name: string, byDefault?: number): number;
  flag(name: string, byDefault: boolean): boolean;
  text(name: string, byDefault: string): string;
  has(name: string): boolean;
}

/** @param file for messages */
export function fieldsOf(json: JsonObject, file: string): Fields {
  const has = (name: string) => Object.hasOwn(json, name) && json[name] !== null;
  const read = <T>(name: string, byDefault: T | undefined, what: string, is: (v: unknown) => v is T): T => {
    if (!has(name)) {
      if (byDefault !== undefined) return byDefault;
      throw new ModelError(`${file} has no "${name}". It must be ${what}.`);
    }
    const value = json[name];
    if (is(value)) return value;
    throw new ModelError(`"${name}" in ${file} must be ${what}, not ${JSON.stringify(value)}.`);
  };
  const isCount = (v: unknown): v is number => Number.isSafeInteger(v) && (v as number) >= 1;
  const isPositive = (v: unknown): v is number => typeof v === 'number' && Number.isFinite(v) && v > 0;
  return {
    count: (name, byDefault) => read(name, byDefault, 'a whole number of at least 1', isCount),
    positive: (name, byDefault) => read(name, byDefault, 'a number above 0', isPositive),
    flag: (name, byDefault) => read(name, byDefault, 'true or false', (v) => typeof v === 'boolean'),
    text: (name, byDefault) => read(name, byDefault, 'a string', (v) => typeof v === 'string'),
    has,
  };
}
