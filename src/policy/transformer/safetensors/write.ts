import type { HostTensor } from '../../../compute/graph/program';
import { writeWhole } from '../../../disk';

/** Tensors begin at a multiple of this many bytes. */
const ALIGNMENT = 8;

/** Values in double precision, which only this program's own files hold. */
export interface DoubleTensor {
  readonly shape: readonly number[];
  readonly dtype: 'float64';
  readonly data: Float64Array;
}

type WrittenTensor = HostTensor | DoubleTensor;
type WrittenTensors = Readonly<Record<string, WrittenTensor>>;

const DTYPES = { float32: 'F32', int32: 'I32', float64: 'F64' } as const;

/**
 * Writes tensors in order of their names, so that the same tensors give the same bytes. The file appears whole or not at
 * all: it is written beside its place and moved there.
 *
 * @param metadata kept in the header; torch's readers expect `format: "pt"`
 */
export async function writeSafetensors(
  path: string,
  tensors: WrittenTensors,
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Promise<void> {
  await writeWhole(path, blocks(tensors, metadata));
}

function* blocks(tensors: WrittenTensors, metadata: Readonly<Record<string, string>>): Generator<Uint8Array> {
  const names = Object.keys(tensors).sort();
  yield header(names, tensors, metadata);
  for (const name of names) yield bytesOf(tensors[name]);
}

function header(
  names: readonly string[],
  tensors: WrittenTensors,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let end = 0;
  const entries = names.map((name) => {
    const { shape, dtype, data } = tensors[name];
    const from = end;
    end += data.byteLength;
    return [name, { dtype: DTYPES[dtype], shape, data_offsets: [from, end] }] as const;
  });
  const text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const json = new TextEncoder().encode(text);
  const length = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}

function bytesOf({ data }: WrittenTensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
