import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type FileMetaData,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { DatasetError, refusal } from './dataset-error';
import type { Fault } from './finding-log';
import type { Listening, Source } from './source';
import { spill } from './spill';

/** A group of rows is held in memory as a whole. */
const LARGEST_GROUP = 2 ** 30;

/** JSON handed on at a time, in characters. */
const CHUNK = 1 << 18;

export const isParquet = (head: Uint8Array) =>
  head[0] === 0x50 && head[1] === 0x41 && head[2] === 0x52 && head[3] === 0x31;

/**
 * The rows of a Parquet file as lines of JSON, one group of rows after the other: what the forms read from JSON they read
 * from Parquet. Nested columns are arrays and objects, whole numbers beyond 2^53 strings.
 *
 * @param damage of what the bytes were unpacked from
 */
export function parquetSource(name: string, file: AsyncBuffer, listening: Listening, damage?: Fault): Source {
  const source: Source = {
    name,
    damage,
    note: 'The rows of the Parquet file are its lines: line 1 is the first row.',
    chunks: rowLines(file, listening, (why) => (source.damage ??= why)),
  };
  return source;
}

async function* rowLines(
  file: AsyncBuffer,
  { signal, onProgress }: Listening,
  damaged: (why: Fault) => void,
): AsyncGenerator<Buffer> {
  const metadata = await caught(() => checkedMetadata(file), damaged);
  if (!metadata) return;
  let rowStart = 0;
  let bytes = 0;
  for (const [index, group] of metadata.row_groups.entries()) {
    signal?.throwIfAborted();
    const rowEnd = rowStart + Number(group.num_rows);
    if (Number(group.total_byte_size) > LARGEST_GROUP) {
      damaged(tooLarge(index, Number(group.total_byte_size)));
      return;
    }
    const rows = await caught(() => groupRows(file, metadata, rowStart, rowEnd), damaged);
    if (!rows) return;
    yield* linesOf(rows, signal);
    rowStart = rowEnd;
    bytes += Number(group.total_compressed_size ?? group.total_byte_size);
    onProgress?.(Math.min(bytes, file.byteLength - 1), file.byteLength);
  }
  onProgress?.(file.byteLength, file.byteLength);
}

/**
 * What the file says of itself. Every group of rows must have exactly the columns of the schema: the reader starts on all
 * columns at once, and would leave one that does not fit to fail with nobody listening.
 */
async function checkedMetadata(file: AsyncBuffer): Promise<FileMetaData> {
  const metadata = await parquetMetadataAsync(file);
  const leaves = new Set<string>();
  const waiting = [parquetSchema(metadata)];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.children.length === 0) leaves.add(node.path.join('\0'));
    else waiting.push(...node.children);
  }
  for (const { columns } of metadata.row_groups) {
    const names = new Set(columns.map(({ meta_data: column }) => column?.path_in_schema.join('\0') ?? ''));
    const fit = names.size === columns.length && [...names].every((name) => leaves.has(name));
    if (!fit) throw new Error('its columns are not those of its schema');
  }
  return metadata;
}

function groupRows(file: AsyncBuffer, metadata: FileMetaData, rowStart: number, rowEnd: number) {
  return parquetReadObjects({ file, metadata, rowStart, rowEnd, compressors });
}

async function* linesOf(
  rows: readonly Readonly<Record<string, unknown>>[],
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  let text = '';
  for (const row of rows) {
    text += `${JSON.stringify(row, plain)}\n`;
    if (text.length < CHUNK) continue;
    yield Buffer.from(text);
    text = '';
    await breathe();
    signal?.throwIfAborted();
  }
  if (text !== '') yield Buffer.from(text);
}

/** A value as JSON has it. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (ArrayBuffer.isView(value)) {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
    return Array.from(value as Float32Array);
  }
  return value;
}

/** What a damaged file makes the reader throw is damage; what the system refuses goes on to the caller. */
async function caught<T>(work: () => Promise<T>, damaged: (why: Fault) => void): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    damaged({
      code: 'form/broken-parquet',
      message: `The Parquet file cannot be read from here on: ${why.replace(/\.$/, '')}.`,
      fix: 'Fetch or write the file again.',
    });
    return undefined;
  }
}

function tooLarge(index: number, size: number): Fault {
  const message = `Row group ${index + 1} of the Parquet file holds ${Math.ceil(size / 2 ** 20)} MiB; at most ${LARGEST_GROUP / 2 ** 20} MiB are read at once. It and what follows were not read.`;
  return {
    code: 'form/too-large',
    message,
    fix: 'Write the file with smaller row groups, such as 10,000 rows.',
  };
}

/** Any bytes of a file, read when they are asked for. */
export function fileBytes(path: string, { size }: Stats): AsyncBuffer {
  const read = async (from: number, length: number) => {
    if (!(from >= 0 && length >= 0)) throw new Error(OUTSIDE);
    const bytes = new Uint8Array(length);
    const handle = await open(path, 'r').catch((error: unknown) => {
      throw refusal(path, error);
    });
    try {
      for (let got = 0; got < length;) {
        const { bytesRead } = await handle.read(bytes, got, length - got, from + got);
        if (bytesRead === 0) throw new DatasetError(`${path} has become shorter while it was read.`);
        got += bytesRead;
      }
    } finally {
      await handle.close();
    }
    return bytes.buffer;
  };
  return {
    byteLength: size,
    slice: (from, to = size) => {
      const reading = read(from, Math.min(to, size) - from);
      // the reader asks ahead, and may give up before it looks at what it asked for
      reading.catch(() => undefined);
      return reading;
    },
  };
}

const OUTSIDE = 'it points outside of itself';

/** Any bytes of a stream, which is read to its end: beyond 64 MiB it goes to a temporary file. */
export async function spilled(chunks: AsyncIterable<Buffer>, signal?: AbortSignal): Promise<AsyncBuffer> {
  const bytes = spill();
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    bytes.append(chunk, 0, chunk.length);
  }
  return {
    byteLength: bytes.size,
    slice: (from, to = bytes.size) => {
      const length = Math.min(to, bytes.size) - from;
      if (!(from >= 0 && length >= 0)) throw new Error(OUTSIDE);
      return Uint8Array.from(length === 0 ? [] : bytes.read(from, length)).buffer;
    },
  };
}
