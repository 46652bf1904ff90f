import {
  AHEAD,
  BELL,
  CLOSED,
  DONE,
  END,
  FIRST_SLOT,
  FOUND_BYTES,
  FROM,
  HEADERS,
  HEADER_BYTES,
  READY,
  RECORD_BYTES,
  SCRATCH_BYTES,
  SLOT_BYTES,
  STATE,
  TAKEN,
  TO,
  UNTIL,
} from './layout';
import { behindRecord, openBlock, scanLine } from './scan-line';

/** Lines left unread at most, where one after the other is none to be read here. */
const LONGEST_PAUSE: u32 = 255;

/** Finds the plain records of a slot’s lines, until there is no room for more. */
export function scan(slot: u32): void {
  const header = HEADERS + slot * HEADER_BYTES;
  const found = FIRST_SLOT + (slot + 1) * SLOT_BYTES - FOUND_BYTES;
  const last = found + FOUND_BYTES - RECORD_BYTES;
  const to = <usize>load<u32>(header + TO);
  let at = <usize>load<u32>(header + FROM);
  let record = <usize>found;
  let pause: u32 = 0; // twice as long after each line that cannot be read, so that it costs little where none can
  openBlock(FIRST_SLOT + slot * SLOT_BYTES, to, found - SCRATCH_BYTES);
  while (at < to && record <= <usize>last) {
    const next = scanLine(at, record);
    if (next != 0) {
      at = next;
      record = behindRecord();
      pause = 0;
      continue;
    }
    for (let left = pause; ; left--) {
      at = nextLine(at, to);
      if (left == 0 || at >= to) break;
    }
    pause = min(2 * pause + 1, LONGEST_PAUSE);
  }
  store<u32>(header + UNTIL, <u32>at);
  store<u32>(header + END, <u32>record);
}

function nextLine(from: usize, to: usize): usize {
  let at = from;
  for (; at < to; at += 16) {
    const ends = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(0x0a)));
    if (ends != 0) return min(at + ctz(ends) + 1, to);
  }
  return to;
}

/** Whether a slot’s lines are the caller’s to scan: nobody has begun with them. */
export function take(slot: u32): bool {
  return atomic.cmpxchg<u32>(HEADERS + slot * HEADER_BYTES + STATE, READY, TAKEN) == READY;
}

/** A helper’s whole life: it scans what nobody else has begun with, the oldest first. */
export function serve(): void {
  let slot: u32 = 0;
  while (!atomic.load<u32>(CLOSED)) {
    const heard = atomic.load<u32>(BELL);
    let idle: u32 = 0;
    while (idle < <u32>AHEAD) {
      if (take(slot)) {
        scan(slot);
        atomic.store<u32>(HEADERS + slot * HEADER_BYTES + STATE, DONE);
        idle = 0;
      } else idle++;
      slot = (slot + 1) % AHEAD;
    }
    atomic.wait<u32>(BELL, heard, -1);
  }
}
