import { conjugateGradient } from '../compute/conjugate-gradient';
import type { Components } from '../compute/components';
import type { LikelihoodKernel } from '../compute/kernels/likelihood-kernel';
import type { BlockMatrix } from '../compute/kernels/plackett-luce';
import { solvePositive } from './curvature';
import type { ParameterKernel, RewardModel } from './reward-model';

/** Up to this many multiplications the d × d system is assembled; beyond, it is solved by its products. */
const LARGEST_ASSEMBLY = 2e8;

/** Features φ(x, y), alternatives × d, row-major, centred within each prompt. */
export interface FeatureMatrix<Values extends Float64Array | Float32Array = Float64Array> {
  readonly alternatives: number;
  readonly dimensions: number;
  /** f32 where they are kept so: likelihoods are then computed by compiled kernels. */
  readonly values: Values;
  readonly names?: readonly string[];
  /** Where the features stand in an orthonormal basis of their span: its vectors, in the features as they were computed. */
  readonly basis?: readonly Float64Array[];
}

type AnyFeatures = FeatureMatrix<Float64Array | Float32Array>;

/** r(x, y) = φ(x, y)ᵀθ. */
export function loglinear(features: AnyFeatures): RewardModel {
  const made = new WeakMap<LikelihoodKernel, ParameterKernel>();
  let rank: number | undefined; // computed when it is asked for: with many texts it takes long
  const { alternatives, dimensions: d, values } = features;
  const rewards = (theta: Float64Array, utility: Float64Array): void => {
    let y = 0;
    for (; y + 3 < alternatives; y += 4) {
      // four sums at a time, as one would wait for each of its additions
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let j = 0, at = y * d; j < d; j++, at++) {
        const t = theta[j];
        s0 += values[at] * t;
        s1 += values[at + d] * t;
        s2 += values[at + 2 * d] * t;
        s3 += values[at + 3 * d] * t;
      }
      utility[y] = s0;
      utility[y + 1] = s1;
      utility[y + 2] = s2;
      utility[y + 3] = s3;
    }
    for (; y < alternatives; y++) {
      let sum = 0;
      for (let j = 0, at = y * d; j < d; j++) sum += values[at + j] * theta[j];
      utility[y] = sum;
    }
  };
  return {
    kind: 'loglinear',
    parameters: d,
    get freeParameters() {
      return (rank ??= featureRank(features));
    },
    parameterNames: features.names,
    coefficients: (theta) => inComputedFeatures(features, theta),
    features: (alternative) => values.subarray(alternative * d, (alternative + 1) * d),
    rewards,
    on: (kernel) => {
      const known = made.get(kernel) ?? linearOn(kernel, features);
      made.set(kernel, known);
      return known;
    },
  };
}

function linearOn(kernel: LikelihoodKernel, features: AnyFeatures): ParameterKernel {
  const { alternatives, dimensions: d } = features;
  const linear = kernel.linear(features);
  const assembled = assemblyCost(kernel.components, d) <= LARGEST_ASSEMBLY;
  const byAlternative = new Float64Array(alternatives);
  return {
    likelihoods: (theta, k) => linear.likelihoods(theta, k),
    gradient: (theta, out) => {
      linear.gradient(theta, out);
    },
    newtonDirection: (gradient, lambda, direction) => {
      if (assembled) {
        const system = assemble(kernel.curvature(byAlternative), features);
        for (let j = 0; j < d; j++) system[j * d + j] += lambda;
        direction.set(gradient);
        solvePositive(system, d, direction);
        return;
      }
      const diagonal = new Float64Array(d).fill(1 + lambda);
      const product = (v: Float64Array, out: Float64Array) => {
        linear.product(v, out);
        for (let j = 0; j < d; j++) out[j] += lambda * v[j];
      };
      conjugateGradient(product, gradient, diagonal, direction);
    },
  };
}

/** θ on the features as they are computed from a text or given in a file. */
function inComputedFeatures({ basis }: AnyFeatures, theta: Float64Array): Float64Array {
  if (!basis) return theta.slice();
  const whole = new Float64Array(basis.at(0)?.length ?? 0);
  basis.forEach((q, j) => {
    for (let i = 0; i < whole.length; i++) whole[i] += theta[j] * q[i];
  });
  return whole;
}

function assemblyCost({ size }: Pick<Components, 'size'>, d: number): number {
  let cost = d ** 3 / 3;
  for (const n of size) cost += n * n * d + n * d * d;
  return cost;
}

/** ΦᵀWΦ, d × d, block by block. */
function assemble(blocks: BlockMatrix, { dimensions: d, values }: AnyFeatures): Float64Array {
  const { component, index, size } = blocks;
  const rowStart = new Int32Array(size.length + 1);
  for (let c = 0; c < size.length; c++) rowStart[c + 1] = rowStart[c] + size[c];
  const member = new Int32Array(component.length);
  component.forEach((c, y) => (member[rowStart[c] + index[y]] = y));
  const system = new Float64Array(d * d);
  const weighted = new Float64Array(d);
  for (let c = 0; c < size.length; c++) {
    const n = size[c];
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
export function featureRank({ alternatives, dimensions: d, values }: AnyFeatures): number {
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
