import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { isTemporary, makeFolder, removeFile, writeWhole } from '../disk';
import type { CheckpointFiles } from '../training/language/checkpoint';
import { cannotWrite, RunError, systemCode, systemReason } from './run-error';

interface CheckpointListener {
  /** The checkpoint of that name is on the disk, and is what a run goes on from. */
  readonly onCommitted?: (name: string) => void;
  /** The file of that name is damaged or of another training, and is passed over. */
  readonly onPassedOver?: (name: string) => void;
}

/**
 * Checkpoints in a folder of their own, made when the first is written; the folder that holds it must be there. Each
 * file is complete or absent: what a killed process left half-written has a temporary name, is never read, and goes
 * when the next checkpoint is written.
 *
 * @throws RunError from every function, where the folder cannot be read or written
 */
export function checkpointFolder(
  folder: string,
  { onCommitted, onPassedOver }: CheckpointListener = {},
): CheckpointFiles {
  const names = () =>
    readable(folder, async () => {
      try {
        return await readdir(folder);
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return [];
        throw error;
      }
    });
  const writable = async (file: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      throw cannotWrite(file, error);
    }
  };
  return {
    list: async () => (await names()).filter((name) => !isTemporary(name)).sort(),
    read: (name) => readable(path.join(folder, name), () => readFile(path.join(folder, name))),
    write: async (name, content) => {
      const file = path.join(folder, name);
      await writable(file, async () => {
        await makeFolder(folder, false);
        for (const left of await names()) if (isTemporary(left)) await removeFile(path.join(folder, left));
        await writeWhole(file, content);
      });
      onCommitted?.(name);
    },
    remove: (name) => writable(path.join(folder, name), () => removeFile(path.join(folder, name))),
    passedOver: onPassedOver,
  };
}

async function readable<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new RunError(`${file} cannot be read because ${systemReason(error)}.`);
  }
}
