import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ModelError, reason } from './model-error';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A tokenizer.json of 250,000 tokens has some 30 MB. */
const MOST_BYTES = 256 * 2 ** 20;

/** The text of a file of a model's folder; undefined where it is not there. @throws ModelError */
export async function readText(folder: string, name: string): Promise<string | undefined> {
  const file = path.join(folder, name);
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) throw new Error('it has more than 256 MiB');
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new ModelError(`${file} cannot be read: ${reason(error)}.`);
  }
}

/** @throws ModelError where the text is no JSON object */
export function parseObject(text: string, file: string): JsonObject {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ModelError(`${file} is no JSON: ${reason(error)}.`);
  }
  if (!isJsonObject(json)) throw new ModelError(`${file} holds no JSON object.`);
  return json;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
