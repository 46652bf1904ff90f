import { availableParallelism } from 'node:os';
import { AHEAD, BLOCK_BYTES, CLOSED, DONE, READY, TAKEN } from './assembly/layout';
import { startHelper } from './helper';
import { lay, ring, stateOf } from './lay';
import type { ScanMachine } from './machine';

/** Chunks of a file that a helper scans while those before them are used. */
export interface Ahead {
  chunks(from: AsyncIterable<Buffer>): AsyncGenerator<Buffer>;
  /** Where a block lies whose lines were scanned, and where it begins in its slot; undefined where they were not. */
  laid(block: Buffer): { slot: number; begins: number } | undefined;
  /** Says that a record was found in the last block. */
  pays(): void;
  /** Lets the helper go. @returns whether there was one, that may still be at work on the memory */
  close(): boolean;
}

/** A chunk that was read ahead. @property slot where its lines lie; −1 where they do not */
interface Chunk {
  readonly bytes: Buffer;
  readonly slot: number;
}

/**
 * Nobody waits for the helper: what it has not scanned in time is scanned here, so that one that cannot start, or ends
 * in the middle of its work, costs nothing but its help.
 *
 * @param alone bytes after which the helper is started
 */
export function readAhead(machine: ScanMachine, alone: number): Ahead {
  const { words } = machine;
  const waiting: Chunk[] = []; // the first is the one that is being used
  let helped = false;
  let found = false;
  let read = 0;
  let turn = 0; // slots are used in turn
  let lineBegins = true; // whether a line begins with the next chunk

  const keep = (bytes: Buffer): Chunk => {
    const from = lineBegins ? 0 : bytes.indexOf(10) + 1;
    const to = bytes.lastIndexOf(10) + 1;
    lineBegins = bytes.length === 0 ? lineBegins : to === bytes.length;
    if (!helped || bytes.length > BLOCK_BYTES || to <= from) return { bytes, slot: -1 };
    const slot = turn++ % AHEAD;
    // the helper may be at work still on lines that were scanned here meanwhile
    const busy = waiting.some((chunk) => chunk.slot === slot) || Atomics.load(words, stateOf(slot)) === TAKEN;
    if (busy) return { bytes, slot: -1 };
    lay(machine, slot, bytes.subarray(0, to), from);
    Atomics.store(words, stateOf(slot), READY);
    ring(machine);
    return { bytes, slot };
  };
  /** Lets go of the first chunk: nobody begins to scan it any more. */
  const drop = (): void => {
    const [{ slot }] = waiting.splice(0, 1);
    if (slot >= 0 && machine.take(slot) !== 0) Atomics.store(words, stateOf(slot), DONE);
  };
  /** Scans what nobody has begun with. @returns whether there was anything */
  const scanOne = (): boolean => {
    const chunk = waiting.find(({ slot }) => slot >= 0 && machine.take(slot) !== 0);
    if (!chunk) return false;
    machine.scan(chunk.slot);
    Atomics.store(words, stateOf(chunk.slot), DONE);
    return true;
  };

  return {
    chunks: async function* (from) {
      const iterator = from[Symbol.asyncIterator]();
      let complete = false;
      try {
        for (;;) {
          if (!helped && found && read >= alone && availableParallelism() > 1) helped = startHelper(machine);
          while (!complete && waiting.length < (helped ? AHEAD : 1)) {
            const next = await iterator.next();
            if (next.done) complete = true;
            else {
              read += next.value.length;
              waiting.push(keep(next.value));
            }
          }
          if (waiting.length === 0) return;
          found = false;
          yield waiting[0].bytes;
          drop();
        }
      } finally {
        await iterator.return?.();
      }
    },
    laid: (block) => {
      const chunk = waiting.find(
        ({ bytes, slot }) =>
          slot >= 0 &&
          bytes.buffer === block.buffer &&
          block.byteOffset >= bytes.byteOffset &&
          block.byteOffset + block.length <= bytes.byteOffset + bytes.length,
      );
      if (!chunk) return undefined;
      while (Atomics.load(words, stateOf(chunk.slot)) !== DONE) if (!scanOne()) return undefined;
      return { slot: chunk.slot, begins: block.byteOffset - chunk.bytes.byteOffset };
    },
    pays: () => {
      found = true;
    },
    close: () => {
      if (!helped) return false;
      Atomics.store(words, CLOSED / 4, 1);
      ring(machine);
      return true;
    },
  };
}
