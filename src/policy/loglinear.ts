import { conjugateGradient } from '../compute/conjugate-gradient';
import { addCurvatureProduct } from '../compute/kernels/plackett-luce';
import { curvatureBlocks, solvePositive } from './curvature';
import type { CurvaturePoint, RewardModel } from './reward-model';

/** Up to this many multiplications the d × d system is assembled; beyond, it is solved by its products. */
const LARGEST_ASSEMBLY = 2e8;

/** Features φ(x, y), alternatives × d, row-major, centred within each prompt. */
export interface FeatureMatrix {
  readonly alternatives: number;
  readonly dimensions: number;
  readonly values: Float64Array;
  readonly names?: readonly string[];
  /** Where the features stand in an orthonormal basis of their span: its vectors, in the features as they were computed. */
  readonly basis?: readonly Float64Array[];
}

/** r(x, y) = φ(x, y)ᵀθ. */
export function loglinear(features: FeatureMatrix): RewardModel {
  const { alternatives, dimensions: d, values } = features;
  const rewards = (theta: Float64Array, utility: Float64Array): void => {
    for (let y = 0; y < alternatives; y++) {
      let sum = 0;
      for (let j = 0, at = y * d; j < d; j++) sum += values[at + j] * theta[j];
      utility[y] = sum;
    }
  };
  const pullBack = (gradient: Float64Array, out: Float64Array): void => {
    out.fill(0);
    for (let y = 0; y < alternatives; y++) {
      const g = gradient[y];
      if (g !== 0) for (let j = 0, at = y * d; j < d; j++) out[j] += g * values[at + j];
    }
  };
  return {
    kind: 'loglinear',
    parameters: d,
    freeParameters: featureRank(features),
    parameterNames: features.names,
    coefficients: (theta) => inComputedFeatures(features, theta),
    rewards,
    pullBack,
    newtonDirection: (at, gradient, lambda, direction) => {
      if (assemblyCost(at, d) <= LARGEST_ASSEMBLY) {
        const system = assemble(at, features);
        for (let j = 0; j < d; j++) system[j * d + j] += lambda;
        direction.set(gradient);
        solvePositive(system, d, direction);
        return;
      }
      const forward = new Float64Array(alternatives);
      const back = new Float64Array(alternatives);
      const diagonal = new Float64Array(d).fill(1 + lambda);
      const product = (v: Float64Array, out: Float64Array) => {
        rewards(v, forward);
        back.fill(0);
        addCurvatureProduct(at.rankings, at.utility, at.weight, forward, back);
        pullBack(back, out);
        for (let j = 0; j < d; j++) out[j] += lambda * v[j];
      };
      conjugateGradient(product, gradient, diagonal, direction);
    },
  };
}

/** θ on the features as they are computed from a text or given in a file. */
function inComputedFeatures({ basis }: FeatureMatrix, theta: Float64Array): Float64Array {
  if (!basis) return theta.slice();
  const whole = new Float64Array(basis.at(0)?.length ?? 0);
  basis.forEach((q, j) => {
    for (let i = 0; i < whole.length; i++) whole[i] += theta[j] * q[i];
  });
  return whole;
}

function assemblyCost({ components }: CurvaturePoint, d: number): number {
  let cost = d ** 3 / 3;
  for (const n of components.size) cost += n * n * d + n * d * d;
  return cost;
}

/** ΦᵀWΦ, d × d, block by block. */
function assemble(at: CurvaturePoint, { dimensions: d, values }: FeatureMatrix): Float64Array {
  const blocks = curvatureBlocks(at);
  const { component, index } = at.components;
  const rowStart = new Int32Array(at.components.count + 1);
  for (let c = 0; c < at.components.count; c++) rowStart[c + 1] = rowStart[c] + at.components.size[c];
  const member = new Int32Array(component.length);
  component.forEach((c, y) => (member[rowStart[c] + index[y]] = y));
  const system = new Float64Array(d * d);
  const weighted = new Float64Array(d);
  for (let c = 0; c < at.components.count; c++) {
    const n = at.components.size[c];
    for (let a = 0; a < n; a++) {
      weighted.fill(0);
      for (let b = 0; b < n; b++) {
        const w = blocks.values[blocks.offset[c] + a * n + b];
        if (w === 0) continue;
        for (let j = 0, row = member[rowStart[c] + b] * d; j < d; j++) weighted[j] += w * values[row + j];
      }
      const row = member[rowStart[c] + a] * d;
      for (let i = 0; i < d; i++) {
        const phi = values[row + i];
        if (phi !== 0) for (let j = 0; j <= i; j++) system[i * d + j] += phi * weighted[j];
      }
    }
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) system[j * d + i] = system[i * d + j];
  return system;
}

/** Rank of the centred feature matrix: pivoted Cholesky of ΦᵀΦ, relative tolerance 1e-10. */
export function featureRank({ alternatives, dimensions: d, values }: FeatureMatrix): number {
  const gram = new Float64Array(d * d);
  for (let y = 0; y < alternatives; y++) {
    for (let i = 0; i < d; i++) {
      const phi = values[y * d + i];
      if (phi !== 0) for (let j = 0; j < d; j++) gram[i * d + j] += phi * values[y * d + j];
    }
  }
  const left = new Set(Array.from({ length: d }, (_, i) => i));
  let largest = 0;
  for (let rank = 0; rank < d; rank++) {
    let pivot = -1;
    for (const i of left) if (pivot < 0 || gram[i * d + i] > gram[pivot * d + pivot]) pivot = i;
    const value = gram[pivot * d + pivot];
    if (rank === 0) largest = value;
    if (!(value > largest * 1e-10)) return rank;
    left.delete(pivot);
    for (const i of left) {
      const factor = gram[i * d + pivot] / value;
      for (const j of left) gram[i * d + j] -= factor * gram[pivot * d + j];
    }
  }
  return d;
}
