import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder, writeWhole } from '../../../disk';
import { parseObject, readText } from '../json-file';
import type { LanguageModel } from '../language-model';
import { ModelError } from '../model-error';
import { writeSafetensors } from '../safetensors/write';
import { TOKENIZER_FILES } from '../tokenizer';
import { mergeAdapter } from './merge';
import type { StoredAdapter } from './peft-adapter';
import { scratchFiles } from './scratch-files';

export interface CheckpointExport {
  /** Base weights, or weights that were trained themselves. */
  readonly model: LanguageModel;
  /** Worked into the weights where it is given. */
  readonly adapter?: StoredAdapter;
  /** Folder that the model came from, for its configuration and tokenizer; absent for `scratch`. */
  readonly source?: string;
}

/** Files of a model's folder that are copied beside the tokenizer's. */
const MORE_FILES = ['vocab.json', 'merges.txt', 'added_tokens.json', 'tokenizer.model'];

/**
 * Writes a whole model as transformers does, f32 in one file: `AutoModelForCausalLM.from_pretrained(folder)` loads it,
 * and so does this tool.
 *
 * @throws ModelError where `folder` is the source itself, or the source has lost its files
 */
export async function writeCheckpoint(
  folder: string,
  { model, adapter, source }: CheckpointExport,
): Promise<void> {
  const { config, weights } = model;
  if (source !== undefined && path.resolve(source) === path.resolve(folder)) {
    throw new ModelError(
      `The checkpoint would overwrite its own base model in ${folder}. Name another folder.`,
    );
  }
  await makeFolder(folder);
  if (source === undefined) {
    for (const [name, content] of Object.entries(scratchFiles(config))) {
      await writeWhole(path.join(folder, name), json(content));
    }
  } else {
    await copyDescription(source, folder);
  }
  await writeSafetensors(
    path.join(folder, 'model.safetensors'),
    adapter ? mergeAdapter(config, weights, adapter) : weights,
  );
}

async function copyDescription(source: string, folder: string): Promise<void> {
  const text = await readText(source, 'config.json');
  if (text === undefined) {
    throw new ModelError(`${source} has no config.json any more: the model cannot be written without it.`);
  }
  const config = parseObject(text, path.join(source, 'config.json'));
  const type = 'dtype' in config ? 'dtype' : 'torch_dtype';
  await writeWhole(path.join(folder, 'config.json'), json({ ...config, [type]: 'float32' }));
  for (const name of [...TOKENIZER_FILES, ...MORE_FILES]) {
    const content = await readFile(path.join(source, name)).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (content) await writeWhole(path.join(folder, name), content);
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
