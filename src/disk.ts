import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { copyFile, link, mkdir, open, rename, rm, rmdir, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { diskFault } from './disk-fault';
import { FOLDERS_SYNC, RENAME_ATTEMPTS } from './platform';

// The one place through which a run writes. A file is complete or absent, and what is there was there before the call
// returned, even if the power fails. Every function throws the system's error; its callers make it a sentence.

type Chunk = string | Uint8Array;

/** Bytes written at once. */
const BLOCK = 2 ** 20;

/** Replaces a file in one step: readers see the old content or the new, never a part. */
export async function writeWhole(file: string, content: Chunk | Iterable<Chunk>): Promise<void> {
  const part = temporaryName(file);
  try {
    await writeNew(part, content);
    await renameOver(part, file);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * Creates a file with its content in one step, or not at all.
 *
 * @param mode who may do what with it, as chmod takes it
 * @returns false when the name is taken
 */
export async function createWhole(file: string, content: string, mode?: number): Promise<boolean> {
  const part = temporaryName(file);
  try {
    await writeNew(part, content, mode);
    diskFault?.();
    await link(part, file);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return false;
    const withoutLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code);
    if (!withoutLinks) throw error;
    return await createInPlace(file, content, mode);
  } finally {
    await rm(part, { force: true }).catch(() => undefined);
  }
}

/** For file systems without hard links: still exclusive, but for an instant the file is there and empty. */
async function createInPlace(file: string, content: string, mode?: number): Promise<boolean> {
  try {
    await writeNew(file, content, mode);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** A name beside `file` that nobody else uses. */
export function temporaryName(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}.part`);
}

/** Whether a file is one that was never completed, or is being written now. */
export function isTemporary(name: string): boolean {
  return name.startsWith('.') && name.endsWith('.part');
}

/** Moves a file in the place of another in one step. */
export async function renameOver(from: string, to: string): Promise<void> {
  diskFault?.();
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(from, to);
      break;
    } catch (error) {
      const held = ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error));
      if (!held || attempt >= RENAME_ATTEMPTS) throw error;
      await sleep(20 * attempt);
    }
  }
  if (FOLDERS_SYNC) await syncFolder(path.dirname(to));
}

/**
 * Makes a folder. One that is there already is no error.
 *
 * @param parents makes those that lead to it, too
 */
export async function makeFolder(folder: string, parents = true): Promise<void> {
  diskFault?.();
  try {
    await mkdir(folder, { recursive: parents });
  } catch (error) {
    const there = codeOf(error) === 'EEXIST' && (await stat(folder)).isDirectory();
    if (!there) throw error;
  }
}

/**
 * Makes a folder that is not there yet.
 *
 * @returns false when the name is taken
 */
export async function makeNewFolder(folder: string): Promise<boolean> {
  diskFault?.();
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Copies a file that nobody looks at before all of its folder is there. */
export async function copyInto(folder: string, file: string): Promise<void> {
  diskFault?.();
  await copyFile(file, path.join(folder, path.basename(file)));
}

/** Takes a file away. One that is not there is no error. */
export async function removeFile(file: string): Promise<void> {
  diskFault?.();
  await rm(file, { force: true });
}

/** Takes a folder away if nothing is in it. */
export async function removeEmptyFolder(folder: string): Promise<void> {
  diskFault?.();
  try {
    await rmdir(folder);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
  }
}

/** A file that only grows. */
export interface Appending {
  /** The bytes are with the system before this returns. After a write that failed, the next begins on a new line. */
  append(line: Buffer): void;
  /** False where somebody has deleted the file meanwhile. */
  isThere(): boolean;
  close(): void;
}

/** Opens a file of lines to append to it. A last line that was cut short is closed first. */
export function openAppending(file: string): Appending {
  diskFault?.();
  const descriptor = openSync(file, 'a+');
  let torn = isCutShort(descriptor);
  return {
    append(line) {
      const bytes = torn ? Buffer.concat([Buffer.from('\n'), line]) : line;
      torn = true;
      diskFault?.(() => {
        appendAll(descriptor, bytes.subarray(0, bytes.length / 2));
      });
      appendAll(descriptor, bytes);
      torn = false;
    },
    isThere: () => fstatSync(descriptor).nlink > 0,
    close: () => {
      closeSync(descriptor);
    },
  };
}

function isCutShort(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}

function appendAll(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}

async function writeNew(file: string, content: Chunk | Iterable<Chunk>, mode?: number): Promise<void> {
  diskFault?.();
  const handle = await open(file, 'wx', mode);
  try {
    for (const block of blocks(content)) await writeBlock(handle, block);
    diskFault?.();
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeBlock(handle: FileHandle, block: Uint8Array): Promise<void> {
  diskFault?.(() => {
    writeSync(handle.fd, block, 0, Math.floor(block.length / 2));
  });
  for (let done = 0; done < block.length;) {
    const { bytesWritten } = await handle.write(block, done, Math.min(BLOCK, block.length - done));
    done += bytesWritten;
  }
}

/** Small texts together, big arrays as they are. */
function* blocks(content: Chunk | Iterable<Chunk>): Generator<Uint8Array> {
  const chunks = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
  let text = '';
  for (const chunk of chunks) {
    if (typeof chunk === 'string') text += chunk;
    if (text.length >= BLOCK || (typeof chunk !== 'string' && text !== '')) {
      yield Buffer.from(text);
      text = '';
    }
    if (typeof chunk !== 'string') yield chunk;
  }
  if (text !== '') yield Buffer.from(text);
}

/** So that a name outlives a power failure; where a file system cannot tell, the file itself is as safe as it gets. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
