import type { Random } from '../../../random';
import type { HostTensor } from '../../graph/program';

/** Normal values of the given standard deviation. */
export function randomFloats(draw: Random, shape: readonly number[], deviation = 1): HostTensor {
  const data = Float32Array.from({ length: size(shape) }, () => deviation * draw.normal());
  return { shape, dtype: 'float32', data };
}

/** Whole numbers in 0 … below − 1. */
export function randomIndices(draw: Random, shape: readonly number[], below: number): HostTensor {
  return { shape, dtype: 'int32', data: Int32Array.from({ length: size(shape) }, () => draw.below(below)) };
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
