import {
  BELL,
  FIRST_SLOT,
  FROM,
  HEADERS,
  HEADER_BYTES,
  PADDING,
  SLOT_BYTES,
  STATE,
  TO,
} from './assembly/layout';
import type { ScanMachine } from './machine';

/** Address of the first byte of a slot. */
export const slotStart = (slot: number): number => FIRST_SLOT + slot * SLOT_BYTES;

/** Index of a slot's state in numbers of four bytes. */
export const stateOf = (slot: number): number => (HEADERS + slot * HEADER_BYTES + STATE) / 4;

/**
 * Puts lines into a slot that nobody uses.
 *
 * @param from where among the bytes the first line begins
 */
export function lay({ bytes, words }: ScanMachine, slot: number, lines: Uint8Array, from: number): void {
  const start = slotStart(slot);
  bytes.set(lines, start);
  bytes.fill(0, start + lines.length, start + lines.length + PADDING);
  const header = (HEADERS + slot * HEADER_BYTES) / 4;
  words[header + FROM / 4] = start + from;
  words[header + TO / 4] = start + lines.length;
}

/** Lets helpers look for work. */
export function ring({ words }: ScanMachine): void {
  Atomics.add(words, BELL / 4, 1);
  Atomics.notify(words, BELL / 4);
}
