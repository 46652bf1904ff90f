import { ModelError, reason } from '../model-error';

/** Where a tensor stands in a safetensors file. */
export interface Entry {
  /** As the file calls it: F32, BF16, … */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Byte offset in the file, and number of bytes. */
  readonly offset: number;
  readonly bytes: number;
}

export interface Header {
  readonly tensors: ReadonlyMap<string, Entry>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes before the header: its length, little-endian. */
export const PREFIX = 8;
/** The format's own limit, in bytes. */
const MOST_HEADER = 100_000_000;

/** Bytes of one value. */
const SIZES: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
};

/**
 * Length of the header, from the first 8 bytes of a file.
 *
 * @throws ModelError where no header of that length can be there
 */
export function headerLength(prefix: Uint8Array, fileSize: number, file: string): number {
  if (prefix.length < PREFIX) {
    throw new ModelError(
      `${file} is no safetensors file: it has only ${prefix.length} bytes. Download it again.`,
    );
  }
  const length = new DataView(prefix.buffer, prefix.byteOffset, PREFIX).getBigUint64(0, true);
  if (length > BigInt(MOST_HEADER)) {
    throw new ModelError(
      `${file} is no safetensors file: its header would be ${length.toString()} bytes long, and 100 MB are the most.`,
    );
  }
  if (PREFIX + Number(length) > fileSize) {
    throw new ModelError(
      `${file} is cut off or no safetensors file: its header would end at byte ${PREFIX + Number(length)}, the file at ${fileSize}.`,
    );
  }
  return Number(length);
}

/**
 * Reads and checks a header: types known, sizes as the shapes say, tensors side by side, none beyond the end.
 *
 * @param bytes the header alone
 * @throws ModelError saying what is wrong with which tensor
 */
export function parseHeader(bytes: Uint8Array, fileSize: number, file: string): Header {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ModelError(`The header of ${file} is no JSON: ${reason(error)}. Download the file again.`);
  }
  if (!isObject(json)) throw new ModelError(`The header of ${file} is no JSON object.`);
  const tensors = new Map<string, Entry>();
  let metadata: Record<string, string> = {};
  const start = PREFIX + bytes.length;
  for (const [name, value] of Object.entries(json)) {
    if (name === '__metadata__') metadata = texts(value, file);
    else tensors.set(name, entry(value, start, fileSize, `Tensor "${name}" of ${file}`));
  }
  checkSideBySide(tensors, start, fileSize, file);
  return { tensors, metadata };
}

function entry(value: unknown, start: number, fileSize: number, what: string): Entry {
  if (!isObject(value)) throw new ModelError(`${what} is not described by an object.`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(SIZES, dtype)) {
    throw new ModelError(`${what} has values of the unknown type ${JSON.stringify(dtype)}.`);
  }
  if (!isCounts(shape)) throw new ModelError(`${what} has no proper shape: ${JSON.stringify(shape)}.`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw new ModelError(`${what} has no proper place in the file: ${JSON.stringify(offsets)}.`);
  }
  const [from, to] = offsets;
  const expected = shape.reduce((size, n) => size * n, SIZES[dtype]);
  if (to - from !== expected) {
    throw new ModelError(
      `${what}, ${dtype} [${shape.join(', ')}], needs ${expected} bytes and has ${to - from}.`,
    );
  }
  if (start + to > fileSize) {
    throw new ModelError(
      `${what} ends at byte ${start + to}, beyond the end of the file at ${fileSize}. The file is cut off: download it again.`,
    );
  }
  return { dtype, shape, offset: start + from, bytes: to - from };
}

function checkSideBySide(tensors: Header['tensors'], start: number, fileSize: number, file: string): void {
  let end = start;
  for (const [name, { offset, bytes }] of [...tensors].sort(
    ([, a], [, b]) => a.offset - b.offset || a.bytes - b.bytes,
  )) {
    if (offset !== end) {
      const fault = offset < end ? 'overlaps the tensor before it' : 'leaves a gap before it';
      throw new ModelError(`Tensor "${name}" of ${file} ${fault}: the file is damaged.`);
    }
    end = offset + bytes;
  }
  if (end !== fileSize) {
    throw new ModelError(
      `${file} has ${fileSize - end} bytes that belong to no tensor: the file is damaged.`,
    );
  }
}

function texts(value: unknown, file: string): Record<string, string> {
  if (isObject(value)) {
    const entries = Object.entries(value);
    if (entries.every((pair): pair is [string, string] => typeof pair[1] === 'string')) {
      return Object.fromEntries(entries);
    }
  }
  throw new ModelError(`The "__metadata__" of ${file} must be an object of strings.`);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
