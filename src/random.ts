import { randomNormal } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded random numbers: the same seed and stream give the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer in 0 … n − 1. */
  below(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** Standard Gumbel: the noise under which an argsort of utilities is a Plackett–Luce ranking. */
  gumbel(): number;
  /** Index drawn with probability proportional to `weights`. */
  choice(weights: ArrayLike<number>): number;
  /** Shuffles in place (Fisher–Yates) and returns its argument. */
  shuffle<T extends unknown[] | Int32Array | Float64Array>(values: T): T;
}

const WARM_UP = 32;

/** The final mix of MurmurHash3: every bit of the result depends on every bit of the argument. */
function scatter(value: number): number {
  let v = value;
  v = Math.imul(v ^ (v >>> 16), 0x85ebca6b);
  v = Math.imul(v ^ (v >>> 13), 0xc2b2ae35);
  return v ^ (v >>> 16);
}

/** @param stream numbers that tell independent uses of one seed apart, such as the index of a start */
export function random(seed: number, ...stream: number[]): Random {
  let mixed = scatter(seed | 0);
  for (const s of stream) mixed = scatter(mixed ^ (s + 0x9e3779b9));
  const generator = xoroshiro128plus(mixed);
  // its first numbers still show the seed: neighbouring seeds would give neighbouring numbers
  for (let i = 0; i < WARM_UP; i++) generator.next();
  const uniform = () => uniformFloat64(generator);
  const below = (n: number) => Math.floor(uniform() * n);
  return {
    uniform,
    below,
    normal: randomNormal.source(uniform)(),
    // 1 − u is in (0, 1], so that neither logarithm meets 0 but for u = 0, where −log(tiny) is large and finite
    gumbel: () => -Math.log(Math.max(-Math.log(1 - uniform()), Number.MIN_VALUE)),
    choice: (weights) => {
      let total = 0;
      for (let i = 0; i < weights.length; i++) total += weights[i];
      let left = uniform() * total;
      for (let i = 0; i < weights.length - 1; i++) {
        left -= weights[i];
        if (left < 0) return i;
      }
      return weights.length - 1;
    },
    shuffle: (values) => {
      for (let i = values.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [values[i], values[j]] = [values[j], values[i]];
      }
      return values;
    },
  };
}
