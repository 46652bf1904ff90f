/** Bytes are read back this many at a time. */
export const BLOCK = 1 << 16;

/** Blocks kept once they were read: texts asked for one after the other mostly stand side by side. */
const KEPT = 32;

/**
 * Reads any bytes of something that is read block by block, the last blocks from memory.
 *
 * @param readBlock the bytes from `block · BLOCK` on, at most BLOCK of them, fewer only at the end
 */
export function blockReader(
  readBlock: (block: number) => Buffer,
): (offset: number, length: number) => Buffer {
  const kept = new Map<number, Buffer>(); // the one used last stands last

  const blockAt = (block: number) => {
    const bytes = kept.get(block) ?? readBlock(block);
    kept.delete(block);
    kept.set(block, bytes);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
    return bytes;
  };

  return (offset, length) => {
    const first = Math.floor(offset / BLOCK);
    const last = Math.floor((offset + length - 1) / BLOCK);
    const from = offset - first * BLOCK;
    if (last <= first) return blockAt(first).subarray(from, from + length);
    const parts: Buffer[] = [];
    for (let block = first; block <= last; block++) parts.push(blockAt(block));
    return Buffer.concat(parts).subarray(from, from + length);
  };
}
