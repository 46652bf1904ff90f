import { canonicalScanner, type CanonicalScanner } from '../canonical-scan';
import { SLOT } from '../slots';
import type { ScannedRecord } from '../table-builder';
import { textSlots } from '../text-hash';
import * as at from './assembly/layout';
import { lay, slotStart } from './lay';
import { borrowMachine, returnMachine } from './machine';
import { readAhead } from './read-ahead';

/** Reads plain canonical records, many lines at a time, and with a helper where there is much to read. */
export interface BlockScanner extends CanonicalScanner {
  /** The same chunks, a few of them read ahead once a helper pays. Closes the source at the end. */
  chunks(from: AsyncIterable<Buffer>): AsyncIterable<Buffer>;
}

/** Bytes read alone before a helper is started, which takes some milliseconds. */
const ALONE = 1 << 25;

/**
 * The scanner in WebAssembly, or its twin in TypeScript where there is none.
 *
 * @param alone bytes after which a helper is started; Infinity for none
 */
export function blockScanner(alone = ALONE): BlockScanner {
  const machine = borrowMachine();
  if (!machine) return { ...canonicalScanner(), chunks: (from) => from };
  const { words } = machine;
  const texts = textSlots(SLOT.responses + at.MOST_RESPONSES);
  const order = new Array<number>(at.MOST_RESPONSES).fill(0);
  const level = new Array<number>(at.MOST_RESPONSES).fill(0);
  const record: ScannedRecord = { texts, size: 0, order, level };
  const ahead = readAhead(machine, alone);
  let bytes: Buffer = Buffer.alloc(0);
  let begins = 0; // where the bytes begin, counted from the slot that is read from
  let next = 0; // index in `words` of the next record that was found
  let end = 0;
  let until = 0; // lines from there on were not looked at, counted from the slot

  const turnTo = (slot: number, shift: number): void => {
    const header = (at.HEADERS + slot * at.HEADER_BYTES) / 4;
    begins = shift;
    next = (slotStart(slot) + at.SLOT_BYTES - at.FOUND_BYTES) / 4;
    end = words[header + at.END / 4] / 4;
    until = words[header + at.UNTIL / 4] - slotStart(slot);
  };
  /** Scans whole lines from `from` on, as many as there is room for. */
  const scanFrom = (from: number): void => {
    const most = from + at.BLOCK_BYTES;
    const to = most < bytes.length ? bytes.lastIndexOf(10, most - 1) + 1 : bytes.length;
    lay(machine, at.OWN_SLOT, to > from ? bytes.subarray(from, to) : bytes.subarray(0, 0), 0);
    machine.scan(at.OWN_SLOT);
    turnTo(at.OWN_SLOT, -from);
  };
  const take = (): number => {
    const size = words[next + at.SIZE];
    let word = next + at.TEXTS;
    for (let slot = 0; slot < at.OTHER_TEXTS + size; slot++, word += at.TEXT_WORDS) {
      const length = words[word + at.LENGTH];
      if (length < 0) {
        texts.length[slot] = -1;
        continue;
      }
      texts.key[2 * slot] = words[word + at.KEY_A];
      texts.key[2 * slot + 1] = words[word + at.KEY_B];
      texts.from[slot] = words[word + at.START] - begins;
      texts.length[slot] = length & ~at.ESCAPED;
      texts.escaped[slot] = length >= at.ESCAPED ? 1 : 0;
    }
    for (let j = 0; j < size; j++, word++) {
      order[j] = words[word] & 0xffff;
      level[j] = words[word] >>> 16;
    }
    record.size = size;
    const behind = words[next + at.NEXT] - begins;
    next = word;
    return behind;
  };

  return {
    record,
    open: (given) => {
      bytes = Buffer.from(given.buffer, given.byteOffset, given.length);
      const laid = ahead.laid(bytes);
      if (laid) turnTo(laid.slot, laid.begins);
      else scanFrom(0);
    },
    scan: (from) => {
      if (from + begins >= until) scanFrom(from);
      const place = from + begins;
      while (next < end && words[next + at.LINE] < place) next += wordsOf(words[next + at.SIZE]);
      if (next >= end || words[next + at.LINE] !== place) return -1;
      ahead.pays();
      return take();
    },
    chunks: async function* (from) {
      try {
        yield* ahead.chunks(from);
      } finally {
        if (!ahead.close()) returnMachine(machine);
      }
    },
  };
}

const wordsOf = (size: number) => at.TEXTS + at.TEXT_WORDS * (at.OTHER_TEXTS + size) + size;
