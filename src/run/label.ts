import path from 'node:path';
import * as v from 'valibot';
import { removeFile } from '../disk';
import { writeAtomic } from './atomic';
import { readChecked, toJson } from './checked';
import type { Shape } from './checked';
import { cannotWrite, RunError } from './run-error';

const FILE = 'label.json';
const shape: Shape<{ name: string }> = v.looseObject({ name: v.string() });

/** Longest name, in UTF-16 units. */
export const LONGEST_NAME = 200;

export function labelFile(directory: string): string {
  return path.join(directory, FILE);
}

/**
 * What a person calls a run. It stands beside run.json, which is what the run was started with and never changes; so a name
 * goes where the directory goes, and away with it.
 *
 * @returns undefined where the run has the name that it was started with
 * @throws RunError when the file is damaged
 */
export async function readLabel(directory: string): Promise<string | undefined> {
  return (await readChecked(labelFile(directory), shape))?.name;
}

/**
 * @param name as typed; undefined gives the run the name back that it was started with
 * @throws RunError when the name will not do or cannot be written
 */
export async function renameRun(directory: string, name: string | undefined): Promise<void> {
  const file = labelFile(directory);
  if (name === undefined) {
    await removeFile(file).catch((error: unknown) => {
      throw cannotWrite(file, error);
    });
    return;
  }
  const fault = faultOfName(name);
  if (fault !== undefined) throw new RunError(fault);
  await writeAtomic(file, toJson({ name: name.trim() }));
}

/** Why a name will not do, as a sentence; undefined where it does. */
export function faultOfName(name: string): string | undefined {
  const trimmed = name.trim();
  if (trimmed === '') return 'A run needs a name of at least one character.';
  if (trimmed.length > LONGEST_NAME) return `A name has at most ${LONGEST_NAME} characters.`;
  if (/\p{Cc}/u.test(trimmed)) return 'A name is one line, without control characters.';
  return undefined;
}
