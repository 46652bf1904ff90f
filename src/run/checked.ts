import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { RunError, systemCode, systemReason } from './run-error';

/** What a file of a run directory must look like. Keys that are not named are kept: newer versions may add some. */
export type Shape<T> = v.GenericSchema<unknown, T>;

/**
 * @returns the value, known to have the shape
 * @throws RunError naming the first key that is wrong
 */
export function check<T>(shape: Shape<T>, value: unknown, what: string): T {
  const parsed = v.safeParse(shape, value, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const key = v.getDotPath(issue);
  throw new RunError(
    `${what} is damaged${key === null ? '' : ` at "${key}"`}: expected ${issue.expected ?? 'another value'}, found ${issue.received}.`,
  );
}

/**
 * Reads a JSON file of a run directory.
 *
 * @returns undefined when there is no such file
 * @throws RunError when it cannot be read or is damaged
 */
export async function readChecked<T>(file: string, shape: Shape<T>): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new RunError(`${file} cannot be read because ${systemReason(error)}.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RunError(`${file} is damaged: it is not JSON.`);
  }
  return check(shape, value, file);
}

/** JSON as run directories hold it: readable, with a line break at the end. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2) + '\n';
}
