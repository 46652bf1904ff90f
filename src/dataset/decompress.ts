import { pipeline, Readable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import type { Fault } from './finding-log';

const CHUNK = 1 << 18;

/** Bytes given to the zstd decoder at a time: it cannot be stopped before they are used up. */
const ZSTD_SLICE = 1 << 15;

/** More than this from one such slice is a trap and no dataset: text shrinks by a factor of ten, not of thousands. */
const MOST_FROM_SLICE = 1 << 28;

/** Decompresses a stream; it ends where the data is damaged, so that what came before is kept, and says why. */
export type Decompressor = (
  chunks: AsyncIterable<Buffer>,
  damaged: (why: Fault) => void,
) => AsyncIterable<Buffer>;

/** What decompresses a file, by its first four bytes; undefined where they are those of no compressed file. */
export function decompressorOf(head: Uint8Array): Decompressor | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return gunzipped;
  const [a, b, c, d] = head;
  if (b === 0xb5 && c === 0x2f && d === 0xfd && a === 0x28) return unzstd;
  // a frame that is skipped may come first
  return (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18 ? unzstd : undefined;
}

async function* gunzipped(
  chunks: AsyncIterable<Buffer>,
  damaged: (why: Fault) => void,
): AsyncGenerator<Buffer> {
  // the error, if there is one, also comes out of the loop below
  const gunzip = pipeline(Readable.from(chunks), createGunzip({ chunkSize: CHUNK }), () => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error;
    damaged(damage('form/broken-gzip', error.message));
  }
}

async function* unzstd(chunks: AsyncIterable<Buffer>, damaged: (why: Fault) => void): AsyncGenerator<Buffer> {
  let out: Buffer[] = [];
  let size = 0;
  const decoder = new Decompress((bytes) => {
    size += bytes.length;
    if (size > MOST_FROM_SLICE) throw new Error('it grows without bounds');
    if (bytes.length > 0) out.push(Buffer.from(bytes)); // the decoder uses its memory again
  });
  /** @returns why the data cannot be decompressed, if it cannot */
  const push = (slice: Uint8Array, last: boolean): string | undefined => {
    out = [];
    size = 0;
    try {
      decoder.push(slice, last);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += ZSTD_SLICE) {
      const fault = push(Uint8Array.from(chunk.subarray(from, from + ZSTD_SLICE)), false);
      yield* out;
      if (fault !== undefined) {
        damaged(damage('form/broken-zstd', fault));
        return;
      }
      await breathe(); // lets an abort through
    }
  }
  const fault = push(new Uint8Array(0), true);
  yield* out;
  if (fault !== undefined) damaged(damage('form/broken-zstd', fault));
}

function damage(code: string, why: string): Fault {
  return {
    code,
    message: `The compressed data is damaged (${why}); the rest of the file could not be read.`,
    fix: 'Fetch or compress the file again.',
  };
}
