import { setImmediate as breathe } from 'node:timers/promises';
import type { FindingLog } from './finding-log';
import { LONGEST_LINE, reportDamage, reportLength, startOfFile, whereUtf8, type Line } from './lines';
import { peek, withChunks, type Source } from './source';

const BYTE = { tab: 9, newline: 10, return: 13, space: 32, quote: 34, comma: 44, open: 91, escape: 92, close: 93, openBrace: 123, closeBrace: 125 } as const; // prettier-ignore

/** How far into a file blank space may go before its first value. */
const LOOK_AHEAD = 1 << 12;

/** Whether a source holds one JSON array instead of lines, and the source to read on from. */
export async function beginsArray(source: Source): Promise<{ source: Source; array: boolean }> {
  const head = await peek(source.chunks, LOOK_AHEAD);
  return { source: withChunks(source, head.all), array: firstByte(head.bytes) === BYTE.open };
}

/** The first byte that is no blank space and no byte order mark; undefined when there is none. */
export function firstByte(bytes: Uint8Array): number | undefined {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  for (let i = marked ? 3 : 0; i < bytes.length; i++) if (!isSpace(bytes[i])) return bytes[i];
  return undefined;
}

const isSpace = (byte: number) =>
  byte === BYTE.space || byte === BYTE.newline || byte === BYTE.return || byte === BYTE.tab;

/**
 * The elements of a JSON array as lines of their own, some at a time, each with the place where it begins. Only commas
 * between elements are looked at: whether an element is JSON is for the reader to say. Elements that are too long or not
 * UTF-8 are reported and left out.
 *
 * @throws the signal's reason when it is aborted
 */
export async function* elementsOf(
  source: Source,
  log: FindingLog,
  signal?: AbortSignal,
): AsyncGenerator<Line[]> {
  const cursor = startOfFile(source);
  let column = 1; // of the byte at hand, in UTF-16 units
  let depth = 0; // 1 between the elements
  let inString = false;
  let escaped = false;
  let ended = false;
  let rest = false; // something stands behind the array
  let begun: { number: number; offset: number; column: number } | undefined; // of the element at hand
  let parts: Buffer[] = [];
  let length = 0;
  let elements: Line[] = [];

  const keep = (bytes: Buffer) => {
    length += bytes.length;
    if (length > LONGEST_LINE) parts = [];
    else if (bytes.length > 0) parts.push(bytes);
  };
  const finish = () => {
    if (!begun) return;
    if (length > LONGEST_LINE) reportLength(length, begun.number, log, begun.column);
    else {
      const bytes = parts.length === 1 ? parts[0] : Buffer.concat(parts);
      const line = whereUtf8({ text: bytes.toString('utf8').trimEnd(), ...begun }, bytes, log);
      if (line) elements.push(line);
    }
    begun = undefined;
    parts = [];
    length = 0;
  };

  try {
    for await (const chunk of source.chunks) {
      let from = 0; // of the element at hand in this chunk
      for (let i = 0; i < chunk.length; i++) {
        const byte = chunk[i];
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === BYTE.escape) escaped = true;
          else if (byte === BYTE.quote) inString = false;
        } else if (depth === 1 && (byte === BYTE.comma || byte === BYTE.close)) {
          if (begun) keep(chunk.subarray(from, i));
          finish();
          if (byte === BYTE.close) {
            depth = 0;
            ended = true;
          }
        } else if (!isSpace(byte)) {
          if (depth >= 1 && !begun) {
            begun = { number: cursor.line, offset: cursor.offset + i, column };
            from = i;
          } else if (ended && !begun) {
            reportRest(cursor.line, column, log);
            rest = true;
            break;
          }
          if (byte === BYTE.quote) inString = depth > 0;
          else if (byte === BYTE.open || byte === BYTE.openBrace) depth++;
          else if ((byte === BYTE.close || byte === BYTE.closeBrace) && depth > 1) depth--;
        }
        if (byte === BYTE.newline) {
          cursor.line++;
          column = 1;
        } else if ((byte & 0xc0) !== 0x80) column += byte >= 0xf0 ? 2 : 1;
      }
      if (begun) keep(chunk.subarray(from));
      cursor.offset += chunk.length;
      if (elements.length > 0) yield elements;
      elements = [];
      if (rest) return;
      await breathe(); // nothing else lets an abort through while one chunk follows the other from memory
      signal?.throwIfAborted();
    }
    finish();
    if (elements.length > 0) yield elements;
    if (source.damage !== undefined) reportDamage(source.damage, cursor.line, log);
    else if (!ended) reportEnd(cursor.line, column, log);
  } finally {
    source.nextLine = cursor.line + 1;
  }
}

function reportEnd(line: number, column: number, log: FindingLog): void {
  const message = 'The file ends inside its JSON array, so its last records may be missing.';
  log.broken({ code: 'form/bad-json', message, fix: 'Check how the file was written.' }, { line, column });
}

function reportRest(line: number, column: number, log: FindingLog): void {
  const message = 'The file goes on after the end of its JSON array; what follows was not read.';
  const fix = 'Put all records into one array, or each on a line of its own.';
  log.broken({ code: 'form/bad-json', message, fix }, { line, column });
}
