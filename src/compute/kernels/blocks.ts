import type { Components } from '../components';
import type { BlockMatrix } from './plackett-luce';

/** Number of values that a dense block for each component has in all. */
export function blockValues(components: Components): number {
  let values = 0;
  for (const n of components.size) values += n * n;
  return values;
}

/** Dense blocks of zeros, one for each component of alternatives. */
export function blocksFor(components: Components): BlockMatrix {
  const offset = new Float64Array(components.count + 1);
  for (let c = 0; c < components.count; c++) offset[c + 1] = offset[c] + components.size[c] ** 2;
  return { ...components, offset, values: new Float64Array(offset[components.count]) };
}
