import type { Components } from '../compute/components';
import { conjugateGradient } from '../compute/conjugate-gradient';
import { blockValues } from '../compute/kernels/blocks';
import type { LikelihoodKernel } from '../compute/kernels/likelihood-kernel';
import type { BlockMatrix } from '../compute/kernels/plackett-luce';
import { LARGEST_DENSE, solvePositive } from './curvature';
import type { ParameterKernel, RewardModel } from './reward-model';

/**
 * One reward per alternative: per single response, or per item shared across prompts. Rewards are centred within
 * each component of alternatives, as only differences within one are observed.
 *
 * @param names of the alternatives where they mean something by themselves (items)
 */
export function tabular(components: Components, names?: readonly string[]): RewardModel {
  const alternatives = components.component.length;
  let freeParameters = 0;
  for (const n of components.size) freeParameters += n - 1;
  const dense = blockValues(components) <= LARGEST_DENSE;

  const centre = (values: Float64Array): void => {
    const mean = new Float64Array(components.count);
    for (let i = 0; i < alternatives; i++) mean[components.component[i]] += values[i];
    for (let c = 0; c < components.count; c++) mean[c] /= components.size[c];
    for (let i = 0; i < alternatives; i++) values[i] -= mean[components.component[i]];
  };

  const model: Omit<RewardModel, 'on'> = {
    kind: 'tabular',
    parameters: alternatives,
    freeParameters,
    parameterNames: names,
    rewards: (theta, utility) => {
      utility.set(theta);
      centre(utility);
    },
  };
  const members = dense ? membersByComponent(components) : [];
  const made = new WeakMap<LikelihoodKernel, ParameterKernel>();
  const on = (kernel: LikelihoodKernel): ParameterKernel => {
    const utility = new Float64Array(alternatives);
    let blocks: BlockMatrix | undefined;
    return {
      likelihoods: (theta, k) => {
        model.rewards(theta, utility);
        kernel.moveTo(utility);
        return kernel.likelihoods(k);
      },
      gradient: (theta, out) => {
        model.rewards(theta, utility);
        kernel.moveTo(utility);
        if (dense) blocks = kernel.curvature(out);
        else kernel.gradient(out);
        centre(out);
      },
      newtonDirection: (gradient, lambda, direction) => {
        if (blocks) solveBlocks(blocks, members, gradient, lambda, direction);
        else {
          const diagonal = new Float64Array(alternatives).fill(1 + lambda);
          const product = (v: Float64Array, out: Float64Array) => {
            kernel.product(v, out);
            for (let i = 0; i < alternatives; i++) out[i] += lambda * v[i];
          };
          conjugateGradient(product, gradient, diagonal, direction);
        }
        centre(direction);
      },
    };
  };
  return {
    ...model,
    on: (kernel) => {
      const known = made.get(kernel) ?? on(kernel);
      made.set(kernel, known);
      return known;
    },
  };
}

/** The blocks are spoilt. */
function solveBlocks(
  { size, offset, values }: BlockMatrix,
  members: readonly Int32Array[],
  gradient: Float64Array,
  lambda: number,
  direction: Float64Array,
): void {
  for (let c = 0; c < size.length; c++) {
    const n = size[c];
    const block = values.subarray(offset[c], offset[c + 1]);
    // 11ᵀ fills the direction that a constant added to every reward leaves flat
    let scale = 0;
    for (let i = 0; i < n; i++) scale = Math.max(scale, block[i * n + i]);
    for (let i = 0; i < n * n; i++) block[i] += scale / n;
    for (let i = 0; i < n; i++) block[i * n + i] += lambda;
    const b = new Float64Array(n);
    for (let i = 0; i < n; i++) b[i] = gradient[members[c][i]];
    solvePositive(block, n, b);
    for (let i = 0; i < n; i++) direction[members[c][i]] = b[i];
  }
}

function membersByComponent({ component, index, size }: Components): Int32Array[] {
  const members = Array.from(size, (n) => new Int32Array(n));
  component.forEach((c, i) => (members[c][index[i]] = i));
  return members;
}
