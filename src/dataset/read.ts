import { basename, join } from 'node:path';
import type { Finding } from '../protocol/finding';
import type { UnrankedTreatment } from '../protocol/experiment';
import type { DatasetFile } from '../protocol/validation';
import { findingLog, type Fault, type FindingLog } from './finding-log';
import { datasetFolder, isFolder, sizeOf } from './folder';
import type { Form } from './forms/form';
import { reportDamage } from './lines';
import type { Origin } from './origin';
import { formByName, recogniseForm, unrecognised } from './recognise';
import { SAMPLE_BYTES, sampleOf } from './sample';
import { fileSource, peek, textSource, withChunks, type Source } from './source';
import { tableBuilder, type TableBuilder } from './table-builder';
import type { RankingTable } from './table';

export interface ReadOptions {
  /** Name of a form (`forms/`); recognised from the content when absent. */
  readonly form?: string;
  /** Role → column, for forms that have columns. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Overrides what the form says of options that were not ranked. */
  readonly unranked?: UnrankedTreatment;
  /** Of a folder: which of its splits; train where it has several. */
  readonly split?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytesRead: number, bytesTotal: number) => void;
}

export interface ReadResult {
  readonly table: RankingTable;
  /** `form/…` and `data/…` findings, in file order. */
  readonly findings: readonly Finding[];
}

/**
 * Reads a dataset in one pass: a file, plain or compressed, or a folder of such files. Whatever is wrong with its content
 * is a finding, and the rest is read: an error means that records were not used (`summary.unused` counts them), a warning
 * that all were. A file of which nothing can be read gives a table without records.
 *
 * Lines of a folder are counted through its files; `summary.files` says which is which.
 *
 * @throws DatasetError when the system refuses the file, or `options.form` names no form
 * @throws the signal's reason when it is aborted
 */
export async function readDataset(path: string, options: ReadOptions = {}): Promise<ReadResult> {
  if (await isFolder(path)) return readFolder(path, options);
  const source = await fileSource(path, options);
  return read([{ name: '', open: () => Promise.resolve(source) }], options, source.origin);
}

/** Reads a text in memory as `readDataset` reads a file. @param options.name file name, for its ending */
export async function readText(
  text: string,
  options: ReadOptions & { readonly name: string },
): Promise<ReadResult> {
  const source = textSource(text, options.name, options);
  return read([{ name: '', open: () => Promise.resolve(source) }], options, source.origin);
}

async function readFolder(path: string, options: ReadOptions): Promise<ReadResult> {
  const { files, notes } = await datasetFolder(path, options.split);
  const sizes = await Promise.all(files.map((name) => sizeOf(join(path, name))));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let before = 0;
  const shards = files.map((name, i): Shard => {
    const start = before;
    before += sizes[i];
    const onProgress = (done: number) => options.onProgress?.(start + done, total);
    return { name, open: () => fileSource(join(path, name), { signal: options.signal, onProgress }) };
  });
  return read(shards, options, undefined, notes);
}

/** One file of a dataset. @property name relative to the folder; empty where the dataset is one file */
interface Shard {
  readonly name: string;
  readonly open: () => Promise<Source>;
}

async function read(
  shards: readonly Shard[],
  options: ReadOptions,
  origin?: Origin,
  notes: readonly string[] = [],
): Promise<ReadResult> {
  const log = findingLog();
  const table = tableBuilder(log, origin);
  for (const note of notes) table.assume(note);
  const files: DatasetFile[] = [];
  let form: Form | null = null;
  let firstLine = 1;
  for (const { name, open } of shards) {
    const source = await open();
    source.firstLine = firstLine;
    if (name !== '') files.push({ name, firstLine });
    form = (await readShard(source, form, table, options, log)) ?? form;
    firstLine = source.nextLine ?? firstLine + 1;
  }
  if (form) checkNotEmpty(table.records, log);
  const built = table.finish(form?.name ?? 'none', options.unranked ?? 'offered', files);
  return { table: built, findings: log.findings() };
}

/** Reads one file. @param before the form of the files before it @returns the form; null where there is none */
async function readShard(
  source: Source,
  before: Form | null,
  table: TableBuilder,
  options: ReadOptions,
  log: FindingLog,
): Promise<Form | null> {
  const head = await peek(source.chunks, SAMPLE_BYTES);
  const found = formOf(source, head.bytes, head.complete, options, log);
  const other = found !== null && before !== null && found !== before;
  if (other) log.broken(otherForm(source, found, before), { line: source.firstLine ?? 1, column: 1 });
  if (!found || other) {
    await head.close();
    return null;
  }
  const whole = withChunks(source, head.all);
  if (source.note !== undefined) table.assume(source.note);
  const columns = options.columns ?? {};
  await found.read({ source: whole, columns, table, log, signal: options.signal });
  return found;
}

function otherForm({ name }: Source, form: Form, before: Form): Fault {
  const message = `${basename(name)} has the form ${form.name}, and the files before it ${before.name}; it was not read.`;
  const fix = 'Put files of one form into the folder, or name the form of all.';
  return { code: 'form/other-form', message, fix };
}

/** The form to read with; null when the content is none, which is reported. */
function formOf(
  source: Source,
  head: Buffer,
  complete: boolean,
  options: ReadOptions,
  log: FindingLog,
): Form | null {
  const start = { line: source.firstLine ?? 1, column: 1 };
  const named = options.form === undefined ? undefined : formByName(options.form);
  if (head.length === 0) {
    if (source.damage !== undefined) reportDamage(source.damage, start.line, log);
    else
      log.broken(
        { code: 'form/empty-file', message: 'The file is empty.', fix: 'Check how it was written.' },
        start,
      );
    return null;
  }
  if (head.subarray(0, SAMPLE_BYTES).includes(0)) {
    const wide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
    const message = wide ? 'The file is UTF-16 text; only UTF-8 is read.' : 'The file is binary, not text.';
    const fix = wide ? 'Save it as UTF-8.' : 'Export the dataset as text, such as JSON lines or CSV.';
    log.broken({ code: 'form/binary', message, fix }, start);
    return null;
  }
  if (named) return named;
  const sample = sampleOf(source.name, head, complete);
  const form = recogniseForm(sample, options.columns);
  if (!form) log.broken(unrecognised(sample), start);
  return form;
}

function checkNotEmpty(records: number, log: FindingLog): void {
  if (records > 0 || log.findings().some((finding) => finding.severity === 'error')) return;
  log.broken({
    code: 'form/no-records',
    message: 'The file holds no records.',
    fix: 'Check how it was written.',
  });
}
