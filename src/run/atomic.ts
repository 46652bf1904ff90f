import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunError, systemCode, systemReason } from './run-error';

/**
 * Replaces a file in one step: readers see the old content or the new, never a part.
 *
 * @param content text, or chunks of text for files too big to hold
 * @throws RunError when the folder cannot be written
 */
export async function writeAtomic(file: string, content: string | Iterable<string>): Promise<void> {
  const part = temporaryName(file);
  try {
    const handle = await open(part, 'wx');
    try {
      await writeAll(handle, typeof content === 'string' ? [content] : content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameOver(part, file);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    if (systemCode(error) === undefined) throw error;
    throw new RunError(`${file} cannot be written because ${systemReason(error)}.`);
  }
}

/** A name beside `file` that nobody else uses. */
export function temporaryName(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}.part`);
}

async function writeAll(handle: FileHandle, chunks: Iterable<string>): Promise<void> {
  for (const chunk of chunks) await handle.writeFile(chunk);
}

/** On Windows a rename fails while a reader or a virus scanner holds the target open; it lets go soon. */
export async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const held = ['EPERM', 'EACCES', 'EBUSY'].includes(systemCode(error) ?? '');
      if (process.platform !== 'win32' || !held || attempt === 9) throw error;
      await sleep(20 * (attempt + 1));
    }
  }
}
