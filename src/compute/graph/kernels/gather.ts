import { madeBy, type Builder } from '../builder';
import { binary, compare, logical, scalar, where } from '../emit/elementwise';
import { reduce } from '../emit/reduce';
import { cast, expand, reshape, slice } from '../emit/shape';
import { size } from '../feeds';
import type { Value } from '../ir';
import { valueType } from './elementwise';
import { axesOf, type Lowerings } from './lower';

export const gathers: Lowerings = {
  GatherV2: (b, { x, indices }, { axis, batchDims }: { axis: number; batchDims: number }) => {
    if (batchDims !== 0)
      throw new Error(
        'gather with batchDims is computed wrongly by some devices. Gather rows of a matrix by flat indices instead.',
      );
    const at = axesOf(axis, x.shape.length)[0];
    const shape = [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)];
    return b.node('Gather', [x, indices], { shape, dtype: x.dtype }, { axis: { int: at } });
  },
  GatherNd: (b, { params, indices }) => {
    const depth = indices.shape.at(-1)!;
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    return b.node('GatherND', [params, cast(b, indices, 'int64')], { shape, dtype: params.dtype });
  },
  ScatterNd: (b, { indices, updates }, { shape }: { shape: number[] }) => {
    const depth = indices.shape.at(-1)!;
    const rest = shape.slice(depth);
    const rows = size(shape.slice(0, depth));
    const strides = shape.slice(0, depth).map((_, i) => size(shape.slice(i + 1, depth)));
    const steps = b.constant(Int32Array.from(strides), { shape: [depth], dtype: 'int32' });
    const flat = reduce(b, 'ReduceSum', binary(b, 'Mul', cast(b, indices, 'int32'), steps), [
      indices.shape.length - 1,
    ]);
    const to = b.splat(0, { shape: [rows, ...rest], dtype: updates.dtype });
    const sums = add(
      b,
      to,
      reshape(b, flat, [size(flat.shape)]),
      reshape(b, updates, [size(flat.shape), ...rest]),
    );
    return reshape(b, sums, shape);
  },
  UnsortedSegmentSum: (b, { x, segmentIds }, { numSegments }: { numSegments: number }) => {
    const rest = x.shape.slice(segmentIds.shape.length);
    const flat = reshape(b, x, [size(segmentIds.shape), ...rest]);
    const ids = reshape(b, segmentIds, [size(segmentIds.shape)]);
    return segmentSum(b, flat, ids, numSegments);
  },
  OneHot: (
    b,
    { indices },
    { depth, onValue, offValue, dtype }: { depth: number; onValue: number; offValue: number; dtype?: string },
  ) => {
    const type = { dtype: valueType(dtype ?? 'float32') };
    const classes = b.constant(
      Int32Array.from({ length: depth }, (_, i) => i),
      {
        shape: [depth],
        dtype: 'int32',
      },
    );
    // An index outside of 0 … depth − 1 is off everywhere; ONNX's own OneHot counts negative ones from the end.
    const hit = compare(b, 'Equal', reshape(b, indices, [...indices.shape, 1]), classes);
    return where(b, hit, scalar(b, onValue, type), scalar(b, offValue, type));
  },
};

/** Sums the rows of each segment; rows whose id is negative are left out. */
function segmentSum(b: Builder, rows: Value, ids: Value, segments: number): Value {
  const shape = [segments, ...rows.shape.slice(1)];
  if (b.simplify && insideByGather(b, ids, segments))
    return add(b, b.splat(0, { shape, dtype: rows.dtype }), ids, rows);
  // ONNX counts a negative index from the end: such rows go into one segment more, which is then cut off.
  const outside = logical(
    b,
    'Or',
    compare(b, 'Less', ids, scalar(b, 0, ids)),
    compare(b, 'GreaterOrEqual', ids, scalar(b, segments, ids)),
  );
  const safe = where(b, outside, scalar(b, segments, ids), ids);
  const longer = b.splat(0, { shape: [segments + 1, ...rows.shape.slice(1)], dtype: rows.dtype });
  const sums = add(b, longer, safe, rows);
  return slice(
    b,
    sums,
    shape.map(() => 0),
    shape,
  );
}

/** The ids were indices of a gather from as many rows, whose gradient this is: there they had to lie inside. */
function insideByGather(b: Builder, ids: Value, segments: number): boolean {
  const plain = (x: Value): Value => madeBy(x, 'Reshape')?.inputs[0] ?? x;
  return b.nodes.some(({ operator, inputs, attributes: { axis } }) => {
    if (operator !== 'Gather' || plain(inputs[1]) !== plain(ids)) return false;
    return 'int' in axis && inputs[0].shape[axis.int] === segments;
  });
}

/**
 * Adds rows to those of `to` that the ids name. Not by ScatterND, to which onnxruntime's threads add all at once: sums
 * would differ from run to run.
 */
function add(b: Builder, to: Value, ids: Value, rows: Value): Value {
  const width = size(rows.shape.slice(1));
  const flat = (x: Value): Value => reshape(b, x, [x.shape[0], width]);
  const at = expand(b, reshape(b, ids, [ids.shape[0], 1]), [ids.shape[0], width]);
  const [x, updates] = [flat(to), flat(rows)];
  const attributes = { axis: { int: 0 }, reduction: { string: 'add' } };
  return reshape(b, b.node('ScatterElements', [x, at, updates], x, attributes), to.shape);
}
