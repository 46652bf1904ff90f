import type { Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import { refusal } from './dataset-error';
import { decompressorOf } from './decompress';
import type { Fault } from './finding-log';
import { fileOrigin, memoryOrigin, type Origin } from './origin';
import { fileBytes, isParquet, parquetSource, spilled } from './parquet';
import type { ReadOptions } from './read';

const CHUNK = 1 << 18;

/** The decompressed bytes of a dataset in chunks, read when asked for. */
export interface Source {
  /** What the person calls it: a file name. */
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer>;
  /** Where the same bytes can be read again; absent where they are compressed. */
  readonly origin?: Origin;
  /** Why the bytes ended too early, once they did: damaged compression. */
  damage?: Fault;
  /** What must be known of how it is read, in a sentence. */
  readonly note?: string;
  /** Number of its first line: those of several files are counted on. 1 where absent. */
  firstLine?: number;
  /** Number of the line after its last, once it was read. */
  nextLine?: number;
}

/** The same source with other chunks: those it had, its first bytes put back. */
export function withChunks(source: Source, chunks: AsyncIterable<Buffer>): Source {
  return {
    name: source.name,
    firstLine: source.firstLine,
    chunks,
    get damage() {
      return source.damage;
    },
    set nextLine(line: number) {
      source.nextLine = line;
    },
  };
}

export type Listening = Pick<ReadOptions, 'signal' | 'onProgress'>;

/**
 * A file as text: decompressed when its first bytes say gzip or zstd, and as lines of JSON when it is Parquet. Iterating
 * closes it at the end, on error and on early return.
 *
 * @throws DatasetError when the system does not let it be read
 * @throws the signal's reason, from `chunks`, once it is aborted
 */
export async function fileSource(path: string, listening: Listening): Promise<Source> {
  let handle: FileHandle;
  let entry: Stats;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw refusal(path, error);
  }
  let head: Head;
  try {
    entry = await handle.stat();
    head = await peek(fileChunks(handle, path, entry.size, listening), MAGIC);
  } catch (error) {
    await handle.close();
    throw error;
  }
  if (isParquet(head.bytes)) {
    await head.close();
    return parquetSource(path, fileBytes(path, entry), listening);
  }
  const source: Source = { name: path, chunks: head.all, origin: fileOrigin(path, entry) };
  const decompress = decompressorOf(head.bytes);
  if (!decompress) return source;
  const unpacked: Source = {
    name: path,
    chunks: decompress(head.all, (damage) => (unpacked.damage = damage)),
  };
  const inner = await peek(unpacked.chunks, MAGIC);
  if (!isParquet(inner.bytes)) return withOwnDamage(unpacked, inner.all);
  // Parquet is read from its end
  const bytes = await spilled(inner.all, listening.signal);
  return parquetSource(path, bytes, listening, unpacked.damage);
}

/** Bytes at the beginning of a file that tell what it is. */
const MAGIC = 4;

/** The same source after its first bytes were looked at. */
function withOwnDamage(source: Source, chunks: AsyncIterable<Buffer>): Source {
  return {
    name: source.name,
    chunks,
    get damage() {
      return source.damage;
    },
  };
}

/** A text in memory, such as an editor's unsaved buffer. */
export function textSource(text: string, name: string, listening: Listening): Source {
  const bytes = Buffer.from(text);
  return { name, chunks: textChunks(bytes, listening), origin: memoryOrigin(bytes) };
}

/** The first bytes of a stream, and the whole stream as if nothing had been read yet. */
export interface Head {
  readonly bytes: Buffer;
  readonly all: AsyncIterable<Buffer>;
  /** Whether the stream has no more bytes than these. */
  readonly complete: boolean;
  /** Ends the stream when `all` is not going to be read. */
  close(): Promise<void>;
}

/** Reads at least `wanted` bytes ahead, or all there are. */
export async function peek(chunks: AsyncIterable<Buffer>, wanted: number): Promise<Head> {
  const iterator = chunks[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  let length = 0;
  let complete = false;
  while (length < wanted && !complete) {
    const next = await iterator.next();
    if (next.done) complete = true;
    else {
      read.push(next.value);
      length += next.value.length;
    }
  }
  const close = async () => {
    await iterator.return?.();
  };
  async function* all(): AsyncGenerator<Buffer> {
    try {
      yield* read;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await close();
    }
  }
  return { bytes: read.length === 1 ? read[0] : Buffer.concat(read), all: all(), complete, close };
}

async function* fileChunks(
  handle: FileHandle,
  path: string,
  total: number,
  listening: Listening,
): AsyncGenerator<Buffer> {
  const readOn = async () => {
    const buffer = Buffer.allocUnsafeSlow(CHUNK);
    const { bytesRead } = await handle.read(buffer, 0, CHUNK, null);
    return buffer.subarray(0, bytesRead);
  };
  let ahead = settled(readOn()); // the system reads the next chunk while this one is used
  try {
    for (let position = 0; ;) {
      listening.signal?.throwIfAborted();
      const { value: chunk, error } = await ahead;
      if (!chunk) throw refusal(path, error);
      if (chunk.length === 0) return;
      ahead = settled(readOn());
      position += chunk.length;
      listening.onProgress?.(position, total);
      yield chunk;
    }
  } finally {
    await ahead;
    await handle.close();
  }
}

/** A promise that is never rejected, so that it may wait until somebody asks for it. */
function settled<T>(promise: Promise<T>): Promise<{ value?: T; error?: unknown }> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

async function* textChunks(bytes: Buffer, listening: Listening): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += CHUNK) {
    await breathe(); // lets an abort or a keystroke through
    listening.signal?.throwIfAborted();
    const to = Math.min(from + CHUNK, bytes.length);
    listening.onProgress?.(to, bytes.length);
    yield bytes.subarray(from, to);
  }
}
