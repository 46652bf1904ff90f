/** Kernels of our own ops (`../ops`), each one operator of ONNX. */
import type { Lowerings } from './lower';

export const ours: Lowerings = {
  /** @returns y, mean and 1/deviation of each row */
  LayerNormalization: (b, { x, gain, bias }, { epsilon }: { epsilon: number }) => {
    const row = { shape: [...x.shape.slice(0, -1), 1], dtype: x.dtype };
    return b.several('LayerNormalization', [x, gain, bias], [x, row, row], { epsilon: { float: epsilon } });
  },
  LogSoftmax: (b, { logits }) => b.node('LogSoftmax', [logits], logits, { axis: { int: -1 } }),
  Gelu: (b, { x }, { approximate }: { approximate: string }) =>
    b.node('Gelu', [x], x, { approximate: { string: approximate } }),
  /** For each row r: x[r, indices[r]]. */
  GatherElements: (b, { x, indices }) =>
    b.node('GatherElements', [x, indices], { shape: indices.shape, dtype: x.dtype }, { axis: { int: 1 } }),
  /** x with updates[r] added at [r, indices[r]]. */
  ScatterElementsAdd: (b, { x, indices, updates }) =>
    b.node('ScatterElements', [x, indices, updates], x, { axis: { int: 1 }, reduction: { string: 'add' } }),
};
