import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { CheckpointFiles } from '../training/language/checkpoint';
import { renameOver, temporaryName } from './atomic';
import { RunError, systemCode, systemReason } from './run-error';

/**
 * Checkpoints in a folder of their own, made when the first is written. Each file is complete or absent: what a killed
 * process left half-written has a temporary name, is never read, and goes when the next checkpoint is written.
 *
 * @throws RunError from every function, where the folder cannot be read or written
 */
export function checkpointFolder(folder: string): CheckpointFiles {
  const spoken = async <T>(verb: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      throw new RunError(`${folder} cannot be ${verb} because ${systemReason(error)}.`);
    }
  };
  const names = async (): Promise<string[]> => {
    try {
      return await readdir(folder);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  };
  return {
    list: () => spoken('read', async () => (await names()).filter((name) => !isTemporary(name)).sort()),
    read: (name) => spoken('read', () => readFile(path.join(folder, name))),
    write: (name, content) =>
      spoken('written', async () => {
        await mkdir(folder, { recursive: true });
        for (const left of await names())
          if (isTemporary(left)) await rm(path.join(folder, left), { force: true });
        const part = temporaryName(path.join(folder, name));
        const handle = await open(part, 'wx');
        try {
          await handle.writeFile(content);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await renameOver(part, path.join(folder, name));
      }),
    remove: (name) => spoken('written', () => rm(path.join(folder, name), { force: true })),
  };
}

function isTemporary(name: string): boolean {
  return name.endsWith('.part');
}
