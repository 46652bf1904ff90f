import type { RewardModel } from '../../policy/reward-model';
import { random } from '../../random';
import type { MixturePoint } from './scores';

/** Standard deviation of the rewards of a type drawn at random, in nats. */
const SPREAD = 1;

/** Parameters drawn at random, seeded: shares from a flat Dirichlet kept off the edges, rewards normal. */
export function genericPoint(
  model: RewardModel,
  alternatives: number,
  types: number,
  seed: number,
): MixturePoint {
  const source = random(seed, types, 1);
  const gaps = Array.from({ length: types }, () => 0.5 - Math.log(1 - source.uniform()));
  const total = gaps.reduce((sum, g) => sum + g, 0);
  return {
    shares: gaps.map((g) => g / total).sort((a, b) => b - a),
    utility: Array.from({ length: types }, () => randomRewards(model, alternatives, () => source.normal())),
  };
}

/** The worst case: equal shares, types 1 and 2 at b and −b, further types at random. */
export function symmetricPoint(
  model: RewardModel,
  alternatives: number,
  types: number,
  seed: number,
): MixturePoint {
  const source = random(seed, types, 2);
  const utility = Array.from({ length: types }, () =>
    randomRewards(model, alternatives, () => source.normal()),
  );
  utility[1] = utility[0].map((u) => -u);
  return { shares: new Array<number>(types).fill(1 / types), utility };
}

function randomRewards(model: RewardModel, alternatives: number, normal: () => number): Float64Array {
  const utility = new Float64Array(alternatives);
  model.rewards(new Float64Array(model.parameters).map(normal), utility);
  const size = Math.sqrt(utility.reduce((sum, u) => sum + u * u, 0) / alternatives);
  return size > 0 ? utility.map((u) => (u * SPREAD) / size) : utility;
}
