import type { LikelihoodKernel, LinearFeatures, LinearKernel, Observed } from './likelihood-kernel';
import { blocksFor } from './blocks';
import {
  addCurvatureBlocks,
  addCurvatureProduct,
  addGradient,
  logLikelihoods,
  weightedLogLikelihood,
} from './plackett-luce';
import { profilePosteriors, sumOverAnnotators, weighRankings } from './profiles';

let serial = 0;
/** Numbers what kernels keep. */
export const nextSerial = (): number => ++serial;

/** The kernel in plain TypeScript: the oracle of the compiled one, and its stand-in where memory has no room. */
export function plainKernel(observed: Observed): LikelihoodKernel {
  const { rankings, components } = observed;
  const point = new Float64Array(rankings.alternatives);
  const weight = new Float64Array(rankings.count);
  const kept: Float64Array[] = [];
  const keep = (k: number) => (kept[k] ??= new Float64Array(rankings.count));
  const serials: number[] = [];
  const kernel: LikelihoodKernel = {
    components,
    moveTo: (utility) => {
      point.set(utility);
    },
    likelihoods: (k) => {
      logLikelihoods(rankings, point, keep(k));
      return (serials[k] = nextSerial());
    },
    kept: (k) => serials[k] ?? 0,
    posteriors: (shares, count, gamma) =>
      sumOverAnnotators(profilePosteriors(observed, shares, keep, gamma), count),
    weighByType: (gamma, count, types, k) => {
      weighRankings(observed, count, gamma, types, k, weight);
    },
    weigh: (given) => {
      weight.set(given);
    },
    weighted: (k) => weightedSum(weight, keep(k)),
    gradient: (out) => {
      out.fill(0);
      addGradient(rankings, point, weight, out);
    },
    curvature: (gradient) => {
      kernel.gradient(gradient);
      const blocks = blocksFor(components);
      addCurvatureBlocks(rankings, point, weight, blocks);
      return blocks;
    },
    product: (v, out) => {
      out.fill(0);
      addCurvatureProduct(rankings, point, weight, v, out);
    },
    linear: (features) =>
      plainLinear(kernel, features, rankings.alternatives, () =>
        weightedLogLikelihood(rankings, point, weight),
      ),
  };
  return kernel;
}

/** Those of weight 0 are left out, whatever their ℓ. */
export function weightedSum(weight: Float64Array, value: Float64Array): number {
  let sum = 0;
  for (let r = 0; r < weight.length; r++) if (weight[r] !== 0) sum += weight[r] * value[r];
  return sum;
}

/** Rewards and their pull in plain loops, around any kernel. */
export function plainLinear(
  kernel: LikelihoodKernel,
  { dimensions: d, values }: LinearFeatures,
  alternatives: number,
  value: () => number,
): LinearKernel {
  const u = new Float64Array(alternatives);
  const g = new Float64Array(alternatives);
  const rewards = (theta: Float64Array): void => {
    for (let y = 0; y < alternatives; y++) {
      let sum = 0;
      for (let j = 0, at = y * d; j < d; j++) sum += values[at + j] * theta[j];
      u[y] = sum;
    }
  };
  const pullBack = (out: Float64Array): void => {
    out.fill(0);
    for (let y = 0; y < alternatives; y++) {
      if (g[y] !== 0) for (let j = 0, at = y * d; j < d; j++) out[j] += g[y] * values[at + j];
    }
  };
  return {
    likelihoods: (theta, k) => {
      rewards(theta);
      kernel.moveTo(u);
      return kernel.likelihoods(k);
    },
    gradient: (theta, out) => {
      rewards(theta);
      kernel.moveTo(u);
      kernel.gradient(g);
      pullBack(out);
      return value();
    },
    product: (v, out) => {
      rewards(v);
      kernel.product(u, g);
      pullBack(out);
    },
  };
}
