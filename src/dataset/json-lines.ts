import type { FormInput } from './forms/form';
import { placeOf, syntaxError } from './json-place';
import { blocksOf, lineEnd, startOfFile, takeLine, wholeLine, type Line } from './lines';
import type { RecordPlace } from './table-builder';
import type { TextBytes } from './text-pool';
import { RecordFault, type JsonPath } from './record-fault';
import { beginsArray, elementsOf } from './json-array';
import type { FindingLog } from './finding-log';

/** A JSON object as it was read: nothing is known of its fields yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Reads lines as bytes, where that is enough. */
export interface LineReader {
  /** The bytes to read from, valid UTF-8. */
  open(source: TextBytes): void;
  /**
   * Reads the line at `from` whole, or leaves everything as it was.
   *
   * @returns where the next line begins; −1 where the line must be parsed
   */
  read(from: number, place: RecordPlace): number;
}

/** Lines parsed without asking the reader again, at most, where it could read none. */
const LONGEST_PAUSE = 255;

/**
 * Hands over the JSON object of each line that is not blank, or each element of a JSON array; a RecordFault is reported
 * at the field it names.
 *
 * @param reader asked first, before a line is parsed
 */
export async function readJsonLines(
  { source: given, log, signal }: FormInput,
  use: (value: JsonObject, line: Line) => void,
  reader?: LineReader,
): Promise<void> {
  const { source, array } = await beginsArray(given);
  if (array) {
    for await (const elements of elementsOf(source, log, signal)) {
      for (const element of elements) useLine(element, log, use);
    }
    return;
  }
  const cursor = startOfFile(source);
  let pause = 0; // twice as long after each line that the reader leaves, so that it costs nothing where it is no use
  let wait = 0;
  for await (const block of blocksOf(source, log, cursor)) {
    const quick = block.valid ? reader : undefined;
    quick?.open(block);
    for (let from = block.from; from < block.bytes.length;) {
      if (wait > 0) wait--;
      else if (quick) {
        const next = quick.read(from, cursor);
        if (next > 0) {
          cursor.line++;
          cursor.offset += next - from;
          from = next;
          pause = 0;
          continue;
        }
        wait = pause;
        pause = Math.min(2 * pause + 1, LONGEST_PAUSE);
      }
      const to = lineEnd(block, from);
      const line = takeLine(block, from, to, cursor, log);
      if (line) useLine(line, log, use);
      from = to + 1;
    }
  }
}

function useLine(line: Line, log: FindingLog, use: (value: JsonObject, line: Line) => void): void {
  const value = parseObject(line, log);
  if (value) {
    useRecord(line, log, [], () => {
      use(value, line);
    });
  }
}

/**
 * Uses one record of a line, of which there may be several: a RecordFault costs this record only.
 *
 * @param path where in the line the record is; paths of faults begin there
 */
export function useRecord(line: Line, log: FindingLog, path: JsonPath, use: () => void): void {
  try {
    use();
  } catch (error) {
    if (!(error instanceof RecordFault)) throw error;
    log.unused(asFault(error), placeOf(line, [...path, ...error.path]));
  }
}

const asFault = ({ code, message, fix }: RecordFault) => ({ code, message, fix });

function parseObject(line: Line, log: FindingLog): JsonObject | null {
  let value: unknown;
  try {
    value = JSON.parse(line.text);
  } catch {
    if (line.text.trim() !== '') reportSyntax(line, log);
    return null;
  }
  if (isObject(value)) return value;
  log.unused(
    {
      code: 'form/not-an-object',
      message: `This line holds ${kindOf(value)}; a record is a JSON object.`,
      fix: 'Put one record, {…}, on each line, or make the file one array of records, [{…}, {…}].',
    },
    wholeLine(line),
  );
  return null;
}

function reportSyntax(line: Line, log: FindingLog): void {
  const { what, word, position } = syntaxError(line);
  if (/^-?(NaN|Infinity|inf)$/i.test(word)) {
    log.unused(
      {
        code: 'form/not-finite',
        message: `${word} is no number that JSON knows, so this line could not be read.`,
        fix: 'Replace it by a finite number, or leave the field out.',
      },
      position,
    );
    return;
  }
  const fix = 'Write one complete JSON object on each line, without line breaks inside it.';
  log.unused({ code: 'form/bad-json', message: `This line ${what}.`, fix }, position);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is, as a person calls it: "a string", "null". */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}
