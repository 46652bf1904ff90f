import type { Builder } from '../builder';
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
  if (b.simplify && shape.length === 2)
    return b.node('Gemm', [x, y], type, {
      transA: { int: Number(transposeX) },
      transB: { int: Number(transposeY) },
    });
  const left = transposeX ? swapLastTwo(b, x) : x;
  const right = transposeY ? swapLastTwo(b, y) : y;
  return b.node('MatMul', [left, right], type);
}
