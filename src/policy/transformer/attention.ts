import * as tf from '../../compute/graph/tf';
import type { TransformerConfig } from './language-model';

/** Keys and values of one layer, [rows, keyValueHeads, tokens, headSize] each, keys already rotated. */
export interface KeyValues {
  readonly keys: tf.Tensor4D;
  readonly values: tf.Tensor4D;
}

/** Added to the score of what may not be attended to; exp of it is 0. */
export const BLOCKED = -1e9;

/**
 * Which tokens of a packed row each token sees: those of its own block up to its own position that belong to the prompt
 * or to the same response, and no further back than the sliding window.
 *
 * @param position, block, segment int32 [rows, length] of a PackedBatch
 * @returns [rows, 1, length, length], 0 or BLOCKED, to be added to scores
 */
export function packedMask(
  config: TransformerConfig,
  position: tf.Tensor2D,
  block: tf.Tensor2D,
  segment: tf.Tensor2D,
): tf.Tensor4D {
  const [of, to] = [2, 1].map((axis) => (x: tf.Tensor2D) => tf.expandDims<tf.Tensor3D>(x, axis));
  const sameBlock = tf.equal(of(block), to(block));
  const visible = tf.logicalOr(tf.equal(of(segment), to(segment)), tf.equal(to(segment), 0));
  let seen: tf.Tensor = tf.logicalAnd(
    tf.logicalAnd(sameBlock, visible),
    tf.lessEqual(to(position), of(position)),
  );
  if (config.slidingWindow !== undefined) {
    seen = tf.logicalAnd(seen, tf.less(tf.sub(of(position), to(position)), config.slidingWindow));
  }
  return tf.expandDims(tf.mul(tf.sub(tf.cast(seen, 'float32'), 1), -BLOCKED), 1);
}

/** Where a layer's tokens are. */
export interface Span {
  readonly rows: number;
  /** New tokens by row. */
  readonly length: number;
  /** [rows or 1, 1, length, past + length], added to scores; the past's tokens come first. */
  readonly mask: tf.Tensor4D;
  /** Of earlier tokens, where they are kept. */
  readonly past?: KeyValues;
}

/**
 * Scaled dot-product attention of new tokens over the past and themselves. In grouped-query attention the queries that
 * share keys are put in one row of the batch, so that no key is copied.
 *
 * @param queries [tokens, heads, headSize]; keys and values [tokens, keyValueHeads, headSize]; tokens = rows · length
 * @returns the mixed values [tokens, heads · headSize], and the new tokens' keys and values, without the past's
 */
export function attend(
  config: TransformerConfig,
  span: Span,
  queries: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
): { mixed: tf.Tensor2D; added: KeyValues } {
  const { rows, length, mask, past } = span;
  const { heads, keyValueHeads, headSize } = config;
  const byHead = (x: tf.Tensor3D, n: number): tf.Tensor4D =>
    tf.transpose(tf.reshape(x, [rows, length, n, headSize]), [0, 2, 1, 3]);
  const added = { keys: byHead(keys, keyValueHeads), values: byHead(values, keyValueHeads) };
  const all = past
    ? { keys: tf.concat([past.keys, added.keys], 2), values: tf.concat([past.values, added.values], 2) }
    : added;
  const reach = all.keys.shape[2];
  const groups = rows * keyValueHeads;
  const shared = (heads / keyValueHeads) * length;
  const q = tf.reshape(byHead(tf.mul(queries, 1 / Math.sqrt(headSize)), heads), [groups, shared, headSize]);
  const k = tf.reshape(all.keys, [groups, reach, headSize]);
  const v = tf.reshape(all.values, [groups, reach, headSize]);
  const scores = tf.reshape(tf.matMul(q, k, false, true), [rows, heads, length, reach]);
  const share = tf.reshape(tf.softmax(tf.add(scores, mask)), [groups, shared, reach]);
  const mixed = tf.reshape(tf.matMul(share, v), [rows, heads, length, headSize]);
  return { mixed: tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [rows * length, heads * headSize]), added };
}
