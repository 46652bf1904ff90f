import type { HostTensor } from '../../compute/graph/program';
import { random } from '../../random';
import { byteTokenizer } from './byte-tokenizer';
import type { LanguageModel, TransformerConfig, Weights } from './language-model';
import { modelHash } from './model-hash';
import { parameterShapes } from './parameters';

export interface ScratchOptions {
  readonly layers?: number;
  readonly hidden?: number;
  readonly heads?: number;
  readonly intermediate?: number;
  /** Longest prompt and response together, in bytes. */
  readonly positions?: number;
  readonly seed?: number;
}

/** Standard deviation of initial weights, as in GPT-2. */
const SPREAD = 0.02;

/** A small byte-level decoder of Llama's kind, 0.9 million parameters unless told otherwise. @throws Error */
export function scratchConfig(options: ScratchOptions = {}): TransformerConfig {
  const { layers = 4, hidden = 128, heads = 4, intermediate = 3 * hidden, positions = 1024 } = options;
  for (const [name, value] of Object.entries({ layers, hidden, heads, intermediate, positions })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new Error(`"${name}" of the scratch model must be a whole number of at least 1, not ${value}.`);
    }
  }
  if (hidden % (2 * heads) !== 0) {
    throw new Error(
      `The scratch model's hidden size, ${hidden}, must be a multiple of twice its ${heads} heads.`,
    );
  }
  return {
    family: 'llama',
    layers,
    hidden,
    heads,
    keyValueHeads: heads,
    headSize: hidden / heads,
    intermediate,
    vocabulary: byteTokenizer.vocabulary,
    positions,
    normEpsilon: 1e-5,
    tied: true,
    attentionBias: false,
    rotary: { theta: 10_000 },
  };
}

/** Normal weights with standard deviation 0.02, those that end a residual branch divided by √(2 · layers); gains 1. */
export function initialWeights(config: TransformerConfig, seed: number): Weights {
  const weights: Record<string, HostTensor> = {};
  Object.entries(parameterShapes(config)).forEach(([name, shape], index) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const data = new Float32Array(size);
    if (shape.length === 2) {
      const source = random(seed, index);
      const residual = /\.(o_proj|down_proj|c_proj)\.weight$/.test(name);
      const spread = residual ? SPREAD / Math.sqrt(2 * config.layers) : SPREAD;
      for (let i = 0; i < size; i++) data[i] = spread * source.normal();
    } else if (name.endsWith('.weight')) {
      data.fill(1);
    }
    weights[name] = { shape, dtype: 'float32', data };
  });
  return weights;
}

/** The model before its pretraining. */
export function scratchModel(options: ScratchOptions = {}): LanguageModel {
  const config = scratchConfig(options);
  const weights = initialWeights(config, options.seed ?? 0);
  return {
    name: 'scratch',
    config,
    weights,
    tokenizer: byteTokenizer,
    hash: modelHash(config, weights, ['bytes']),
  };
}
