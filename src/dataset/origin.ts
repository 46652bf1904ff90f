import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { BLOCK, blockReader } from './blocks';
import { DatasetError, refusal } from './dataset-error';

/** The bytes of a dataset, to be read again when a text is asked for. */
export interface Origin {
  /** Whether the bytes lie in memory and cannot change. */
  readonly steady: boolean;
  /** @throws DatasetError when they cannot be read any more */
  read(offset: number, length: number): Buffer;
}

export function memoryOrigin(bytes: Buffer): Origin {
  return { steady: true, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/**
 * A file that is opened for each block, not kept open: it can be replaced and deleted as long as nobody asks for a text.
 *
 * @param then what the file was when it was read for the first time
 */
export function fileOrigin(path: string, then: Stats): Origin {
  const read = blockReader((block) => readBlock(path, then, block));
  return { steady: false, read };
}

function readBlock(path: string, then: Stats, block: number): Buffer {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw refusal(path, error);
  }
  try {
    const now = fstatSync(file);
    if (now.size !== then.size || now.mtimeMs !== then.mtimeMs) throw changed(path);
    const bytes = Buffer.allocUnsafe(Math.min(BLOCK, now.size - block * BLOCK));
    for (let got = 0; got < bytes.length;) {
      const more = readSync(file, bytes, got, bytes.length - got, block * BLOCK + got);
      if (more === 0) throw changed(path);
      got += more;
    }
    return bytes;
  } catch (error) {
    throw error instanceof DatasetError ? error : refusal(path, error);
  } finally {
    closeSync(file);
  }
}

function changed(path: string): DatasetError {
  return new DatasetError(
    `${path} has changed since it was read, so its texts cannot be looked up. Leave it as it is until the work is done, and start again.`,
  );
}
