import * as at from '../assembly/layout';
import { blocksFor } from '../blocks';
import type { BlockMatrix } from '../plackett-luce';
import type { Loaded } from './load';
import type { Turn } from './turn';

/** Each part of the curvature has all blocks of its own: so many parts at most, and values in all of them together. */
const MOST_BLOCK_PARTS = 16;
const MOST_BLOCK_VALUES = 1 << 22;

/**
 * The curvature of the rankings as dense blocks. Memory for them is taken at the first use.
 *
 * @returns computes gradient (into `sums`) and blocks, without what the rest of the rankings adds
 */
export function compiledBlocks(loaded: Loaded, turn: Turn): () => BlockMatrix {
  const { plan } = loaded;
  const blocks = blocksFor(loaded.observed.components);
  const copies = plan.apart
    ? 1
    : Math.max(
        1,
        Math.min(plan.parts, MOST_BLOCK_PARTS, Math.floor(MOST_BLOCK_VALUES / blocks.values.length)),
      );
  let inside: Float64Array | undefined;
  return () => {
    turn.arrive();
    if (turn.outside) {
      loaded.sums.fill(0);
      blocks.values.fill(0);
      return blocks;
    }
    inside ??= loadBlocks(loaded, blocks, copies);
    if (plan.apart) {
      inside.fill(0);
      turn.perform(at.CURVATURE);
    } else {
      turn.perform(at.CURVATURE, copies);
      if (copies > 1) turn.perform(at.ADD_BLOCKS, copies);
      turn.perform(at.ADD_UP);
    }
    mirror(inside, blocks);
    return blocks;
  };
}

function loadBlocks(
  { observed, plan, region }: Loaded,
  { offset, values }: BlockMatrix,
  copies: number,
): Float64Array {
  const { component, index, size } = observed.components;
  const row = region.words(at.ROW, new Uint32Array(component.length));
  const column = region.words(at.COLUMN, new Uint32Array(component.length));
  component.forEach((c, a) => {
    row[plan.place[a]] = 8 * (offset[c] + index[a] * size[c]);
    column[plan.place[a]] = 8 * index[a];
  });
  region.set(at.BLOCK_BYTES, 8 * values.length);
  region.set(at.BLOCK_PARTS, copies);
  return region.floats(at.BLOCKS, copies * values.length);
}

/** Each pair of alternatives has its sum spread over two entries: both become the whole of it. */
function mirror(from: Float64Array, { size, offset, values }: BlockMatrix): void {
  size.forEach((n, c) => {
    for (let i = 0, rowI = offset[c]; i < n; i++, rowI += n) {
      values[rowI + i] = from[rowI + i];
      for (let k = 0; k < i; k++) {
        const both = from[rowI + k] + from[offset[c] + k * n + i];
        values[rowI + k] = both;
        values[offset[c] + k * n + i] = both;
      }
    }
  });
}
