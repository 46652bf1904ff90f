import type { Builder } from '../builder';
import { compare, numeric, scalar } from '../emit/elementwise';
import { reduce } from '../emit/reduce';
import { cast } from '../emit/shape';
import type { Value } from '../ir';
import { axesOf, type Lower, type Lowerings } from './lower';

interface Axes {
  readonly axis: number | readonly number[];
  readonly keepDims?: boolean;
}

const over =
  (operator: string): Lower =>
  (b, { x }, { axis, keepDims }: Axes) =>
    reduce(b, operator, numeric(b, x), axesOf(axis, x.shape.length), keepDims);

/** All, Any: the least or greatest of 0 and 1. */
const ofBooleans =
  (operator: string): Lower =>
  (b, { x }, { axis, keepDims }: Axes) => {
    const number = reduce(b, operator, cast(b, x, 'int32'), axesOf(axis, x.shape.length), keepDims);
    return compare(b, 'Greater', number, scalar(b, 0, number));
  };

const indexOf =
  (operator: string): Lower =>
  (b, { x }, { axis }: { axis: number }) => {
    const at = axesOf(axis, x.shape.length)[0];
    const type = { shape: x.shape.filter((_, i) => i !== at), dtype: 'int64' } as const;
    return cast(b, b.node(operator, [x], type, { axis: { int: at }, keepdims: { int: 0 } }), 'int32');
  };

/** The one reduction of TensorFlow.js that names its axes differently. */
const maximum: Lower = (
  b,
  { x },
  { reductionIndices, keepDims }: { reductionIndices: number | readonly number[]; keepDims?: boolean },
) => reduce(b, 'ReduceMax', numeric(b, x), axesOf(reductionIndices, x.shape.length), keepDims);

/** The greatest and the least number on onnxruntime's CPU pass over NaN; everything else hands it on. */
export const reductions: Lowerings = {
  Sum: over('ReduceSum'),
  Mean: (b, { x }, { axis, keepDims }: Axes) =>
    reduce(b, 'ReduceMean', cast(b, x, 'float32'), axesOf(axis, x.shape.length), keepDims),
  Max: maximum,
  Min: over('ReduceMin'),
  Prod: over('ReduceProd'),
  All: ofBooleans('ReduceMin'),
  Any: ofBooleans('ReduceMax'),
  ArgMax: indexOf('ArgMax'),
  ArgMin: indexOf('ArgMin'),
  Softmax: (b, { logits }, { dim }: { dim: number }) => overLast(b, 'Softmax', logits, dim),
  Cumsum: (
    b,
    { x },
    { axis, exclusive, reverse }: { axis: number; exclusive: boolean; reverse: boolean },
  ) => {
    const at = b.constant(BigInt64Array.of(BigInt(axesOf(axis, x.shape.length)[0])), {
      shape: [],
      dtype: 'int64',
    });
    return b.node('CumSum', [x, at], x, {
      exclusive: { int: Number(exclusive) },
      reverse: { int: Number(reverse) },
    });
  },
};

function overLast(b: Builder, operator: string, x: Value, axis: number): Value {
  return b.node(operator, [x], x, { axis: { int: axesOf(axis, x.shape.length)[0] } });
}
