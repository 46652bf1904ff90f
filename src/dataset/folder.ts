import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { DatasetError, refusal } from './dataset-error';

/** The files of a folder that are one dataset. */
export interface DatasetFolder {
  /** Paths relative to the folder, with slashes, in the order in which they are read. */
  readonly files: readonly string[];
  /** What was taken for granted about the folder, in sentences. */
  readonly notes: readonly string[];
}

const DATA = /\.(?:jsonl|ndjson|json|csv|tsv|parquet|soc|soi|toc|toi)(?:\.gz|\.zst)?$/i;

/** What stands beside the data in a folder that the `datasets` library has written. */
const BESIDE = /^(?:dataset_infos?|dataset_dict|state|package|package-lock)\.json$|\.emdpo\.json$/i;

/** Names of splits; others are parts of a name. */
const SPLIT = /^(?:train|training|test|testing|validation|valid|val|dev|eval)(?=[-_.\d]|$)/i;
const SAME = new Map([['training', 'train'], ['testing', 'test'], ['valid', 'validation'], ['val', 'validation'], ['dev', 'validation']]); // prettier-ignore

/** Deeper folders are not looked into. */
const DEEPEST = 4;

/** More files than this are no dataset that somebody chose. */
const MOST_FILES = 10_000;

/**
 * The shards of a dataset in a folder: one split of it where files or folders are named after splits, otherwise every data
 * file. Hidden files, and those that describe the dataset, are passed over.
 *
 * @param split the split to read; train where there are several
 * @throws DatasetError when there are no data files, or no such split
 */
export async function datasetFolder(folder: string, split?: string): Promise<DatasetFolder> {
  const { data, other } = await filesIn(folder);
  if (data.length === 0) throw noData(folder, other);
  const bySplit = new Map<string, string[]>();
  for (const file of data) {
    const name = splitOf(file);
    bySplit.set(name, [...(bySplit.get(name) ?? []), file]);
  }
  const names = [...bySplit.keys()].filter((name) => name !== '').sort();
  const notes: string[] = [];
  const wanted = split === undefined ? chosen(folder, names) : named(split);
  const files = wanted === undefined ? data : (bySplit.get(wanted) ?? []);
  if (files.length === 0) throw noSplit(folder, split ?? '', names);
  if (wanted !== undefined && names.length > 0) {
    const left = names.filter((name) => name !== wanted);
    notes.push(
      `The split "${wanted}" of the folder is read` +
        (left.length > 0 ? `; the option split names another: ${left.join(', ')}.` : '.'),
    );
    const rest = bySplit.get('')?.length ?? 0;
    if (rest > 0) notes.push(`Data files of no split are not read: ${rest}.`);
  }
  if (other.length > 0)
    notes.push(
      `Files of the folder that hold no known data are not read: ${other.length}, such as ${other[0]}.`,
    );
  return { files, notes };
}

async function filesIn(folder: string): Promise<{ data: string[]; other: string[] }> {
  const data: string[] = [];
  const other: string[] = [];
  const waiting: [path: string, depth: number][] = [[folder, 1]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [path, depth] = next;
    let entries: Dirent[];
    try {
      entries = await readdir(path, { withFileTypes: true });
    } catch (error) {
      throw refusal(path, error);
    }
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const inner = join(path, entry.name);
      if (entry.isDirectory()) {
        if (depth < DEEPEST && entry.name !== 'node_modules') waiting.push([inner, depth + 1]);
        continue;
      }
      const name = relative(folder, inner).split(sep).join('/');
      if (BESIDE.test(entry.name)) continue;
      if (DATA.test(entry.name)) data.push(name);
      else if (!/\.(?:md|txt|py|lock)$|^LICEN[CS]E$/i.test(entry.name)) other.push(name);
      if (data.length > MOST_FILES) throw new DatasetError(`${folder} holds more than ${MOST_FILES} data files. Name the folder of one dataset.`); // prettier-ignore
    }
  }
  return { data: data.sort(byName), other: other.sort(byName) };
}

/** By code units: the same on every system. */
const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The split that a file belongs to, by its own name or that of a folder; empty where neither is one. */
function splitOf(file: string): string {
  for (const part of file.split('/').reverse()) {
    const name = SPLIT.exec(part)?.[0];
    if (name !== undefined) return named(name);
    const sharded = /^(.+?)[-_]\d{5}-of-\d{5}\b/.exec(part)?.[1];
    if (sharded !== undefined && sharded !== 'data') return sharded.toLowerCase();
  }
  return '';
}

const named = (split: string) => SAME.get(split.toLowerCase()) ?? split.toLowerCase();

function chosen(folder: string, splits: readonly string[]): string | undefined {
  if (splits.length === 0) return undefined;
  if (splits.includes('train')) return 'train';
  if (splits.length === 1) return splits[0];
  throw new DatasetError(`${folder} has the splits ${splits.join(', ')} and none named train. Say which to read with the option split.`); // prettier-ignore
}

function noData(folder: string, other: readonly string[]): DatasetError {
  if (other.some((name) => name.endsWith('.arrow'))) {
    return new DatasetError(
      `${folder} holds Arrow files, as save_to_disk of the datasets library writes them. Write the dataset with to_parquet or to_json instead.`,
    );
  }
  return new DatasetError(
    `${folder} is a folder without data files (jsonl, json, csv, tsv, parquet or PrefLib's, plain, .gz or .zst). Name the dataset.`,
  );
}

function noSplit(folder: string, split: string, splits: readonly string[]): DatasetError {
  const known = splits.length === 0 ? 'no splits' : `the splits ${splits.join(', ')}`;
  return new DatasetError(`${folder} has no split "${split}": it has ${known}.`);
}

/** Whether a path is a folder; false where there is nothing. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

/** @throws DatasetError when the system refuses it */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw refusal(path, error);
  }
}
