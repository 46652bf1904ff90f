import { int64s, splatValue, type Builder } from '../builder';
import type { Value } from '../ir';
import { size } from '../feeds';
import { reshape } from './shape';

/** ReduceSum, ReduceMean, ReduceMax, ReduceMin, ReduceProd over `axes`, which disappear unless `keep`. */
export function reduce(b: Builder, operator: string, x: Value, axes: readonly number[], keep = false): Value {
  const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const shape = keep ? kept : kept.filter((_, axis) => !axes.includes(axis));
  if (b.simplify) {
    if (axes.every((axis) => x.shape[axis] === 1)) return reshape(b, x, shape);
    const splat = splatValue(x);
    const folded = splat === undefined ? undefined : fold(operator, splat, size(x.shape) / size(shape));
    if (folded !== undefined) return b.splat(Math.fround(folded), { shape, dtype: x.dtype });
  }
  if (axes.length === 0) return x;
  return b.node(
    operator,
    [x, int64s(b, axes)],
    { shape, dtype: x.dtype },
    { keepdims: { int: Number(keep) } },
  );
}

function fold(operator: string, value: number, count: number): number | undefined {
  if (operator === 'ReduceSum') return value * count;
  return operator === 'ReduceMean' || operator === 'ReduceMax' || operator === 'ReduceMin'
    ? value
    : undefined;
}
