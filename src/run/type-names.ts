import path from 'node:path';
import * as v from 'valibot';
import { removeFile } from '../disk';
import { writeAtomic } from './atomic';
import { readChecked, toJson } from './checked';
import type { Shape } from './checked';
import { readResult } from './result';
import { cannotWrite, RunError } from './run-error';

/** What a person calls the types, in the order of result.json; null where a type keeps its number. */
export type TypeNames = readonly (string | null)[];

interface NamesFile {
  readonly schema: 1;
  readonly types: TypeNames;
}

const LONGEST = 60;

const shape: Shape<NamesFile> = v.looseObject({
  schema: v.literal(1),
  types: v.array(v.nullable(v.string())),
});

/** result.json itself never changes once it is written. */
const fileOf = (directory: string) => path.join(directory, 'names.json');

/**
 * @param types how many types the run has
 * @returns undefined where nobody has named any
 * @throws RunError where names.json is damaged, or its names are not of these types
 */
export async function readTypeNames(directory: string, types: number): Promise<TypeNames | undefined> {
  const read = await readChecked(fileOf(directory), shape);
  if (read === undefined) return undefined;
  if (read.types.length !== types) {
    throw new RunError(
      `${fileOf(directory)} names ${read.types.length} types, but the run has ${types}. Name them again.`,
    );
  }
  return tidy(read.types);
}

/**
 * Names the types of a finished run. The names are kept beside its result, in one step.
 *
 * @param names one for each type; null or nothing but spaces: its number
 * @throws RunError with a sentence where a name cannot be used, or there is no result
 */
export async function writeTypeNames(directory: string, names: TypeNames): Promise<void> {
  const result = await readResult(directory);
  if (result === undefined) throw new RunError(`${directory} has no result yet, so no types to name.`);
  const { length } = result.types;
  if (names.length !== length) {
    throw new RunError(`The run has ${length} types; ${names.length} names were given.`);
  }
  const types = tidy(names);
  if (types.every((name) => name === null)) {
    await removeFile(fileOf(directory)).catch((error: unknown) => {
      throw cannotWrite(fileOf(directory), error);
    });
    return;
  }
  const file: NamesFile = { schema: 1, types };
  await writeAtomic(fileOf(directory), toJson(file));
}

/** Names as they are kept: one line each, none twice, none the number of another type. */
function tidy(names: TypeNames): TypeNames {
  const kept = names.map((name, k) => {
    const words = name?.normalize('NFC').replace(/\s+/gu, ' ').trim() ?? '';
    return words === '' || words === `Type ${k + 1}` ? null : words;
  });
  const taken = new Set<string>();
  kept.forEach((name, k) => {
    if (name === null) return;
    // control and formatting characters could turn the text around them
    if (/[\p{Cc}\p{Cf}]/u.test(name.replace(/\u200d/gu, ''))) {
      throw new RunError(`The name of type ${k + 1} holds characters that cannot be seen.`);
    }
    if (Array.from(name).length > LONGEST) {
      throw new RunError(`The name of type ${k + 1} is longer than ${LONGEST} characters.`);
    }
    const key = name.toLocaleLowerCase();
    const number = /^type (\d+)$/.exec(key)?.[1];
    if (number !== undefined) throw new RunError(`“${name}” could be taken for type ${number}.`);
    if (taken.has(key)) throw new RunError(`Two types cannot both be called “${name}”.`);
    taken.add(key);
  });
  return kept;
}
