import { createReadStream } from 'node:fs';
import { quotedField } from './posterior';
import { RunError, systemCode, systemReason } from './run-error';
import { runFile } from './run-files';

const CHUNK = 2 ** 20;
const NEWLINE = 0x0a;

/**
 * The posterior of one annotator, without holding those of all: posterior.csv is searched as bytes.
 *
 * @returns γ by type; undefined where the run has no posterior, or not of this annotator
 * @throws RunError where the file cannot be read or is damaged
 */
export async function readPosteriorRow(directory: string, annotator: string): Promise<number[] | undefined> {
  const file = runFile(directory, 'posterior');
  const wanted = Buffer.from(`\n${quotedField(annotator)},`);
  let rest = Buffer.alloc(0);
  let quotes = 0; // before `rest`
  const drop = (bytes: number) => {
    quotes += quotesIn(rest, bytes);
    rest = rest.subarray(bytes);
  };
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const at = rest.indexOf(wanted);
        const end = at < 0 ? -1 : rest.indexOf(NEWLINE, at + wanted.length);
        if (end < 0) {
          drop(at < 0 ? Math.max(0, rest.length - wanted.length) : at);
          break;
        }
        // an odd number of quotes before it: this line is a part of somebody's name
        if ((quotes + quotesIn(rest, at)) % 2 === 0) {
          return gammaOf(rest.toString('utf8', at + wanted.length, end), file);
        }
        drop(at + 1);
      }
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    if (error instanceof RunError) throw error;
    throw new RunError(`${file} cannot be read because ${systemReason(error)}.`);
  }
  return undefined;
}

const QUOTE = 0x22;

function quotesIn(bytes: Buffer, end: number): number {
  let count = 0;
  for (let i = bytes.indexOf(QUOTE); i >= 0 && i < end; i = bytes.indexOf(QUOTE, i + 1)) count++;
  return count;
}

/** Of a row without its name: γ, and then its entropy, which is not needed. */
function gammaOf(fields: string, file: string): number[] {
  const values = fields.split(',').map((field) => (field === '' ? NaN : Number(field)));
  if (values.every(Number.isFinite)) return values.slice(0, -1);
  throw new RunError(`${file} is damaged: a row holds something that is no number.`);
}
