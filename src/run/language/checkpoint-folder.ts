import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { CheckpointFiles } from '../../training/language/checkpoint';
import type { NumberCache } from '../../training/language/reference';
import { renameOver, temporaryName, writeAtomic } from '../atomic';
import { RunError, systemCode, systemReason } from '../run-error';

/** Files of a folder that are complete or absent, whatever happens while they are written. */
export function checkpointFolder(folder: string): CheckpointFiles {
  return {
    list: () => listed(folder),
    read: (name) => readFile(path.join(folder, name)),
    write: async (name, content) => {
      const file = path.join(folder, name);
      const part = temporaryName(file);
      try {
        await mkdir(folder, { recursive: true });
        const handle = await open(part, 'wx');
        try {
          await handle.writeFile(content);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await renameOver(part, file);
      } catch (error) {
        await rm(part, { force: true }).catch(() => undefined);
        throw new RunError(`${file} cannot be written because ${systemReason(error)}.`);
      }
    },
    remove: (name) => rm(path.join(folder, name), { force: true }),
  };
}

async function listed(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw new RunError(`${folder} cannot be read because ${systemReason(error)}.`);
  }
}

/** Numbers by key in one file, written whole. One that cannot be understood is as good as none: all can be computed again. */
export async function numberCache(file: string): Promise<NumberCache> {
  const numbers = new Map<string, number>();
  const text = await readFile(file, 'utf8').catch(() => '{}');
  for (const [key, value] of entriesOf(text)) if (typeof value === 'number') numbers.set(key, value);
  return {
    get: (key) => numbers.get(key),
    put: async (entries) => {
      for (const [key, value] of entries) numbers.set(key, value);
      await mkdir(path.dirname(file), { recursive: true });
      await writeAtomic(file, JSON.stringify(Object.fromEntries(numbers)));
    },
  };
}

function entriesOf(text: string): [string, unknown][] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.entries(value) : [];
  } catch {
    return [];
  }
}
