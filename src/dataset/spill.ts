import { readSync, writeSync } from 'node:fs';
import { BLOCK, blockReader } from './blocks';
import { temporaryFile, type TemporaryFile } from './temporary-file';

/** Bytes kept in memory; more go to a temporary file. */
export const KEPT_IN_MEMORY = 64 * 2 ** 20;

/** Bytes put one after the other, to be read again at any place. */
export interface Spill {
  readonly size: number;
  /** @returns where they begin */
  append(bytes: Uint8Array, from: number, to: number): number;
  read(offset: number, length: number): Buffer;
}

/** @param memory bytes kept in memory */
export function spill(memory = KEPT_IN_MEMORY): Spill {
  const blocks: (Buffer | undefined)[] = []; // undefined where the block is in the file
  let size = 0;
  let file: TemporaryFile | undefined;

  const putAway = (block: number) => {
    if ((block + 1) * BLOCK <= memory) return;
    try {
      file ??= temporaryFile();
      const bytes = blocks[block]!;
      for (let put = 0; put < BLOCK;)
        put += writeSync(file.descriptor, bytes, put, BLOCK - put, block * BLOCK + put);
      blocks[block] = undefined;
    } catch {
      // a full disk costs memory, not data
    }
  };
  const read = blockReader((block) => {
    const inMemory = blocks[block];
    if (inMemory) return inMemory;
    const bytes = Buffer.allocUnsafe(BLOCK);
    for (let got = 0; got < BLOCK;) {
      const more = readSync(file!.descriptor, bytes, got, BLOCK - got, block * BLOCK + got);
      if (more === 0) throw new Error('A temporary file has lost its end. Check the disk, and start again.');
      got += more;
    }
    return bytes;
  });
  return {
    get size() {
      return size;
    },
    append: (bytes, from, to) => {
      const start = size;
      for (let at = from; at < to;) {
        const inside = size % BLOCK;
        const block = Math.floor(size / BLOCK);
        blocks[block] ??= Buffer.allocUnsafeSlow(BLOCK);
        const count = Math.min(to - at, BLOCK - inside);
        blocks[block].set(bytes.subarray(at, at + count), inside);
        at += count;
        size += count;
        if (inside + count === BLOCK) putAway(block);
      }
      return start;
    },
    read,
  };
}
