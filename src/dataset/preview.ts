import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { columnsOf } from './column-finder';
import { delimiterOf } from './csv-rows';
import { describeRecord } from './describe';
import type { ColumnNames } from './forms/form';
import { isObject, type JsonObject } from './json-lines';
import { readText } from './read';
import { formByName } from './recognise';
import { SAMPLE_BYTES, sampleOf, type Sample } from './sample';
import { fileSource, peek, textSource } from './source';

/** Records that are shown. */
const SHOWN = 5;

/** Characters of a text that are shown. */
const LONGEST = 60;

/** The beginning of a dataset as it would be read. */
export interface DatasetPreview {
  /** Of the header or the first object, each with its first value; none where the file has no columns. */
  readonly columns: readonly { readonly name: string; readonly example: string }[];
  /** `none` where none was asked for and none is recognised. */
  readonly form: string;
  /** Which column plays which role. */
  readonly found: Readonly<Record<string, string>>;
  /** The first five. */
  readonly records: readonly {
    readonly annotator?: string;
    readonly prompt: string;
    /** Best first. */
    readonly ranking: string;
  }[];
  /** Why records are not used, in sentences: the first of each kind. */
  readonly faults: readonly string[];
}

export interface PreviewRequest {
  readonly path: string;
  /** Instead of what is on the disk. */
  readonly text?: string;
  /** Recognised from the content when absent. */
  readonly form?: string;
  readonly columns?: ColumnNames;
}

/**
 * Reads the first 128 KiB of a dataset, of whatever it is compressed or packed in, so that a person can see whether its
 * columns are taken for what they are.
 *
 * @throws DatasetError when the system refuses the file
 */
export async function previewDataset({ path, text, form, columns }: PreviewRequest): Promise<DatasetPreview> {
  const name = basename(path);
  const source = text === undefined ? await fileSource(path, {}) : textSource(text, name, {});
  const head = await peek(source.chunks, SAMPLE_BYTES);
  await head.close();
  const sample = sampleOf(name, head.bytes, head.complete);
  const named = given(columns ?? {});
  const begin = sample.objects[0]
    ? sample.lines.map(onOneLine).join('\n')
    : wholeLines(head.bytes, head.complete);
  const { table, findings } = await readText(begin, { name, form, columns: named });
  const all = columnsOf(sample);
  const read = form ?? table.summary.form;
  const found = read === 'none' ? {} : (formByName(read).found?.(all, named) ?? {});
  const faults = new Map(
    findings.filter(({ severity }) => severity === 'error').map(({ code, message }) => [code, message]),
  );
  return {
    columns: withExamples(all, sample, begin),
    form: read,
    found: given(found),
    records: Array.from({ length: Math.min(SHOWN, table.records) }, (_, r) => ({
      annotator: table.annotator[r] < 0 ? undefined : short(table.annotators.text(table.annotator[r])),
      prompt: short(table.prompts.text(table.prompt[r])),
      ranking: describeRecord(table, r, LONGEST / 2),
    })),
    faults: [...faults.values()],
  };
}

/** Without those that are undefined. */
function given(columns: Readonly<Partial<Record<string, string>>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(columns).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** An element of an array as a line: outside of strings, which hold none, a line break is as good as a space. */
const onOneLine = (json: string) => json.replace(/[\r\n]+/g, ' ');

/** The bytes as text, without a last line that may be cut off. */
function wholeLines(bytes: Buffer, complete: boolean): string {
  const text = bytes.subarray(0, SAMPLE_BYTES).toString('utf8');
  if (complete && bytes.length <= SAMPLE_BYTES) return text;
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

function withExamples(columns: readonly string[], { objects, lines }: Sample, text: string) {
  const values = objects[0]
    ? new Map(Object.entries(objectIn(lines[0])))
    : new Map(firstRow(text).map((cell, i): [string, unknown] => [columns[i], cell]));
  return columns.map((name) => {
    const value = values.get(name);
    return {
      name,
      example: short(typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)),
    };
  });
}

/** The fields of an object; none where it is cut off or broken. */
function objectIn(line: string): JsonObject {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** The cells below the header. */
function firstRow(text: string): readonly string[] {
  const header = text.split(/\r?\n/).find((line) => line.trim() !== '') ?? '';
  const options = { delimiter: delimiterOf(header), relax_quotes: true, relax_column_count: true, skip_empty_lines: true, to: 2, bom: true }; // prettier-ignore
  try {
    return parse(text, options).at(1) ?? [];
  } catch {
    return []; // a quote that never ends; reading it says so
  }
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
