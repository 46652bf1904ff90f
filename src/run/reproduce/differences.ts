import { open, readdir, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { readHistory } from '../history/history-file';
import { RUN_FILES } from '../run-files';
import { RunError, systemCode, systemReason } from '../run-error';

/** The first place where two runs are not the same. */
export interface Difference {
  /** Inside the run directory. */
  readonly file: string;
  /** A key, a line or a byte; absent where a whole file is missing. */
  readonly place?: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Compares result.json, posterior.csv, iterations.json where the first run has it, and every file below policies/, in this order. Times (`seconds`) and the paths of the
 * two directories are no difference; nothing else is forgiven, not even the last bit of a number.
 *
 * @returns the first difference; undefined where there is none
 * @throws RunError where a file cannot be read
 */
export async function firstDifference(before: string, after: string): Promise<Difference | undefined> {
  return (
    (await inResult(before, after)) ??
    (await inPosterior(before, after)) ??
    (await inHistory(before, after)) ??
    (await inPolicies(before, after))
  );
}

/** A run of an earlier version has no iterations.json, and that is no difference. */
async function inHistory(before: string, after: string): Promise<Difference | undefined> {
  const file = RUN_FILES.iterations;
  const [first, second] = await Promise.all([before, after].map((directory) => readHistory(directory)));
  if (!first) return undefined;
  if (!second) return { file, before: 'a file', after: 'no such file' };
  const found = differingKey(first, second, '');
  return found && { file, ...found };
}

async function inResult(before: string, after: string): Promise<Difference | undefined> {
  const file = RUN_FILES.result;
  const parsed = await Promise.all([before, after].map(async (directory) => resultOf(directory, file)));
  const found = differingKey(parsed[0], parsed[1], '');
  return found && { file, ...found };
}

async function resultOf(directory: string, file: string): Promise<unknown> {
  const text = await textOf(path.join(directory, file));
  return JSON.parse(text, (key, value: unknown) => {
    if (key === 'seconds') return undefined;
    return typeof value === 'string' ? value.replaceAll(directory, '.') : value;
  });
}

/** The first key, in order, whose values differ. Numbers as JSON writes them are equal only if all their bits are. */
function differingKey(a: unknown, b: unknown, key: string): Omit<Difference, 'file'> | undefined {
  if (isObject(a) && isObject(b) && Array.isArray(a) === Array.isArray(b)) {
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const inside = Array.isArray(a) ? `${key}[${name}]` : key === '' ? name : `${key}.${name}`;
      const found = differingKey(a[name], b[name], inside);
      if (found) return found;
    }
    return undefined;
  }
  if (Object.is(a, b)) return undefined;
  return { place: key, before: inWords(a), after: inWords(b) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function inWords(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

async function inPosterior(before: string, after: string): Promise<Difference | undefined> {
  const file = RUN_FILES.posterior;
  const [a, b] = await Promise.all([before, after].map((each) => textOf(path.join(each, file))));
  if (a === b) return undefined;
  const [linesA, linesB] = [a.split('\n'), b.split('\n')];
  for (let i = 0; ; i++) {
    if (linesA[i] === linesB[i]) continue;
    return { file, place: `line ${i + 1}`, before: linesA[i] ?? 'nothing', after: linesB[i] ?? 'nothing' };
  }
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new RunError(`${file} cannot be read because ${systemReason(error)}.`);
  });
}

async function inPolicies(before: string, after: string): Promise<Difference | undefined> {
  const files = await Promise.all([before, after].map(policyFiles));
  for (const file of [...new Set(files.flat())].sort()) {
    const here = files.map((each) => each.includes(file));
    if (!here[0] || !here[1]) {
      return {
        file,
        before: here[0] ? 'a file' : 'no such file',
        after: here[1] ? 'a file' : 'no such file',
      };
    }
    const found = await differingByte(path.join(before, file), path.join(after, file));
    if (found) return { file, ...found };
  }
  return undefined;
}

/** Relative to the run directory. */
async function policyFiles(directory: string): Promise<string[]> {
  const folder = path.join(directory, 'policies');
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw new RunError(`${folder} cannot be read because ${systemReason(error)}.`);
  }
}

const CHUNK = 2 ** 20;

async function differingByte(a: string, b: string): Promise<Omit<Difference, 'file'> | undefined> {
  const handles: FileHandle[] = [];
  try {
    for (const file of [a, b]) handles.push(await open(file));
    const buffers = [Buffer.alloc(CHUNK), Buffer.alloc(CHUNK)];
    for (let offset = 0; ; offset += CHUNK) {
      const [x, y] = await Promise.all(handles.map((handle, i) => chunkAt(handle, buffers[i], offset)));
      if (!x.equals(y)) {
        let i = 0;
        while (i < x.length && i < y.length && x[i] === y[i]) i++;
        const byte = (chunk: Buffer) =>
          i < chunk.length ? `0x${chunk[i].toString(16).padStart(2, '0')}` : 'the end';
        return { place: `byte ${offset + i}`, before: byte(x), after: byte(y) };
      }
      if (x.length < CHUNK) return undefined;
    }
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw new RunError(`${a} cannot be compared because ${systemReason(error)}.`);
  } finally {
    for (const handle of handles) await handle.close();
  }
}

/** A read may give less than it was asked for before the end of the file. */
async function chunkAt(handle: FileHandle, buffer: Buffer, offset: number): Promise<Buffer> {
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, offset + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}
