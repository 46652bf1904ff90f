import type { Builder } from '../builder';
import { concat, pad, reshape, reverse, slice, tile, transpose } from '../emit/shape';
import type { Value } from '../ir';
import { valueType } from './elementwise';
import { axesOf, type Lowerings } from './lower';

export const shape: Lowerings = {
  Reshape: (b, { x }, { shape }: { shape: number[] }) => reshape(b, x, inferred(x, shape)),
  ExpandDims: (b, { input }, { dim }: { dim: number }) => {
    const longer = [...input.shape];
    longer.splice(dim < 0 ? dim + longer.length + 1 : dim, 0, 1);
    return reshape(b, input, longer);
  },
  Transpose: (b, { x }, { perm }: { perm: number[] }) => transpose(b, x, perm),
  Tile: (b, { x }, { reps }: { reps: number[] }) => tile(b, x, reps),
  Slice: (b, { x }, { begin, size }: { begin: number | number[]; size: number | number[] }) => {
    const start = x.shape.map((_, axis) => (typeof begin === 'number' ? [begin] : begin)[axis] ?? 0);
    const lengths = typeof size === 'number' ? [size] : size;
    const sizes = x.shape.map((length, axis) => {
      const wanted = axis < lengths.length ? lengths[axis] : -1;
      return wanted === -1 ? length - start[axis] : wanted;
    });
    return slice(b, x, start, sizes);
  },
  PadV2: (b, { x }, { paddings, constantValue }: { paddings: [number, number][]; constantValue: number }) =>
    pad(b, x, paddings, constantValue),
  Concat: (b, inputs, { axis }: { axis: number }) => {
    const all = Object.values(inputs);
    return concat(b, all, axesOf(axis, all[0].shape.length)[0]);
  },
  Pack: (b, inputs, { axis }: { axis: number }) => {
    const all = Object.values(inputs);
    const at = axis < 0 ? axis + all[0].shape.length + 1 : axis;
    const longer = [...all[0].shape];
    longer.splice(at, 0, 1);
    return concat(
      b,
      all.map((x) => reshape(b, x, longer)),
      at,
    );
  },
  Unpack: (b, { value }, { axis }: { axis: number }) => {
    const at = axesOf(axis, value.shape.length)[0];
    const shorter = value.shape.filter((_, i) => i !== at);
    return split(b, value, Array<number>(value.shape[at]).fill(1), at).map((x) => reshape(b, x, shorter));
  },
  SplitV: (b, { x }, { numOrSizeSplits, axis }: { numOrSizeSplits: number | number[]; axis: number }) => {
    const at = axesOf(axis, x.shape.length)[0];
    return split(b, x, pieces(x.shape[at], numOrSizeSplits), at);
  },
  Reverse: (b, { x }, { dims }: { dims: number | number[] }) => reverse(b, x, axesOf(dims, x.shape.length)),

  ZerosLike: (b, { x }) => b.splat(0, x),
  OnesLike: (b, { x }) => b.splat(1, x),
  Fill: (b, _, { shape, value, dtype }: { shape: number[]; value: number; dtype?: string }) =>
    b.splat(value, { shape, dtype: valueType(dtype ?? 'float32') }),
  Range: (
    b,
    _,
    { start, stop, step, dtype }: { start: number; stop: number; step: number; dtype?: string },
  ) => {
    const length = Math.max(0, Math.ceil((stop - start) / step));
    const values = Array.from({ length }, (_, i) => start + i * step);
    return dtype === 'int32'
      ? b.constant(Int32Array.from(values), { shape: [length], dtype })
      : b.constant(Float32Array.from(values), { shape: [length], dtype: 'float32' });
  },
};

function split(b: Builder, x: Value, sizes: readonly number[], axis: number): Value[] {
  let start = 0;
  return sizes.map((size) => {
    const begin = x.shape.map((_, i) => (i === axis ? start : 0));
    start += size;
    return slice(
      b,
      x,
      begin,
      x.shape.map((length, i) => (i === axis ? size : length)),
    );
  });
}

/** At most one size is −1: what is left. */
function pieces(length: number, wanted: number | readonly number[]): readonly number[] {
  if (typeof wanted === 'number') return Array<number>(wanted).fill(length / wanted);
  const rest = length - wanted.reduce((sum, size) => (size === -1 ? sum : sum + size), 0);
  return wanted.map((size) => (size === -1 ? rest : size));
}

function inferred(x: Value, shape: readonly number[]): readonly number[] {
  const total = x.shape.reduce((product, length) => product * length, 1);
  const given = shape.reduce((product, length) => (length === -1 ? product : product * length), 1);
  return shape.map((length) => (length === -1 ? total / given : length));
}
