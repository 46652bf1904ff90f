import { linearModules } from './lora';
import type { TransformerConfig } from './language-model';

/** Every parameter of a model by its Hugging Face name, with its shape. */
export function parameterShapes(config: TransformerConfig): Record<string, readonly number[]> {
  const { hidden, vocabulary } = config;
  const shapes: Record<string, readonly number[]> = {};
  const gpt2 = config.family === 'gpt2';
  const root = gpt2 ? 'transformer' : 'model';
  shapes[gpt2 ? 'transformer.wte.weight' : 'model.embed_tokens.weight'] = [vocabulary, hidden];
  if (gpt2) shapes['transformer.wpe.weight'] = [config.positions, hidden];
  for (const { name, in: from, out } of linearModules(config)) {
    shapes[`${name}.weight`] = gpt2 ? [from, out] : [out, from];
    if (gpt2 || hasBias(config, name)) shapes[`${name}.bias`] = [out];
  }
  const norms = gpt2 ? ['ln_1', 'ln_2'] : ['input_layernorm', 'post_attention_layernorm'];
  const layers = gpt2 ? 'h' : 'layers';
  const every = Array.from({ length: config.layers }, (_, i) =>
    norms.map((norm) => `${root}.${layers}.${i}.${norm}`),
  );
  for (const name of [...every.flat(), gpt2 ? 'transformer.ln_f' : 'model.norm']) {
    shapes[`${name}.weight`] = [hidden];
    if (gpt2) shapes[`${name}.bias`] = [hidden];
  }
  if (!config.tied) shapes['lm_head.weight'] = [vocabulary, hidden];
  return shapes;
}

function hasBias(config: TransformerConfig, name: string): boolean {
  if (/\.mlp\.\w+$/.test(name)) return config.feedForwardBias === true;
  return (name.endsWith('.o_proj') ? config.attentionOutputBias : config.attentionBias) === true;
}
