/** How the scanner and the program that fills its memory lay it out, in bytes. Both read this file. */

// what threads agree on, a cache line each
/** Blocks laid out so far, and one more when there will be no others: a helper waits for it to change. */
export const BELL = 64;
/** 1 when there will be no more blocks. */
export const CLOSED = 128;

/** Slots for blocks that are read ahead, and one more for what is read at the moment. */
export const AHEAD = 8;
export const OWN_SLOT = 8;
/** A header for each slot, a cache line each. */
export const HEADERS = 192;
export const HEADER_BYTES = 64;

// a header: numbers of four bytes each
export const STATE = 0;
/** Where the lines begin and end; behind the end stand at least PADDING zeros. */
export const FROM = 4;
export const TO = 8;
/** Where the scan ended: lines from there on have not been looked at. */
export const UNTIL = 12;
/** Where the records that were found end. */
export const END = 16;

// states of a slot
/** There are lines, which nobody has begun to scan. */
export const READY = 1;
export const TAKEN = 2;
export const DONE = 3;

/** The longest block that a slot has room for. */
export const BLOCK_BYTES = 1 << 18;
export const PADDING = 64;
/** Room for the records of a block: those of the shortest lines need more than the lines. */
export const FOUND_BYTES = 5 << 17;
/** Room for the ranking of the record at hand. */
export const SCRATCH_BYTES = 128;
export const SLOT_BYTES = BLOCK_BYTES + PADDING + SCRATCH_BYTES + FOUND_BYTES;
export const FIRST_SLOT = 1024;
export const MEMORY_BYTES = FIRST_SLOT + (AHEAD + 1) * SLOT_BYTES;

/** Records with more responses are left to the parser: bits of a number. */
export const MOST_RESPONSES = 30;
/** Texts that are no responses (SLOT). */
export const OTHER_TEXTS = 4;

// a record that was found, in numbers of four bytes: where its line begins and where the next does, from the beginning of
// the block; the number of its responses; its texts, each with four numbers; and its ranking, each with one
export const LINE = 0;
export const NEXT = 1;
export const SIZE = 2;
export const TEXTS = 3;

// a text: two lanes of its key, where it begins in the block, and its length: −1 where there is none
export const KEY_A = 0;
export const KEY_B = 1;
export const START = 2;
export const LENGTH = 3;
export const TEXT_WORDS = 4;
/** Bit of the length of a text that is a JSON string with escapes. */
export const ESCAPED = 0x40000000;

/** The most bytes of one record. */
export const RECORD_BYTES = 4 * (TEXTS + TEXT_WORDS * OTHER_TEXTS + (TEXT_WORDS + 1) * MOST_RESPONSES);
