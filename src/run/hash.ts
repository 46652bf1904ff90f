import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { datasetFolder, isFolder } from '../dataset/folder';
import { RunError, systemReason } from './run-error';

/** SHA-256 of a file in hexadecimal, and how many bytes it has. */
export async function hashFile(
  file: string,
  signal?: AbortSignal,
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  const stream = createReadStream(file);
  try {
    await pipeline(stream, hash, { signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RunError(`${file} cannot be read because ${systemReason(error)}.`);
  }
  return { sha256: hash.digest('hex'), bytes: stream.bytesRead };
}

/**
 * SHA-256 of a dataset and its bytes. Of a folder it is that of a list "hash  name" of the files that are read, a line
 * each, as sha256sum writes it: it changes with a file, its name, or which files there are.
 *
 * @param split of a folder: the split that is read
 * @throws DatasetError when the folder holds no dataset
 */
export async function hashDataset(
  dataset: { readonly path: string; readonly split?: string },
  signal?: AbortSignal,
): Promise<{ sha256: string; bytes: number }> {
  if (!(await isFolder(dataset.path))) return hashFile(dataset.path, signal);
  const { files } = await datasetFolder(dataset.path, dataset.split);
  const list = createHash('sha256');
  let bytes = 0;
  for (const name of files) {
    const file = await hashFile(path.join(dataset.path, name), signal);
    list.update(`${file.sha256}  ${name}\n`);
    bytes += file.bytes;
  }
  return { sha256: list.digest('hex'), bytes };
}
