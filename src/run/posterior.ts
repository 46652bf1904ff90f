import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { parse } from 'csv-parse';
import type { PosteriorTable } from '../protocol/panel';
import { writeAtomic } from './atomic';
import { RunError, systemCode, systemReason } from './run-error';
import { runFile } from './run-files';

/** γ by annotator, all of them. */
export interface Posterior {
  readonly annotators: readonly string[];
  /** Row-major annotators × types. */
  readonly gamma: Float64Array;
  /** Of each row of γ, in nats. */
  readonly entropy: Float64Array;
}

/** Writes posterior.csv: `annotator,type1,…,typeK,entropy`, quoted as RFC 4180 says. */
export async function writePosterior(directory: string, posterior: Posterior): Promise<void> {
  await writeAtomic(runFile(directory, 'posterior'), rows(posterior));
}

const ROWS_AT_ONCE = 4096;

function* rows({ annotators, gamma, entropy }: Posterior): Iterable<string> {
  const types = annotators.length === 0 ? 0 : gamma.length / annotators.length;
  const names = Array.from({ length: types }, (_, k) => `type${k + 1}`);
  let chunk = ['annotator', ...names, 'entropy'].join(',') + '\n';
  for (let h = 0; h < annotators.length; h++) {
    const own = gamma.subarray(h * types, (h + 1) * types);
    chunk += `${quotedField(annotators[h])},${own.join(',')},${entropy[h]}\n`;
    if (h % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;
}

/** A field as RFC 4180 has it. */
export function quotedField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Reads the first rows of posterior.csv.
 *
 * @param limit how many rows are kept; all are counted
 * @returns undefined when the run has no posterior (yet)
 * @throws RunError when the file is damaged
 */
export async function readPosterior(
  directory: string,
  limit = Infinity,
): Promise<PosteriorTable | undefined> {
  const file = runFile(directory, 'posterior');
  try {
    await stat(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new RunError(`${file} cannot be read because ${systemReason(error)}.`);
  }
  const annotators: string[] = [];
  const gamma: number[] = [];
  const entropy: number[] = [];
  let types = -1;
  let total = 0;
  const stream = createReadStream(file);
  const parser = stream.on('error', (error) => parser.destroy(error)).pipe(parse({ record_delimiter: '\n' }));
  try {
    for await (const fields of parser as AsyncIterable<string[]>) {
      if (types < 0) {
        types = typesOfHeader(fields, file);
      } else if (total++ < limit) {
        const values = fields.slice(1).map(Number);
        if (values.some((value, i) => fields[i + 1] === '' || !Number.isFinite(value))) {
          throw new RunError(`${file} is damaged: row ${total + 1} holds something that is no number.`);
        }
        annotators.push(fields[0]);
        gamma.push(...values.slice(0, types));
        entropy.push(values[types]);
      }
    }
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError(`${file} is damaged: ${error instanceof Error ? error.message : String(error)}.`);
  } finally {
    stream.destroy();
  }
  if (types < 0) throw new RunError(`${file} is damaged: it is empty.`);
  return { annotators, gamma, entropy, types, total };
}

function typesOfHeader(header: readonly string[], file: string): number {
  const types = header.length - 2;
  const expected = ['annotator', ...Array.from({ length: types }, (_, k) => `type${k + 1}`), 'entropy'];
  if (types < 0 || expected.join() !== header.join()) {
    throw new RunError(`${file} is damaged: its first row is not annotator,type1,…,entropy.`);
  }
  return types;
}
