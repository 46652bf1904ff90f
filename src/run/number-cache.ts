import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../disk';
import type { NumberCache } from '../training/language/reference';
import { writeAtomic } from './atomic';
import { cannotWrite, systemCode } from './run-error';

/**
 * Numbers by key in one file, a line each: key, space, number. JavaScript writes a number so that reading it gives the
 * same one. A file that is damaged is only a cache: its bad lines are computed anew.
 *
 * @throws RunError when the folder cannot be written
 */
export async function numberCache(file: string): Promise<NumberCache> {
  const known = new Map<string, number>();
  for (const line of (await textOf(file)).split('\n')) {
    const match = /^([0-9a-f]{64}) (\S+)$/.exec(line);
    const value = Number(match?.[2] ?? NaN);
    if (match && Number.isFinite(value)) known.set(match[1], value);
  }
  return {
    get: (key) => known.get(key),
    put: async (entries) => {
      for (const [key, value] of entries) if (Number.isFinite(value)) known.set(key, value);
      try {
        await makeFolder(path.dirname(file), false);
      } catch (error) {
        throw cannotWrite(file, error);
      }
      await writeAtomic(file, lines(known));
    },
  };
}

function* lines(known: ReadonlyMap<string, number>): Generator<string> {
  for (const [key, value] of known) yield `${key} ${value}\n`;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  }
}
