import { binary, unary } from '../emit/elementwise';
import { product } from '../emit/product';
import type { Value } from '../ir';
import type { Lowerings } from './lower';

interface Transposed {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

export const products: Lowerings = {
  BatchMatMul: (b, { a, b: c }, { transposeA, transposeB }: Transposed) =>
    product(b, a, c, transposeA, transposeB),
  _FusedMatMul: (
    b,
    { a, b: c, bias },
    { transposeA, transposeB, activation }: Transposed & { activation?: string },
  ) => {
    const plain = product(b, a, c, transposeA, transposeB);
    const biased = (bias as Value | undefined) === undefined ? plain : binary(b, 'Add', plain, bias);
    if (activation === undefined || activation === 'linear') return biased;
    const operator = ACTIVATIONS[activation] as string | undefined;
    if (operator === undefined)
      throw new Error(`fused.matMul with activation “${activation}” cannot be traced.`);
    return unary(b, operator, biased);
  },
};

const ACTIVATIONS: Readonly<Record<string, string>> = { relu: 'Relu', sigmoid: 'Sigmoid', elu: 'Elu' };
