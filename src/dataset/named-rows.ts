import { cellPlace, readCsvRows, rowPlace, type Row } from './csv-rows';
import type { FormInput } from './forms/form';
import { firstByte } from './json-array';
import { readJsonLines, type JsonObject } from './json-lines';
import { placeOf } from './json-place';
import { wholeLine } from './lines';
import type { Position } from '../protocol/finding';
import { RecordFault } from './record-fault';
import { peek, withChunks } from './source';
import type { RecordPlace } from './table-builder';

/** One row of named columns: of a CSV file with a header, or a JSON object on a line or in an array. */
export interface NamedRow {
  /** The value in a column; undefined where there is none, and for an empty cell. */
  get(column: string): unknown;
  /** Every value by column, as `get` gives it for a table and as it was written for an object. */
  all(): JsonObject;
  readonly place: RecordPlace;
  /** Where the row is. */
  position(): Position;
}

/** What is done with rows of named columns. */
export interface RowUse {
  /**
   * The columns: of the header, or of the first object, after which others may have further ones.
   *
   * @returns what is wrong with them, in sentences
   */
  columns(names: readonly string[], kind: 'header' | 'object'): readonly string[];
  /** Uses a row. @throws RecordFault with the column as its path */
  row(row: NamedRow): void;
}

/** How far into a file blank space may go before its first value. */
const LOOK_AHEAD = 1 << 12;

/**
 * Hands over the rows of a file, CSV or JSON by what it begins with, unless its columns are refused, which is reported.
 *
 * @throws the signal's reason when it is aborted
 */
export async function readNamedRows(input: FormInput, use: RowUse): Promise<void> {
  const head = await peek(input.source.chunks, LOOK_AHEAD);
  const whole = { ...input, source: withChunks(input.source, head.all) };
  const first = firstByte(head.bytes);
  await (first === 0x7b || first === 0x5b ? readObjects(whole, use) : readRows(whole, use));
}

async function readObjects(input: FormInput, use: RowUse): Promise<void> {
  let state: 'new' | 'fine' | 'refused' = 'new';
  await readJsonLines(input, (value, line) => {
    if (state === 'new') {
      const problems = use.columns(Object.keys(value), 'object');
      state = problems.length === 0 ? 'fine' : 'refused';
      for (const message of problems) refuse(message, Object.keys(value), wholeLine(line), input);
    }
    if (state === 'refused') return;
    use.row({
      get: (column) => {
        const found = Object.hasOwn(value, column) ? value[column] : undefined;
        return found === null || found === '' ? undefined : found;
      },
      all: () => value,
      place: { line: line.number, offset: line.offset },
      position: () => placeOf(line, []),
    });
  });
}

async function readRows(input: FormInput, use: RowUse): Promise<void> {
  let header: readonly string[] | undefined;
  let index = new Map<string, number>();
  await readCsvRows(input, (row) => {
    if (header) {
      readRow(row, header, index, use, input);
      return true;
    }
    header = row.cells.map((cell) => cell.trim());
    index = new Map(header.map((name, i) => [name, i]));
    const problems = use.columns(header, 'header');
    for (const message of problems) refuse(message, header, wholeLine(row.lines[0]), input);
    return problems.length === 0;
  });
}

function readRow(
  row: Row,
  header: readonly string[],
  index: ReadonlyMap<string, number>,
  use: RowUse,
  { log }: FormInput,
): void {
  if (row.cells.length !== header.length) {
    const message = `This row has ${row.cells.length} cells and the header ${header.length}.`;
    const fix = 'Put cells that hold the delimiter or a line break in double quotes.';
    log.unused({ code: 'form/column-count', message, fix }, rowPlace(row));
    return;
  }
  const get = (column: string) => {
    const i = index.get(column);
    return i === undefined || row.cells[i].trim() === '' ? undefined : row.cells[i];
  };
  try {
    use.row({
      get,
      all: () => Object.fromEntries(header.map((name) => [name, get(name)])),
      place: { line: row.lines[0].number, offset: row.lines[0].offset },
      position: () => rowPlace(row),
    });
  } catch (error) {
    if (!(error instanceof RecordFault)) throw error;
    const { code, message, fix, path } = error;
    const cell = index.get(String(path[0])) ?? -1;
    log.unused({ code, message, fix }, cell < 0 ? rowPlace(row) : cellPlace(row, cell));
  }
}

function refuse(message: string, columns: readonly string[], at: Position, { log }: FormInput): void {
  const fix = `Name the columns by role, such as response=answer. The file has: ${columns.slice(0, 40).join(', ')}.`;
  log.broken({ code: 'form/missing-column', message, fix }, at);
}
