import type { Finding } from '../protocol/finding';
import type { UnrankedTreatment } from '../protocol/experiment';
import { findingLog, type FindingLog } from './finding-log';
import type { Form } from './forms/form';
import { reportDamage } from './lines';
import { formByName, recogniseForm, unrecognised } from './recognise';
import { SAMPLE_BYTES, sampleOf } from './sample';
import { fileSource, peek, textSource, withChunks, type Source } from './source';
import { tableBuilder } from './table-builder';
import type { RankingTable } from './table';

export interface ReadOptions {
  /** Name of a form (`forms/`); recognised from the content when absent. */
  readonly form?: string;
  /** Role → column, for forms that have columns. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Overrides what the form says of options that were not ranked. */
  readonly unranked?: UnrankedTreatment;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytesRead: number, bytesTotal: number) => void;
}

export interface ReadResult {
  readonly table: RankingTable;
  /** `form/…` and `data/…` findings, in file order. */
  readonly findings: readonly Finding[];
}

/**
 * Reads a dataset file, gzip or plain, in one pass. Whatever is wrong with its content is a finding, and the rest is
 * read: an error means that records were not used (`summary.unused` counts them), a warning that all were. A file of
 * which nothing can be read gives a table without records.
 *
 * @throws DatasetError when the system refuses the file, or `options.form` names no form
 * @throws the signal's reason when it is aborted
 */
export async function readDataset(path: string, options: ReadOptions = {}): Promise<ReadResult> {
  return read(await fileSource(path, options), options);
}

/** Reads a text in memory as `readDataset` reads a file. @param options.name file name, for its ending */
export async function readText(
  text: string,
  options: ReadOptions & { readonly name: string },
): Promise<ReadResult> {
  return read(textSource(text, options.name, options), options);
}

async function read(source: Source, options: ReadOptions): Promise<ReadResult> {
  const log = findingLog();
  const table = tableBuilder(log, source.origin);
  const columns = options.columns ?? {};
  const head = await peek(source.chunks, SAMPLE_BYTES);
  const form = formOf(source, head.bytes, head.complete, options, log);
  if (form) {
    const whole = withChunks(source, head.all);
    await form.read({ source: whole, columns, table, log, signal: options.signal });
    checkNotEmpty(table.records, log);
  } else {
    await head.close();
  }
  const built = table.finish(form?.name ?? 'none', options.unranked ?? 'offered');
  return { table: built, findings: log.findings() };
}

/** The form to read with; null when the content is none, which is reported. */
function formOf(
  source: Source,
  head: Buffer,
  complete: boolean,
  options: ReadOptions,
  log: FindingLog,
): Form | null {
  const start = { line: 1, column: 1 };
  const named = options.form === undefined ? undefined : formByName(options.form);
  if (head.length === 0) {
    if (source.damage !== undefined) reportDamage(source.damage, 1, log);
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
