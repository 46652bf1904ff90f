import { fieldsOf, type Fields } from './config-fields';
import { rotaryOf } from './config-rotary';
import { isJsonObject, type JsonObject } from './json-file';
import type { TransformerConfig } from './language-model';
import { ModelError } from './model-error';

type Family = TransformerConfig['family'];

/** The architecture of each family that writes text. */
const ARCHITECTURES: Readonly<Record<Family, string>> = {
  gpt2: 'GPT2LMHeadModel',
  llama: 'LlamaForCausalLM',
  mistral: 'MistralForCausalLM',
  qwen2: 'Qwen2ForCausalLM',
};

/** A damaged number must not become a list of that length. */
const MOST_LAYERS = 4096;
const MOST_POSITIONS = 2 ** 24;

const ACTIVATIONS: Readonly<Record<string, NonNullable<TransformerConfig['activation']>>> = {
  gelu: 'gelu',
  gelu_new: 'gelu-tanh',
  gelu_fast: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  relu: 'relu',
  silu: 'silu',
  swish: 'silu',
};

/**
 * A Hugging Face config.json as what the forward pass needs.
 *
 * @param file for messages
 * @throws ModelError naming what the checkpoint has that is not supported
 */
export function readConfig(json: JsonObject, file = 'config.json'): TransformerConfig {
  const family = familyOf(json, file);
  if (json.quantization_config !== undefined && json.quantization_config !== null) {
    const method = isJsonObject(json.quantization_config) ? json.quantization_config.quant_method : undefined;
    throw new ModelError(
      `${file} says the weights are quantized${typeof method === 'string' ? ` (${method})` : ''}. ` +
        `Training needs the checkpoint in f32, f16 or bf16.`,
    );
  }
  const fields = fieldsOf(json, file);
  const config = family === 'gpt2' ? gpt2Config(fields, file) : llamaConfig(family, json, fields, file);
  return checked(config, file);
}

function familyOf(json: JsonObject, file: string): Family {
  const type = json.model_type;
  const named = Array.isArray(json.architectures) ? (json.architectures as unknown[]) : [];
  const supported = 'Supported are GPT-2, Llama (SmolLM and SmolLM2 are Llamas), Mistral and Qwen2.';
  if (typeof type !== 'string' || !Object.hasOwn(ARCHITECTURES, type)) {
    const what = [type, ...named].filter((name) => typeof name === 'string').join(', ');
    throw new ModelError(
      `${file} describes ${what || 'no model type'}, which is not supported. ${supported}`,
    );
  }
  const family = type as Family;
  if (named.length > 0 && !named.includes(ARCHITECTURES[family])) {
    throw new ModelError(
      `${file} describes ${named.join(', ')}, which is no language model of this family: ${ARCHITECTURES[family]} is needed.`,
    );
  }
  return family;
}

function gpt2Config(fields: Fields, file: string): TransformerConfig {
  for (const [name, usual] of [
    ['scale_attn_weights', true],
    ['scale_attn_by_inverse_layer_idx', false],
    ['add_cross_attention', false],
  ] as const) {
    if (fields.flag(name, usual) !== usual) {
      throw new ModelError(`${file} has "${name}": ${!usual}, which is not supported.`);
    }
  }
  const hidden = fields.count('n_embd');
  const heads = fields.count('n_head');
  return {
    family: 'gpt2',
    layers: fields.count('n_layer'),
    hidden,
    heads,
    keyValueHeads: heads,
    headSize: hidden / heads,
    intermediate: fields.count('n_inner', 4 * hidden),
    vocabulary: fields.count('vocab_size'),
    positions: fields.count('n_positions', fields.has('n_ctx') ? fields.count('n_ctx') : undefined),
    normEpsilon: fields.positive('layer_norm_epsilon', 1e-5),
    tied: fields.flag('tie_word_embeddings', true),
    attentionBias: true,
    activation: activationOf(fields.text('activation_function', 'gelu_new'), file),
  };
}

function llamaConfig(
  family: Exclude<Family, 'gpt2'>,
  json: JsonObject,
  fields: Fields,
  file: string,
): TransformerConfig {
  const hidden = fields.count('hidden_size');
  const heads = fields.count('num_attention_heads');
  const positions = fields.count('max_position_embeddings');
  const rotary = rotaryOf(json, positions, file);
  const slidingWindow = windowOf(family, json, fields, file);
  const llamaBias = family === 'llama' && fields.flag('attention_bias', false);
  return {
    family,
    layers: fields.count('num_hidden_layers'),
    hidden,
    heads,
    keyValueHeads: fields.count('num_key_value_heads', heads),
    headSize: fields.count('head_dim', hidden / heads),
    intermediate: fields.count('intermediate_size'),
    vocabulary: fields.count('vocab_size'),
    positions:
      rotary.scaling?.kind === 'dynamic' ? Math.min(positions, rotary.scaling.originalPositions) : positions,
    normEpsilon: fields.positive('rms_norm_eps', 1e-6),
    tied: fields.flag('tie_word_embeddings', false),
    attentionBias: family === 'qwen2' || llamaBias,
    attentionOutputBias: llamaBias,
    feedForwardBias: family === 'llama' && fields.flag('mlp_bias', false),
    activation: activationOf(fields.text('hidden_act', 'silu'), file),
    rotary,
    ...(slidingWindow !== undefined && { slidingWindow }),
  };
}

const FULL = 'full_attention';
const SLIDING = 'sliding_attention';

/**
 * The window that every layer has, or none. `layer_types` says which layers slide; older files leave it out.
 *
 * @throws ModelError where layers differ
 */
function windowOf(family: Family, json: JsonObject, fields: Fields, file: string): number | undefined {
  const slides = family === 'mistral' || (family === 'qwen2' && fields.flag('use_sliding_window', false));
  const window = slides && fields.has('sliding_window') ? fields.count('sliding_window') : undefined;
  const layers = fields.count('num_hidden_layers');
  const first = family === 'qwen2' && fields.has('max_window_layers') ? Number(json.max_window_layers) : 0;
  const byAge = [...(first > 0 ? [FULL] : []), ...(first < layers ? [SLIDING] : [])];
  const usual = window === undefined ? [FULL] : byAge;
  const listed = Array.isArray(json.layer_types) ? (json.layer_types as unknown[]) : usual;
  const types = new Set(listed);
  const other = [...types].find((type) => type !== FULL && type !== SLIDING);
  if (other !== undefined) {
    throw new ModelError(`${file} has layers of the type ${JSON.stringify(other)}, which is not supported.`);
  }
  if (types.size > 1 || (types.has(SLIDING) && window === undefined)) {
    throw new ModelError(
      `${file} gives only some layers a sliding window, or does not say how wide it is, which is not supported. ` +
        `Where no text is longer than the window, leave "sliding_window" and "layer_types" out.`,
    );
  }
  return types.has(SLIDING) ? window : undefined;
}

function activationOf(name: string, file: string): NonNullable<TransformerConfig['activation']> {
  if (Object.hasOwn(ACTIVATIONS, name)) return ACTIVATIONS[name];
  throw new ModelError(
    `${file} uses the activation "${name}". Supported are ${Object.keys(ACTIVATIONS).join(', ')}.`,
  );
}

/** Sizes that must fit each other. */
function checked(config: TransformerConfig, file: string): TransformerConfig {
  const { layers, hidden, heads, keyValueHeads, headSize } = config;
  if (layers > MOST_LAYERS) {
    throw new ModelError(
      `${file}: ${layers} layers are more than any model has; at most ${MOST_LAYERS} are read.`,
    );
  }
  if (!Number.isInteger(headSize)) {
    throw new ModelError(`${file}: the hidden size, ${hidden}, cannot be divided among ${heads} heads.`);
  }
  if (config.positions > MOST_POSITIONS) {
    throw new ModelError(
      `${file}: ${config.positions} positions are more than any model has; at most ${MOST_POSITIONS} are read.`,
    );
  }
  if (heads % keyValueHeads !== 0) {
    throw new ModelError(`${file}: ${heads} heads cannot share ${keyValueHeads} heads of keys and values.`);
  }
  if (config.rotary && headSize % 2 !== 0) {
    throw new ModelError(`${file}: rotary embeddings need heads of an even size, not ${headSize}.`);
  }
  return config;
}
