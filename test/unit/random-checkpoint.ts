import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readConfig } from '../../src/policy/transformer/config';
import type { JsonObject } from '../../src/policy/transformer/json-file';
import { writeSafetensors } from '../../src/policy/transformer/safetensors/write';
import { initialWeights } from '../../src/policy/transformer/scratch';
import { TOKENIZER_FILES } from '../../src/policy/transformer/tokenizer';

/** Sizes of the published models, as in their config.json. */
export const PUBLISHED = {
  'SmolLM-135M': {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_size: 576,
    intermediate_size: 1536,
    num_hidden_layers: 30,
    num_attention_heads: 9,
    num_key_value_heads: 3,
    max_position_embeddings: 2048,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    hidden_act: 'silu',
    vocab_size: 49152,
    tie_word_embeddings: true,
  },
  gpt2: {
    architectures: ['GPT2LMHeadModel'],
    model_type: 'gpt2',
    n_embd: 768,
    n_layer: 12,
    n_head: 12,
    n_positions: 1024,
    vocab_size: 50257,
    activation_function: 'gelu_new',
    layer_norm_epsilon: 1e-5,
  },
} as const;

/** A few layers of it, narrow enough for a test: its head size and the ratio of its heads stay. */
export function tiny(published: keyof typeof PUBLISHED): JsonObject {
  const config = PUBLISHED[published];
  return config.model_type === 'llama'
    ? {
        ...config,
        hidden_size: 48,
        intermediate_size: 128,
        num_hidden_layers: 2,
        num_attention_heads: 3,
        num_key_value_heads: 1,
        vocab_size: 360,
      }
    : { ...config, n_embd: 48, n_layer: 2, n_head: 3, vocab_size: 360 };
}

/**
 * Writes a checkpoint of that configuration with random weights, and the tokenizer of another folder, which may know
 * fewer tokens than the model.
 */
export async function writeRandomCheckpoint(
  folder: string,
  config: JsonObject,
  tokenizer: string,
  seed = 1,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const name of TOKENIZER_FILES) {
    const file = path.join(tokenizer, name);
    if (existsSync(file)) copyFileSync(file, path.join(folder, name));
  }
  const { eos_token_id, bos_token_id } = JSON.parse(
    readFileSync(path.join(tokenizer, 'config.json'), 'utf8'),
  ) as JsonObject;
  const whole = { ...config, eos_token_id, bos_token_id, torch_dtype: 'float32' };
  const file = path.join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(whole, null, 2));
  await writeSafetensors(
    path.join(folder, 'model.safetensors'),
    initialWeights(readConfig(whole, file), seed),
  );
}
