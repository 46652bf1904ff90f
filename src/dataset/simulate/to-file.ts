import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { canonicalLine, type CanonicalRecord } from '../canonical-line';
import type { ParametricOptions } from './plan-parametric';
import type { Population } from './population';
import { simulate, simulateParametric } from './simulate';
import type { Truth } from './truth';

export type SimulateToFileOptions = (
  { readonly population: Population } | { readonly parametric: ParametricOptions }
) & {
  readonly seed: number;
  /** The dataset to write, canonical JSONL. Its folder is made where it is absent. */
  readonly out: string;
};

export interface SimulatedFile {
  readonly records: number;
  readonly annotators: number;
  /** `<out without its extension>.truth.json` */
  readonly truthPath: string;
  readonly idealAccuracy: number;
}

/**
 * Writes a simulated dataset and, beside it, what it was made from. Each of the two files is complete or absent.
 * A dataset without a truth file beside it was not made here and is not replaced.
 *
 * @throws Error with a sentence for the person
 */
export async function simulateToFile(options: SimulateToFileOptions): Promise<SimulatedFile> {
  const { out, seed } = options;
  const { records, truth } =
    'population' in options
      ? simulate(options.population, seed)
      : simulateParametric(options.parametric, seed);
  const { dir, name } = path.parse(out);
  const truthPath = path.join(dir, `${name}.truth.json`);
  await refuseToReplace(out, truthPath);
  try {
    await mkdir(path.resolve(dir), { recursive: true });
    await writeTogether([
      { file: truthPath, write: (temporary) => writeFile(temporary, truthText(truth)) },
      {
        file: out,
        write: (temporary) => pipeline(Readable.from(lines(records)), createWriteStream(temporary)),
      },
    ]);
  } catch (error) {
    throw new Error(`${out}: ${writeFailure(error)}`, { cause: error });
  }
  return {
    records: truth.records,
    annotators: truth.annotators.length,
    truthPath,
    idealAccuracy: truth.idealAccuracy,
  };
}

/** JSON with one entry a line in its long lists: a person can read it, and a comparison shows what changed. */
function truthText(truth: Truth): string {
  const parts = Object.entries(truth)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]: [string, unknown]) => {
      const text = Array.isArray(value)
        ? `[\n  ${value.map((entry) => JSON.stringify(entry)).join(',\n  ')}\n ]`
        : JSON.stringify(value);
      return ` ${JSON.stringify(key)}: ${text}`;
    });
  return `{\n${parts.join(',\n')}\n}\n`;
}

/** Blocks of lines: a stream of single lines spends its time on the stream. */
function* lines(records: Iterable<CanonicalRecord>): Generator<string> {
  let block = '';
  for (const record of records) {
    block += `${canonicalLine(record)}\n`;
    if (block.length > 65_536) {
      yield block;
      block = '';
    }
  }
  yield block;
}

interface Part {
  readonly file: string;
  readonly write: (temporary: string) => Promise<void>;
}

/** Everything is written before anything is put in place: a reader finds the old files or the new ones, whole. */
async function writeTogether(parts: readonly Part[]): Promise<void> {
  const temporary = parts.map(({ file }) => `${file}.${randomUUID()}.tmp`);
  try {
    for (const [i, part] of parts.entries()) await part.write(temporary[i]);
    for (const [i, part] of parts.entries()) await rename(temporary[i], part.file);
  } finally {
    await Promise.all(temporary.map((file) => rm(file, { force: true })));
  }
}

async function refuseToReplace(out: string, truthPath: string): Promise<void> {
  const existing = await stat(out).catch(() => undefined);
  if (!existing) return;
  if (existing.isDirectory()) throw new Error(`${out}: This is a folder; name the file to write in it.`);
  const ours = await access(truthPath).then(
    () => true,
    () => false,
  );
  if (!ours) {
    throw new Error(
      `${out}: This file is there already and was not simulated (no ${path.basename(truthPath)} beside it); choose another name.`,
    );
  }
}

function writeFailure(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'Nothing may be written here; choose another folder or check its permissions.';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'A part of this path is a file, not a folder; choose another path.';
    case 'ENOSPC':
      return 'The disk is full; free some space.';
    default:
      return `The file could not be written (${error instanceof Error ? error.message : String(error)}).`;
  }
}
