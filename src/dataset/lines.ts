import { isAscii, isUtf8 } from 'node:buffer';
import type { Position } from '../protocol/finding';
import type { FindingLog } from './finding-log';
import type { Source } from './source';

/** Longer lines are reported and skipped, never held in memory. */
export const LONGEST_LINE = 64 * 2 ** 20;

/** One line of the file, without its line break. */
export interface Line {
  readonly text: string;
  /** 1-based. */
  readonly number: number;
  /** Bytes before the first byte of the text in the decompressed file. */
  readonly offset: number;
}

/** The place of `text[from] … text[to − 1]` of a line. */
export function within(line: Line, from: number, to: number): Position {
  return { line: line.number, column: from + 1, endLine: line.number, endColumn: to + 1 };
}

export function wholeLine(line: Line): Position {
  return within(line, 0, line.text.length);
}

/**
 * Splits a source into lines, some at a time. Ends of line are \n or \r\n; a byte order mark is no part of the first
 * line; the last line needs no end. Lines that are too long or not UTF-8 are reported and left out: the numbers jump.
 */
export async function* linesOf(source: Source, log: FindingLog): AsyncGenerator<Line[]> {
  let number = 1;
  let offset = 0;
  let held: Buffer[] = []; // the beginning of a line whose end has not been seen
  let heldLength = 0;

  const hold = (bytes: Buffer) => {
    heldLength += bytes.length;
    if (heldLength > LONGEST_LINE) held = [];
    else held.push(bytes);
  };
  const release = (trusted: boolean): Line | null => {
    const length = heldLength;
    const bytes = held.length === 1 ? held[0] : Buffer.concat(held);
    held = [];
    heldLength = 0;
    const at = { number: number++, offset };
    offset += length + 1;
    if (length > LONGEST_LINE) {
      reportLength(length, at.number, log);
      return null;
    }
    const mark = at.number === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    return decoded(bytes, mark, at.number, at.offset + mark, trusted, log);
  };

  for await (const chunk of source.chunks) {
    const lines: Line[] = [];
    const end = chunk.lastIndexOf(10);
    const ascii = isAscii(chunk);
    // a character may be cut at either end of a chunk, so that only whole lines can be judged together
    const inside = chunk.subarray(chunk.indexOf(10) + 1, Math.max(end, 0));
    const clean = ascii || isUtf8(inside);
    let from = 0;
    while (from <= end) {
      const to = chunk.indexOf(10, from);
      const trusted = clean && heldLength === 0 && (ascii || from > 0);
      if (ascii && trusted && number > 1 && to - from <= LONGEST_LINE) {
        const stop = to > from && chunk[to - 1] === 13 ? to - 1 : to;
        lines.push({ text: chunk.toString('latin1', from, stop), number: number++, offset });
        offset += to - from + 1;
      } else {
        hold(chunk.subarray(from, to));
        const line = release(trusted);
        if (line) lines.push(line);
      }
      from = to + 1;
    }
    if (from < chunk.length) hold(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (heldLength > 0) {
    const line = release(false);
    if (line) yield [line];
  }
  if (source.damage !== undefined) reportDamage(source.damage, number, log);
}

/** @param trusted the bytes are known to be UTF-8 */
function decoded(
  bytes: Buffer,
  from: number,
  number: number,
  offset: number,
  trusted: boolean,
  log: FindingLog,
): Line | null {
  const to = bytes.length > from && bytes[bytes.length - 1] === 13 ? bytes.length - 1 : bytes.length;
  const line = { text: bytes.toString('utf8', from, to), number, offset };
  if (trusted || isUtf8(bytes)) return line;
  const at = firstInvalid(line.text, bytes.subarray(from, to));
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

/** Index in the decoded text of the first replacement character that does not stand for itself. */
function firstInvalid(text: string, bytes: Buffer): number {
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

function reportLength(length: number, number: number, log: FindingLog): void {
  const size = `${Math.ceil(length / 2 ** 20)} MiB`;
  log.unused(
    {
      code: 'form/line-too-long',
      message: `This line is ${size} long and was not read; at most ${LONGEST_LINE / 2 ** 20} MiB are.`,
      fix: 'Put one record on each line. A JSON array becomes lines with: jq -c ".[]" in.json > out.jsonl',
    },
    { line: number, column: 1 },
  );
}

/** The finding for compressed data that ends or breaks in the middle. */
export function reportDamage(damage: string, line: number, log: FindingLog): void {
  log.broken(
    {
      code: 'form/broken-gzip',
      message: `The compressed data is damaged (${damage}); the rest of the file could not be read.`,
      fix: 'Fetch or compress the file again.',
    },
    { line, column: 1 },
  );
}
