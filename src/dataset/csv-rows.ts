import { setImmediate as breathe } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import type { Position } from '../protocol/finding';
import type { FindingLog } from './finding-log';
import { linesOf, LONGEST_LINE, wholeLine, type Line } from './lines';
import type { FormInput } from './forms/form';

/** One row of a CSV file. A quoted cell may hold line breaks, so a row can span several lines. */
export interface Row {
  readonly cells: readonly string[];
  /** The lines it stands on, at least one. */
  readonly lines: readonly Line[];
  readonly delimiter: string;
}

const SLICE = 10_000; // lines read again before an abort is looked for

/** Rows whose quote never ends, after which reading starts again on the next line; more would take too long. */
const MOST_RESTARTS = 100;

/**
 * Hands over the rows of a CSV file that are not blank, header included, until `use` answers false. Rows on lines
 * that could not be read are left out, as those lines have been reported.
 *
 * @throws the signal's reason when it is aborted
 */
export async function readCsvRows(
  { source, log, signal }: Pick<FormInput, 'source' | 'log' | 'signal'>,
  use: (row: Row) => boolean,
): Promise<void> {
  const state = { going: true };
  let rows: RowParser | undefined;
  let restarts = 0;
  const onRow = (row: Row) => {
    state.going &&= use(row);
  };
  // leaves out the first line of a row whose quote never ends, and reads on from the second
  const restart = async (lines: readonly Line[], delimiter: string) => {
    const given = ++restarts > MOST_RESTARTS ? lines.length : 1;
    reportQuote(lines[0], given, log);
    const next = rowParser(delimiter, (lines[given] ?? lines[0]).number - 1, onRow);
    for (let from = given; from < lines.length; from += SLICE) {
      await breathe();
      signal?.throwIfAborted();
      await next.write(lines.slice(from, from + SLICE));
    }
    return next;
  };

  for await (const lines of linesOf(source, log)) {
    if (!rows) {
      const header = lines.findIndex((line) => line.text.trim() !== '');
      if (header < 0) continue;
      rows = rowParser(delimiterOf(lines[header].text), lines[0].number - 1, onRow);
    }
    await rows.write(lines);
    while (rows.unfinishedLength() > LONGEST_LINE) rows = await restart(rows.unfinished(), rows.delimiter);
    if (!state.going) return;
  }
  while (rows && !(await rows.end())) rows = await restart(rows.unfinished(), rows.delimiter);
}

/** The delimiter that stands most often in a header line: comma, semicolon or tab. */
export function delimiterOf(header: string): string {
  const count = (delimiter: string) => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

interface RowParser {
  readonly delimiter: string;
  write(lines: readonly Line[]): Promise<void>;
  /** False when the file ends inside a quote. */
  end(): Promise<boolean>;
  /** Lines given but not yet part of a row; the first is not blank. */
  unfinished(): readonly Line[];
  unfinishedLength(): number;
}

/** @param before number of the line before the first that will be written */
function rowParser(delimiter: string, before: number, onRow: (row: Row) => void): RowParser {
  let waiting: Line[] = [];
  let next = 0; // the first of `waiting` that is part of no row yet
  let waitingLength = 0;
  let written = before;

  const onRecord = (cells: string[], last: number) => {
    const lines: Line[] = [];
    for (; next < waiting.length && waiting[next].number <= last; next++) {
      waitingLength -= waiting[next].text.length;
      if (lines.length > 0 || waiting[next].text.trim() !== '') lines.push(waiting[next]);
    }
    // a line that could not be read is missing from the middle of the row: so is its text
    if (lines.length > 0 && last - lines[0].number + 1 === lines.length) onRow({ cells, lines, delimiter });
  };
  const parser = parse({
    delimiter,
    relax_quotes: true, // a quote inside a cell stands for itself
    relax_column_count: true, // reported with its place by the form
    skip_empty_lines: true,
    on_record: (cells: string[], { lines }) => {
      onRecord(cells, before + lines);
      return undefined;
    },
  });
  const failed = new Promise<Error>((resolve) => parser.once('error', resolve));
  const ended = new Promise<undefined>((resolve) => parser.once('end', () => { resolve(undefined); })); // prettier-ignore
  parser.resume();

  return {
    delimiter,
    unfinished: () => {
      const lines = waiting.slice(next);
      return lines.slice(lines.findIndex((line) => line.text.trim() !== ''));
    },
    unfinishedLength: () => waitingLength,
    write: async (lines) => {
      let text = '';
      waiting = waiting.slice(next);
      next = 0;
      for (const line of lines) {
        // lines that were left out count too
        text += '\n'.repeat(line.number - written - 1) + line.text + '\n';
        written = line.number;
        waiting.push(line);
        waitingLength += line.text.length;
      }
      const taken = new Promise<undefined>((resolve) => parser.write(text, () => { resolve(undefined); })); // prettier-ignore
      const error = await Promise.race([taken, failed]);
      if (error) throw error;
    },
    end: async () => {
      parser.end();
      const error = await Promise.race([ended, failed]);
      if (error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED') return false;
      if (error) throw error;
      return true;
    },
  };
}

function reportQuote(line: Line, lines: number, log: FindingLog): void {
  const message = 'A quoted cell that begins in this row never ends, so the row was not read.';
  const fix = 'Close the quote; write a quote inside a quoted cell twice.';
  log.unused({ code: 'form/bad-quote', message, fix }, wholeLine(line), lines);
}

/** The place of a cell in its file; the end of the row where it has no such cell. */
export function cellPlace(row: Row, index: number): Position {
  const text = row.lines.map((line) => line.text).join('\n');
  let from = 0;
  for (let cell = 0; ; cell++) {
    const to = cellEnd(text, from, row.delimiter);
    if (cell === index || to >= text.length) {
      const begin = cell === index ? from : to;
      const [start, end] = [pointIn(row, begin), pointIn(row, to)];
      return { ...start, endLine: end.line, endColumn: end.column };
    }
    from = to + 1;
  }
}

function cellEnd(text: string, from: number, delimiter: string): number {
  let i = from;
  if (text[i] === '"') {
    for (i++; i < text.length; i++) {
      if (text[i] !== '"') continue;
      if (text[i + 1] !== '"') break;
      i++;
    }
  }
  const end = text.indexOf(delimiter, i);
  return end < 0 ? text.length : end;
}

function pointIn(row: Row, at: number): { line: number; column: number } {
  let begin = 0;
  for (const line of row.lines) {
    if (at <= begin + line.text.length) return { line: line.number, column: at - begin + 1 };
    begin += line.text.length + 1;
  }
  return { line: row.lines[0].number, column: 1 };
}

/** The place of a whole row. */
export function rowPlace(row: Row): Position {
  const last = row.lines[row.lines.length - 1];
  return { line: row.lines[0].number, column: 1, endLine: last.number, endColumn: last.text.length + 1 };
}
