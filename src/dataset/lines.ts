import { isAscii, isUtf8 } from 'node:buffer';
import type { Position } from '../protocol/finding';
import type { Fault, FindingLog } from './finding-log';
import type { Source } from './source';

/** Longer lines are reported and skipped, never held in memory. */
export const LONGEST_LINE = 64 * 2 ** 20;

/** One line of the file, without its line break, or one element of a JSON array, which may span several. */
export interface Line {
  readonly text: string;
  /** 1-based; of an element the line on which it begins. */
  readonly number: number;
  /** Bytes before the first byte of the text in the decompressed file. */
  readonly offset: number;
  /** Where the text begins in its line, 1-based, in UTF-16 units; 1 where absent. */
  readonly column?: number;
}

/** The place of `text[from] … text[to − 1]` of a line. */
export function within(line: Line, from: number, to: number): Position {
  const [start, end] = [pointAt(line, from), pointAt(line, to)];
  return { ...start, endLine: end.line, endColumn: end.column };
}

function pointAt({ text, number, column = 1 }: Line, at: number): { line: number; column: number } {
  const lastBreak = at > 0 ? text.lastIndexOf('\n', at - 1) : -1;
  if (lastBreak < 0) return { line: number, column: column + at };
  let line = number;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return { line, column: at - lastBreak };
}

export function wholeLine(line: Line): Position {
  return within(line, 0, line.text.length);
}

/** Where the next line begins. */
export interface Cursor {
  line: number;
  offset: number;
}

/** @param source whose lines go on counting where those of the file before it ended */
export const startOfFile = ({ firstLine = 1 }: Source): Cursor => ({ line: firstLine, offset: 0 });

/** Whole lines that lie side by side in memory, each with its \n but perhaps the last of the file. */
export interface LineBlock {
  readonly bytes: Buffer;
  /** Bytes of the file before these. */
  readonly offset: number;
  /** Where the first line begins, behind a byte order mark. */
  readonly from: number;
  readonly ascii: boolean;
  /** Whether all of it is UTF-8. */
  readonly valid: boolean;
}

/**
 * The lines of a source, many at a time. Lines that are too long are reported and left out.
 *
 * @param cursor at the first line of each block when it is handed over; whoever reads the lines moves it on, to the
 * line after the block
 */
export async function* blocksOf(source: Source, log: FindingLog, cursor: Cursor): AsyncGenerator<LineBlock> {
  let held: Buffer[] = []; // the beginning of a line whose end has not been seen
  let heldLength = 0;

  const hold = (bytes: Buffer) => {
    heldLength += bytes.length;
    if (heldLength > LONGEST_LINE + 1) held = [];
    else held.push(bytes);
  };
  const release = (ended: boolean): LineBlock | null => {
    const length = heldLength - (ended ? 1 : 0);
    const bytes = held.length === 1 ? held[0] : Buffer.concat(held);
    held = [];
    heldLength = 0;
    if (length <= LONGEST_LINE) return blockOf(bytes, cursor);
    reportLength(length, cursor.line, log);
    cursor.line++;
    cursor.offset += length + 1;
    return null;
  };

  try {
    for await (const chunk of source.chunks) {
      let from = 0;
      if (heldLength > 0) {
        const end = chunk.indexOf(10) + 1;
        hold(end === 0 ? chunk : chunk.subarray(0, end));
        if (end === 0) continue;
        const block = release(true);
        if (block) yield block;
        from = end;
      }
      const end = chunk.lastIndexOf(10) + 1;
      if (end > from) yield blockOf(chunk.subarray(from, end), cursor);
      if (chunk.length > Math.max(from, end)) hold(chunk.subarray(Math.max(from, end)));
    }
    if (heldLength > 0) {
      const block = release(false);
      if (block) yield block;
    }
    if (source.damage !== undefined) reportDamage(source.damage, cursor.line, log);
  } finally {
    source.nextLine = cursor.line;
  }
}

function blockOf(bytes: Buffer, cursor: Cursor): LineBlock {
  const marked = cursor.offset === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const from = marked ? 3 : 0;
  const { offset } = cursor;
  cursor.offset += from;
  const ascii = isAscii(bytes);
  return { bytes, offset, from, ascii, valid: ascii || isUtf8(bytes) };
}

/** Index of the \n that ends the line at `from`, or of the end of the block. */
export function lineEnd({ bytes }: LineBlock, from: number): number {
  const end = bytes.indexOf(10, from);
  return end < 0 ? bytes.length : end;
}

/** The line at the cursor, which moves on. A line that is not UTF-8 is reported, and null. */
export function takeLine(
  block: LineBlock,
  from: number,
  to: number,
  cursor: Cursor,
  log: FindingLog,
): Line | null {
  const { bytes, ascii, valid } = block;
  const stop = to > from && bytes[to - 1] === 13 ? to - 1 : to;
  const text = bytes.toString(ascii ? 'latin1' : 'utf8', from, stop);
  const line = { text, number: cursor.line++, offset: cursor.offset };
  cursor.offset += to - from + 1;
  if (valid) return line;
  return whereUtf8(line, bytes.subarray(from, stop), log);
}

/** The line, unless its bytes are not UTF-8: that is reported, and null. */
export function whereUtf8(line: Line, bytes: Uint8Array, log: FindingLog): Line | null {
  if (isUtf8(bytes)) return line;
  const at = firstInvalid(line.text, bytes);
  log.unused(
    {
      code: 'form/invalid-utf8',
      message: `The text is not UTF-8 from column ${at + 1} on, so this line was not read.`,
      fix: 'Save the file as UTF-8.',
    },
    within(line, at, at + 1),
  );
  return null;
}

/**
 * Splits a source into lines, some at a time. Ends of line are \n or \r\n; a byte order mark is no part of the first
 * line; the last line needs no end. Lines that are too long or not UTF-8 are reported and left out: the numbers jump.
 */
export async function* linesOf(source: Source, log: FindingLog): AsyncGenerator<Line[]> {
  const cursor = startOfFile(source);
  for await (const block of blocksOf(source, log, cursor)) {
    const lines: Line[] = [];
    for (let from = block.from; from < block.bytes.length;) {
      const to = lineEnd(block, from);
      const line = takeLine(block, from, to, cursor, log);
      if (line) lines.push(line);
      from = to + 1;
    }
    if (lines.length > 0) yield lines;
  }
}

/** Index in the decoded text of the first replacement character that does not stand for itself. */
function firstInvalid(text: string, bytes: Uint8Array): number {
  let byte = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0xfffd && !(bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd))
      return i;
    // a surrogate is half of a character of four bytes
    byte += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return 0;
}

export function reportLength(length: number, number: number, log: FindingLog, column = 1): void {
  const size = `${Math.ceil(length / 2 ** 20)} MiB`;
  log.unused(
    {
      code: 'form/line-too-long',
      message: `This line is ${size} long and was not read; at most ${LONGEST_LINE / 2 ** 20} MiB are.`,
      fix: 'Put one record on each line. A JSON array becomes lines with: jq -c ".[]" in.json > out.jsonl',
    },
    { line: number, column },
  );
}

/** The finding for a file that ends or breaks in the middle. */
export function reportDamage(damage: Fault, line: number, log: FindingLog): void {
  log.broken(damage, { line, column: 1 });
}
