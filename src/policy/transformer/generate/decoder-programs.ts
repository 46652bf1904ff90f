import type { HostTensors, Program, Tensors, TensorSpec } from '../../../compute/graph/program';
import * as tf from '../../../compute/graph/tf';
import type { Adapter } from '../adapter';
import { packedMask, type KeyValues } from '../attention';
import { decoderLayer, embed, finalNorm, logits } from '../decoder';
import type { TransformerConfig, Weights } from '../language-model';
import { keysOf, valuesOf } from './key-value-cache';

/** An adapter in ordinary memory: what changes from policy to policy over one base. */
export interface HostAdapter {
  readonly tensors: HostTensors;
  /** alpha / rank. */
  readonly scaling: number;
}

/** The base, and what an adapter over it looks like: programs are the same for adapters of the same shapes. */
export interface DecoderShape {
  readonly config: TransformerConfig;
  readonly weights: Weights;
  readonly adapter?: { readonly specs: Readonly<Record<string, TensorSpec>>; readonly scaling: number };
}

/**
 * Works through prompts. Inputs: `tokens` and `position` [rows, length], padded at the end with positions that go on;
 * `last` [rows], the flat index of each prompt's last token. Outputs: `logits` [rows, vocabulary] of the first token
 * after each prompt, and keys and values of all tokens, [rows, keyValueHeads, length, headSize] by layer. What they
 * hold for padding means nothing.
 */
export function promptProgram(shape: DecoderShape, rows: number, length: number): Program {
  const { config } = shape;
  const each: TensorSpec = { shape: [rows, length], dtype: 'int32' };
  return {
    name: `prompts ${rows} × ${length}`,
    inputs: {
      tokens: each,
      position: each,
      last: { shape: [rows], dtype: 'int32' },
      ...shape.adapter?.specs,
    },
    constants: shape.weights,
    compute(tensors) {
      const position = tensors.position as tf.Tensor2D;
      // padding comes after every token of its row, so that what is causal never sees it
      const one = tf.zeros<tf.Rank.R2>([rows, length], 'int32');
      const mask = packedMask(config, position, one, one);
      const { x, added } = layers(shape, tensors, { rows, length, mask });
      return {
        logits: logits(config, tensors, finalNorm(config, tensors, tf.gather(x, tensors.last))),
        ...named(added),
      };
    },
  };
}

/**
 * Works through one more token of each row. Inputs: `tokens` and `position` [rows, 1]; `mask` [rows, 1, 1,
 * capacity + 1], 0 where the token attends to and BLOCKED elsewhere, the token itself last; keys and values of the
 * tokens before, [rows, keyValueHeads, capacity, headSize] by layer. Outputs: `logits` [rows, vocabulary] of the token
 * that follows, and keys and values of this one.
 */
export function stepProgram(shape: DecoderShape, rows: number, capacity: number): Program {
  const { config } = shape;
  const past: TensorSpec = {
    shape: [rows, config.keyValueHeads, capacity, config.headSize],
    dtype: 'float32',
  };
  const each: TensorSpec = { shape: [rows, 1], dtype: 'int32' };
  const names = Array.from({ length: config.layers }, (_, layer) => [keysOf(layer), valuesOf(layer)]);
  return {
    name: `step ${rows} × ${capacity}`,
    inputs: {
      tokens: each,
      position: each,
      mask: { shape: [rows, 1, 1, capacity + 1], dtype: 'float32' },
      ...Object.fromEntries(names.flat().map((name) => [name, past])),
      ...shape.adapter?.specs,
    },
    constants: shape.weights,
    compute(tensors) {
      const span = { rows, length: 1, mask: tensors.mask as tf.Tensor4D };
      const kept = names.map(([keys, values]) => ({
        keys: tensors[keys] as tf.Tensor4D,
        values: tensors[values] as tf.Tensor4D,
      }));
      const { x, added } = layers(shape, tensors, span, kept);
      return { logits: logits(config, tensors, finalNorm(config, tensors, x)), ...named(added) };
    },
  };
}

function layers(
  { config, adapter: over }: DecoderShape,
  tensors: Tensors,
  span: { readonly rows: number; readonly length: number; readonly mask: tf.Tensor4D },
  past?: readonly KeyValues[],
): { x: tf.Tensor2D; added: KeyValues[] } {
  const adapter: Adapter | undefined = over && { tensors, scaling: over.scaling };
  const { x: embedded, turn } = embed(config, tensors, tensors.tokens, tensors.position);
  const added: KeyValues[] = [];
  let x = embedded;
  for (let layer = 0; layer < config.layers; layer++) {
    const done = decoderLayer(config, tensors, adapter, layer, { x, turn }, { ...span, past: past?.[layer] });
    x = done.x;
    added.push(done.added);
  }
  return { x, added };
}

function named(added: readonly KeyValues[]): Record<string, tf.Tensor> {
  return Object.fromEntries(
    added.flatMap(({ keys, values }, layer) => [
      [keysOf(layer), keys],
      [valuesOf(layer), values],
    ]),
  );
}
