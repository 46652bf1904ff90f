import type { HostTensors, Tensors, TensorSpec } from '../../compute/graph/program';
import type { BatchTensors } from '../../policy/transformer/forward';
import type { PackedBatch } from '../../policy/transformer/packed-batch';
import type { PackShape } from '../../policy/transformer/packing';

export type BatchShape = PackShape;

const BY_CELL = ['tokens', 'position', 'block', 'segment'] as const;
const BY_TOKEN = ['predictor', 'target', 'slot'] as const;

/** Inputs of a program that takes a packed batch. */
export function batchInputs({ rows, length, scored }: BatchShape): Record<string, TensorSpec> {
  return Object.fromEntries<TensorSpec>([
    ...BY_CELL.map((name) => [`batch.${name}`, { shape: [rows, length], dtype: 'int32' }] as const),
    ...BY_TOKEN.map((name) => [`batch.${name}`, { shape: [scored], dtype: 'int32' }] as const),
  ]);
}

/** A packed batch as the feeds of these inputs. */
export function batchFeeds(batch: PackedBatch): HostTensors {
  const inputs = batchInputs(batch);
  return Object.fromEntries(
    [...BY_CELL, ...BY_TOKEN].map((name) => [
      `batch.${name}`,
      { ...inputs[`batch.${name}`], data: batch[name] },
    ]),
  );
}

/** The same inputs inside a program. */
export function batchTensors(tensors: Tensors): BatchTensors {
  const named = Object.fromEntries([...BY_CELL, ...BY_TOKEN].map((name) => [name, tensors[`batch.${name}`]]));
  return named as unknown as BatchTensors;
}
