import assert from 'node:assert/strict';
import { connectAlternatives } from '../../src/compute/components';
import { UNRANKED_LEVEL } from '../../src/compute/kernels/levels';
import type { LikelihoodKernel, Observed } from '../../src/compute/kernels/likelihood-kernel';
import { random } from '../../src/random';

export interface Shape {
  readonly prompts: number;
  readonly alternatives: number;
  readonly rankings: number;
  readonly largest: number;
  readonly ties: boolean;
  readonly seed: number;
}

/** Rankings over the responses of several prompts, whose ids are mixed; profiles of one to four of them. */
export function observed({ prompts, alternatives, rankings, largest, ties, seed }: Shape): Observed {
  const source = random(seed);
  const ids = source.shuffle(Array.from({ length: prompts * alternatives }, (_, a) => a));
  const start = [0];
  const option: number[] = [];
  const level: number[] = [];
  for (let r = 0; r < rankings; r++) {
    const prompt = source.below(prompts);
    const members = source.shuffle(
      Array.from({ length: alternatives }, (_, i) => ids[prompt * alternatives + i]),
    );
    const size = 2 + source.below(Math.min(largest, alternatives) - 1);
    const ranked = 1 + source.below(size);
    let last = -1;
    for (let i = 0; i < size; i++) {
      option.push(members[i]);
      if (i >= ranked) level.push(UNRANKED_LEVEL);
      else level.push(i > 0 && ties && source.uniform() < 0.2 ? last : ++last);
    }
    start.push(option.length);
  }
  const all = {
    count: rankings,
    alternatives: ids.length,
    start: Uint32Array.from(start),
    option: Int32Array.from(option),
    level: Uint16Array.from(level),
    tied: Uint8Array.from({ length: rankings }, (_, r) => {
      for (let i = start[r] + 1; i < start[r + 1]; i++) {
        if (level[i] === level[i - 1] && level[i] !== UNRANKED_LEVEL) return 1;
      }
      return 0;
    }),
    largest: Math.max(...start.slice(1).map((s, i) => s - start[i])),
  };
  const profileStart = [0];
  const profileRanking: number[] = [];
  for (let r = 0; r < rankings;) {
    const own = Math.min(rankings - r, 1 + source.below(4));
    for (let i = 0; i < own; i++)
      profileRanking.push(source.uniform() < 0.3 ? source.below(rankings) : r + i);
    r += own;
    profileStart.push(profileRanking.length);
  }
  return {
    rankings: all,
    components: connectAlternatives(all),
    profiles: profileStart.length - 1,
    profileStart: Uint32Array.from(profileStart),
    profileRanking: Int32Array.from(profileRanking),
    profileWeight: Float64Array.from(profileRanking, () => 0.5 + source.uniform()),
  };
}

const TYPES = 3;

/** Everything that a kernel computes, at points with `scale` as the standard deviation of rewards. */
export function everything(
  kernel: LikelihoodKernel,
  { rankings, profiles }: Observed,
  scale: number,
  seed: number,
  dimensions = 5,
): Numbers {
  const source = random(seed);
  const vector = (n: number, spread = 1) => Float64Array.from({ length: n }, () => spread * source.normal());
  const count = Float64Array.from({ length: profiles }, () => source.below(3));
  const points = Array.from({ length: TYPES }, () => vector(rankings.alternatives, scale));
  points.forEach((point, k) => {
    kernel.moveTo(point);
    kernel.likelihoods(k);
  });
  const gamma = new Float64Array(profiles * TYPES);
  const value = kernel.posteriors(Float64Array.of(0.5, 0.3, 0.2), count, gamma);
  kernel.weighByType(gamma, count, TYPES, 1);
  const gradient = new Float64Array(rankings.alternatives);
  kernel.moveTo(points[1]);
  kernel.gradient(gradient);
  const again = new Float64Array(rankings.alternatives);
  const blocks = kernel.curvature(again).values.slice();
  const product = new Float64Array(rankings.alternatives);
  kernel.product(vector(rankings.alternatives), product);
  const byType = kernel.weighted(1);
  kernel.weigh(Float64Array.from({ length: rankings.count }, () => source.below(3)));
  const byRanking = kernel.weighted(2);

  const linear = kernel.linear({
    dimensions,
    values: Float32Array.from(vector(rankings.alternatives * dimensions)),
  });
  assert.ok(linear);
  const theta = vector(dimensions, scale / 3);
  const slope = new Float64Array(dimensions);
  const linearValue = linear.gradient(theta, slope);
  const linearProduct = new Float64Array(dimensions);
  linear.product(vector(dimensions), linearProduct);
  // a pass over the features goes to its point only when more is asked: a product before, all blocks here
  linear.likelihoods(vector(dimensions, scale / 3), 0);
  const there = new Float64Array(rankings.alternatives);
  const blocksThere = kernel.curvature(there).values.slice();
  const linearByType = kernel.weighted(0);
  // outside of the domain nobody may use derivatives
  const none = new Float64Array(0);
  return {
    scalars: Float64Array.of(value, byType, byRanking, linearValue, linearByType),
    gamma,
    ...(byType > -Infinity ? { gradient, again, blocks, product } : { gradient: none }),
    ...(linearValue > -Infinity ? { slope, linearProduct } : { slope: none }),
    ...(linearByType > -Infinity ? { there, blocksThere } : { there: none }),
  };
}

export type Numbers = Readonly<Record<string, Float64Array>>;

export function assertNear(actual: Numbers, expected: Numbers): void {
  for (const key of Object.keys(expected)) {
    const size =
      1 + expected[key].reduce((most, v) => Math.max(most, Number.isFinite(v) ? Math.abs(v) : 0), 0);
    expected[key].forEach((value, i) => {
      if (Number.isFinite(value)) {
        assert.ok(
          Math.abs(actual[key][i] - value) <= 1e-11 * size,
          `${key} ${i}: ${actual[key][i]} ${value}`,
        );
      } else assert.equal(actual[key][i], value, key);
    });
  }
}
