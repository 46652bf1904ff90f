import { open, type FileHandle } from 'node:fs/promises';
import type { HostTensor } from '../../../compute/graph/program';
import { ModelError, reason } from '../model-error';
import { headerLength, parseHeader, PREFIX, type Header } from './header';
import { READABLE, widen } from './to-float32';

/** An open file: its tensors are read one by one. Close it. */
export interface SafetensorsFile extends Header {
  readonly path: string;
  /**
   * Reads one tensor as f32; F32, F16 and BF16 are understood. Beyond the result it needs 16 MiB at most.
   *
   * @throws ModelError where the tensor is missing, of another type, or the file ends early
   */
  read(name: string): Promise<HostTensor>;
  /** The values of an F64 tensor. @throws ModelError as `read` does */
  readDoubles(name: string): Promise<Float64Array>;
  close(): Promise<void>;
}

/** Bytes read at once. */
const CHUNK = 16 * 2 ** 20;

/** @throws ModelError where the file cannot be opened or its header is broken */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const handle = await open(path).catch((error: unknown) => {
    throw new ModelError(`${path} cannot be opened: ${reason(error)}.`);
  });
  try {
    const { size } = await handle.stat();
    const length = headerLength(await bytesAt(handle, 0, Math.min(PREFIX, size), path), size, path);
    const header = parseHeader(await bytesAt(handle, PREFIX, length, path), size, path);
    return {
      ...header,
      path,
      read: (name) => readTensor(handle, header, name, path),
      readDoubles: (name) => readDoubles(handle, header, name, path),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readTensor(
  handle: FileHandle,
  header: Header,
  name: string,
  path: string,
): Promise<HostTensor> {
  const entry = header.tensors.get(name);
  if (!entry) throw new ModelError(`${path} has no tensor "${name}".`);
  const { dtype, shape, offset, bytes } = entry;
  if (!Object.hasOwn(READABLE, dtype)) {
    throw new ModelError(
      `Tensor "${name}" of ${path} has values of type ${dtype}; only ${Object.keys(READABLE).join(', ')} can be read. ` +
        `Use the checkpoint that is not quantized.`,
    );
  }
  const data = allocate(bytes / READABLE[dtype], name, path);
  if (dtype === 'F32') {
    await fill(handle, offset, new Uint8Array(data.buffer), path);
    return { shape, dtype: 'float32', data };
  }
  const chunk = new Uint8Array(Math.min(CHUNK, bytes));
  for (let done = 0; done < bytes; done += chunk.length) {
    const part = chunk.subarray(0, Math.min(chunk.length, bytes - done));
    await fill(handle, offset + done, part, path);
    widen(part, dtype, data.subarray(done / 2, (done + part.length) / 2));
  }
  return { shape, dtype: 'float32', data };
}

async function readDoubles(
  handle: FileHandle,
  header: Header,
  name: string,
  path: string,
): Promise<Float64Array> {
  const entry = header.tensors.get(name);
  if (entry?.dtype !== 'F64') throw new ModelError(`${path} has no tensor "${name}" of type F64.`);
  const data = new Float64Array(entry.bytes / 8);
  await fill(handle, entry.offset, new Uint8Array(data.buffer), path);
  return data;
}

function allocate(values: number, name: string, path: string): Float32Array {
  try {
    return new Float32Array(values);
  } catch {
    throw new ModelError(
      `Tensor "${name}" of ${path} needs ${Math.round((4 * values) / 2 ** 20)} MiB of memory, more than there is. Use a smaller model.`,
    );
  }
}

async function bytesAt(
  handle: FileHandle,
  offset: number,
  length: number,
  path: string,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await fill(handle, offset, bytes, path);
  return bytes;
}

/** Fills `to` from the file at `offset`. */
async function fill(handle: FileHandle, offset: number, to: Uint8Array, path: string): Promise<void> {
  for (let done = 0; done < to.length;) {
    const { bytesRead } = await handle.read(to, done, Math.min(CHUNK, to.length - done), offset + done);
    if (bytesRead === 0) throw new ModelError(`${path} became shorter while it was read. Try again.`);
    done += bytesRead;
  }
}
