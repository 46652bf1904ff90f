import {
  addCurvatureBlocks,
  addCurvatureProduct,
  addGradient,
  logLikelihoods,
  type BlockMatrix,
} from '../plackett-luce';
import type { Rankings } from '../rankings';
import type { Plan } from './plan';

/** Rankings that are left to TypeScript, and what they add. Weights and ℓ stand in the kernel’s order. */
export interface Rest {
  readonly empty: boolean;
  likelihoods(point: Float64Array, kept: Float64Array): void;
  gradient(point: Float64Array, weight: Float64Array, out: Float64Array): void;
  product(point: Float64Array, weight: Float64Array, v: Float64Array, out: Float64Array): void;
  blocks(point: Float64Array, weight: Float64Array, out: BlockMatrix): void;
}

/** The tied rankings, or all. They are copied when they are first needed. */
export function restOf(rankings: Rankings, { order }: Plan, which: 'tied' | 'all'): Rest {
  const empty = which === 'tied' && !rankings.tied.includes(1);
  let made: { places: Int32Array; own: Rankings } | undefined;
  const own = () => {
    if (made) return made;
    const places = Int32Array.from(order.keys()).filter(
      (i) => which === 'all' || rankings.tied[order[i]] === 1,
    );
    return (made = { places, own: some(rankings, places, order) });
  };
  const weights = (weight: Float64Array) => Float64Array.from(own().places, (i) => weight[i]);
  return {
    empty,
    likelihoods: (point, kept) => {
      const values = new Float64Array(own().places.length);
      logLikelihoods(own().own, point, values);
      own().places.forEach((i, j) => (kept[i] = values[j]));
    },
    gradient: (point, weight, out) => {
      addGradient(own().own, point, weights(weight), out);
    },
    product: (point, weight, v, out) => {
      addCurvatureProduct(own().own, point, weights(weight), v, out);
    },
    blocks: (point, weight, out) => {
      addCurvatureBlocks(own().own, point, weights(weight), out);
    },
  };
}

function some(rankings: Rankings, places: Int32Array, order: Int32Array): Rankings {
  const start = new Uint32Array(places.length + 1);
  places.forEach((i, j) => {
    start[j + 1] = start[j] + rankings.start[order[i] + 1] - rankings.start[order[i]];
  });
  const option = new Int32Array(start[places.length]);
  const level = new Uint16Array(start[places.length]);
  places.forEach((i, j) => {
    const [from, to] = [rankings.start[order[i]], rankings.start[order[i] + 1]];
    option.set(rankings.option.subarray(from, to), start[j]);
    level.set(rankings.level.subarray(from, to), start[j]);
  });
  return {
    count: places.length,
    alternatives: rankings.alternatives,
    start,
    option,
    level,
    tied: Uint8Array.from(places, (i) => rankings.tied[order[i]]),
    largest: rankings.largest,
  };
}
