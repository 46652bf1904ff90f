import { madeBy, type Builder } from '../builder';
import type { Value } from '../ir';
import { broadcastShape } from './elementwise';
import { swapLastTwo } from './shape';

/**
 * Matrix product over the last two axes; those before broadcast.
 *
 * Two-dimensional products are Gemm, which transposes by itself; onnxruntime does the same with Transpose and MatMul.
 */
export function product(b: Builder, x: Value, y: Value, transposeX: boolean, transposeY: boolean): Value {
  const rows = x.shape.at(transposeX ? -1 : -2)!;
  const columns = y.shape.at(transposeY ? -2 : -1)!;
  const shape = [...broadcastShape(x.shape.slice(0, -2), y.shape.slice(0, -2)), rows, columns];
  const type = { shape, dtype: x.dtype };
  if (b.simplify && shape.length === 2) {
    const [left, right] = [untransposed(x), untransposed(y)];
    return b.node('Gemm', [left ?? x, right ?? y], type, {
      transA: { int: Number((left === undefined) === transposeX) },
      transB: { int: Number((right === undefined) === transposeY) },
    });
  }
  const left = transposeX ? swapLastTwo(b, x) : x;
  const right = transposeY ? swapLastTwo(b, y) : y;
  return b.node('MatMul', [left, right], type);
}

/** The matrix that this one is the transpose of, where it was made so. */
function untransposed(x: Value): Value | undefined {
  return madeBy(x, 'Transpose')?.inputs[0];
}
