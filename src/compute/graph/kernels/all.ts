import { elementwise } from './elementwise';
import { ours } from './fused';
import { gathers } from './gather';
import type { Lowerings } from './lower';
import { products } from './product';
import { reductions } from './reduce';
import { shape } from './shape';

/** Every kernel of TensorFlow.js that can be traced. */
export const lowerings: Lowerings = {
  ...elementwise,
  ...gathers,
  ...ours,
  ...products,
  ...reductions,
  ...shape,
};
