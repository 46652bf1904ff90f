import { open } from 'node:fs/promises';
import { DatasetError, refusal } from '../dataset/dataset-error';

/** @throws DatasetError where a dataset is not there, may not be read or is a folder */
export async function requireFile(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r');
    const entry = await handle.stat().finally(() => handle.close());
    if (!entry.isDirectory()) return;
  } catch (error) {
    throw refusal(path, error);
  }
  throw new DatasetError(`${path} is a folder. Name the dataset file inside it.`);
}
