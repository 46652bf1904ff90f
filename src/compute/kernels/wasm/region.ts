import { HEADER_BYTES } from '../assembly/layout';
import { kernelMachine, type Machine } from './machine';

/** Memory of one kernel: a header and lists that the header points at. */
export interface Region {
  readonly header: number;
  /** A field of the header. */
  get(field: number): number;
  set(field: number, value: number): void;
  /** Makes a list of numbers that a field points at. @throws OutOfMemory */
  floats(field: number, length: number): Float64Array;
  words(field: number, values: ArrayLike<number>): Uint32Array;
  addressOf(list: ArrayBufferView): number;
  perform(kind: number, parts: number, shared: boolean): void;
}

/** WebAssembly has no memory here, or the 4 GiB that it can have are not enough. */
export class OutOfMemory extends Error {}

type Taken = { address: number; bytes: number }[];
const dropped = new FinalizationRegistry<Taken>((taken) => {
  for (const { address, bytes } of taken) kernelMachine()?.free(address, bytes);
});

/** Memory that is given back when nobody has the region any more. */
export function makeRegion(): Region {
  const machine: Machine | undefined = kernelMachine();
  if (!machine) throw new OutOfMemory('The kernels cannot run here.');
  const taken: Taken = [];
  const take = (bytes: number): number => {
    const address = machine.allocate(bytes);
    if (address === undefined) {
      for (const piece of taken) machine.free(piece.address, piece.bytes);
      taken.length = 0;
      throw new OutOfMemory('The kernels have no memory left.');
    }
    taken.push({ address, bytes });
    return address;
  };
  const header = take(HEADER_BYTES);
  const fields = new Uint32Array(machine.memory.buffer, header, HEADER_BYTES / 4);
  fields.fill(0);
  const pointAt = (field: number, bytes: number): number => {
    const address = take(bytes);
    fields[field / 4] = address;
    return address;
  };
  const region: Region = {
    header,
    get: (field) => fields[field / 4],
    set: (field, value) => {
      fields[field / 4] = value;
    },
    floats: (field, length) => {
      const address = pointAt(field, 8 * length); // before the buffer is asked for, as it may make the memory grow
      return new Float64Array(machine.memory.buffer, address, length).fill(0);
    },
    words: (field, values) => {
      const address = pointAt(field, 4 * values.length);
      const list = new Uint32Array(machine.memory.buffer, address, values.length);
      list.set(values);
      return list;
    },
    addressOf: (list) => list.byteOffset,
    perform: (kind, parts, shared) => {
      machine.perform(header, kind, parts, shared);
    },
  };
  dropped.register(region, taken);
  return region;
}
