import type { Components } from '../compute/components';
import { conjugateGradient } from '../compute/conjugate-gradient';
import { addCurvatureProduct } from '../compute/kernels/plackett-luce';
import { blockValues, curvatureBlocks, LARGEST_DENSE, solvePositive } from './curvature';
import type { RewardModel } from './reward-model';

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

  return {
    kind: 'tabular',
    parameters: alternatives,
    freeParameters,
    parameterNames: names,
    rewards: (theta, utility) => {
      utility.set(theta);
      centre(utility);
    },
    pullBack: (gradient, out) => {
      out.set(gradient);
      centre(out);
    },
    newtonDirection: (at, gradient, lambda, direction) => {
      direction.set(gradient);
      if (!dense) {
        const diagonal = new Float64Array(alternatives).fill(1 + lambda);
        const product = (v: Float64Array, out: Float64Array) => {
          addCurvatureProduct(at.rankings, at.utility, at.weight, v, out);
          for (let i = 0; i < alternatives; i++) out[i] += lambda * v[i];
        };
        conjugateGradient(product, gradient, diagonal, direction);
        centre(direction);
        return;
      }
      const blocks = curvatureBlocks(at);
      const members = membersByComponent(components);
      for (let c = 0; c < components.count; c++) {
        const n = components.size[c];
        const block = blocks.values.subarray(blocks.offset[c], blocks.offset[c + 1]);
        // 11ᵀ fills the direction that a constant added to every reward leaves flat
        let scale = 0;
        for (let i = 0; i < n; i++) scale = Math.max(scale, block[i * n + i]);
        for (let i = 0; i < n * n; i++) block[i] += scale / n;
        for (let i = 0; i < n; i++) block[i * n + i] += lambda;
        const b = Float64Array.from(members[c], (i) => gradient[i]);
        solvePositive(block, n, b);
        members[c].forEach((i, j) => (direction[i] = b[j]));
      }
      centre(direction);
    },
  };
}

function membersByComponent(components: Components): number[][] {
  const members: number[][] = Array.from({ length: components.count }, () => []);
  components.component.forEach((c, i) => members[c].push(i));
  return members;
}
