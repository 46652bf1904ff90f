import path from 'node:path';
import { readConfig } from './config';
import { parseObject, readText } from './json-file';
import type { LanguageModel } from './language-model';
import { loadWeights } from './load-weights';
import { ModelError } from './model-error';
import { modelHash } from './model-hash';
import { loadTokenizer } from './tokenizer';

/**
 * A language model from a local Hugging Face folder: config.json, model.safetensors (or its shards), tokenizer.json.
 * Weights come as f32, whatever the checkpoint keeps.
 *
 * @throws ModelError saying what is missing, broken or not supported
 */
export async function loadModel(folder: string): Promise<LanguageModel> {
  const text = await readText(folder, 'config.json');
  if (text === undefined) {
    throw new ModelError(
      `There is no ${path.join(folder, 'config.json')}. Name the folder of a Hugging Face checkpoint.`,
    );
  }
  const json = parseObject(text, path.join(folder, 'config.json'));
  const config = readConfig(json, path.join(folder, 'config.json'));
  const { tokenizer, sources } = await loadTokenizer(folder, json);
  if (tokenizer.vocabulary > config.vocabulary) {
    throw new ModelError(
      `The tokenizer of ${folder} has ${tokenizer.vocabulary} tokens, its model only ${config.vocabulary}: they do not belong together.`,
    );
  }
  const weights = await loadWeights(folder, config);
  return {
    name: path.basename(path.resolve(folder)),
    config,
    weights,
    tokenizer,
    hash: modelHash(config, weights, sources),
  };
}
