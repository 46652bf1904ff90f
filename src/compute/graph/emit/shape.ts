/** Operators that move numbers without changing them. */
import { int64s, madeBy, splatValue, type Builder } from '../builder';
import { sameShape } from '../feeds';
import type { Value, ValueType } from '../ir';

export function reshape(b: Builder, x: Value, shape: readonly number[]): Value {
  if (b.simplify) {
    if (sameShape(x.shape, shape)) return x;
    const splat = splatValue(x);
    if (splat !== undefined) return b.splat(splat, { shape, dtype: x.dtype });
    const before = madeBy(x, 'Reshape');
    if (before !== undefined) return reshape(b, before.inputs[0], shape);
  }
  // Without allowzero a length of 0 would mean “as it was”.
  return b.node('Reshape', [x, int64s(b, shape)], { shape, dtype: x.dtype }, { allowzero: { int: 1 } });
}

export function transpose(b: Builder, x: Value, order: readonly number[]): Value {
  const shape = order.map((axis) => x.shape[axis]);
  if (b.simplify) {
    const splat = splatValue(x);
    if (splat !== undefined) return b.splat(splat, { shape, dtype: x.dtype });
    const long = order.filter((axis) => x.shape[axis] !== 1);
    if (long.every((axis, i) => i === 0 || axis > long[i - 1])) return reshape(b, x, shape);
    const before = madeBy(x, 'Transpose');
    if (before !== undefined) {
      const first = orderOf(before.attributes.perm);
      return transpose(
        b,
        before.inputs[0],
        order.map((axis) => first[axis]),
      );
    }
  }
  return b.node('Transpose', [x], { shape, dtype: x.dtype }, { perm: { ints: order } });
}

function orderOf(attribute: object): readonly number[] {
  return 'ints' in attribute ? (attribute.ints as readonly number[]) : [];
}

export function swapLastTwo(b: Builder, x: Value): Value {
  const order = x.shape.map((_, axis) => axis);
  const [last, before] = [order.length - 1, order.length - 2];
  [order[last], order[before]] = [before, last];
  return transpose(b, x, order);
}

/** Broadcasts to a shape, as elementwise operators do. */
export function expand(b: Builder, x: Value, shape: readonly number[]): Value {
  if (b.simplify) {
    if (sameShape(x.shape, shape)) return x;
    const splat = splatValue(x);
    if (splat !== undefined) return b.splat(splat, { shape, dtype: x.dtype });
  }
  return b.node('Expand', [x, int64s(b, shape)], { shape, dtype: x.dtype });
}

export function tile(b: Builder, x: Value, repeats: readonly number[]): Value {
  const shape = x.shape.map((length, axis) => length * repeats[axis]);
  if (b.simplify && x.shape.every((length, axis) => length === 1 || repeats[axis] === 1))
    return expand(b, x, shape);
  return b.node('Tile', [x, int64s(b, repeats)], { shape, dtype: x.dtype });
}

export function slice(b: Builder, x: Value, begin: readonly number[], shape: readonly number[]): Value {
  if (b.simplify) {
    if (sameShape(x.shape, shape)) return x;
    const splat = splatValue(x);
    if (splat !== undefined) return b.splat(splat, { shape, dtype: x.dtype });
  }
  const end = begin.map((start, axis) => start + shape[axis]);
  return b.node('Slice', [x, int64s(b, begin), int64s(b, end)], { shape, dtype: x.dtype });
}

export function concat(b: Builder, xs: readonly Value[], axis: number): Value {
  if (b.simplify && xs.length === 1) return xs[0];
  const shape = [...xs[0].shape];
  shape[axis] = xs.reduce((sum, x) => sum + x.shape[axis], 0);
  return b.node('Concat', xs, { shape, dtype: xs[0].dtype }, { axis: { int: axis } });
}

export function pad(b: Builder, x: Value, by: readonly (readonly [number, number])[], value: number): Value {
  if (b.simplify && by.every(([before, after]) => before === 0 && after === 0)) return x;
  const shape = x.shape.map((length, axis) => by[axis][0] + length + by[axis][1]);
  const widths = int64s(b, [...by.map(([before]) => before), ...by.map(([, after]) => after)]);
  const fill = b.splat(value, { shape: [], dtype: x.dtype });
  return b.node('Pad', [x, widths, fill], { shape, dtype: x.dtype });
}

export function reverse(b: Builder, x: Value, axes: readonly number[]): Value {
  if (axes.length === 0) return x;
  const each = (value: number): Value =>
    int64s(
      b,
      axes.map(() => value),
    );
  // Backwards from the last to before the first.
  const end = each(-Number.MAX_SAFE_INTEGER);
  return b.node('Slice', [x, each(-1), end, int64s(b, axes), each(-1)], x);
}

/** @returns x as another type; a number that is not an integer is cut off towards 0 */
export function cast(b: Builder, x: Value, dtype: ValueType): Value {
  if (x.dtype === dtype) return x;
  const { shape } = x;
  const splat = splatValue(x);
  if (splat !== undefined) return b.splat(castNumber(splat, dtype), { shape, dtype });
  return b.node('Cast', [x], { shape, dtype }, { to: { int: ONNX_TYPE[dtype] } });
}

function castNumber(value: number, dtype: ValueType): number {
  if (dtype === 'float32') return value;
  return dtype === 'bool' ? Number(value !== 0) : Math.trunc(value);
}

/** Numbers of ONNX's TensorProto.DataType. */
export const ONNX_TYPE: Readonly<Record<ValueType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 };
