import type { RewardModel } from '../policy/reward-model';
import { random } from '../random';
import { climb, type EmOptions, type EmState, type Mixture } from './em';
import type { Problem } from './problem';

const SHORT_RUN = 5;
const STREAM = 0x5911;

/**
 * A start for K types from a fit of fewer: one of its types is split in two that differ in a random direction. Every
 * type is tried, and the best after a few iterations is kept. What fewer types explain is never lost: at the split
 * point itself the likelihood is theirs.
 */
export async function splitStart(
  problem: Problem,
  model: RewardModel,
  fitted: Mixture,
  types: number,
  seed: number,
  em: Pick<EmOptions, 'prior' | 'breathe'>,
): Promise<Mixture> {
  let from = fitted;
  while (from.shares.length < types) {
    let best: EmState | undefined;
    for (let k = 0; k < from.shares.length; k++) {
      const state = await climb(problem, model, split(problem, model, from, k, seed), SHORT_RUN, em);
      if (!best || state.objective > best.objective) best = state;
    }
    from = best!.mixture;
  }
  return from;
}

function split(problem: Problem, model: RewardModel, fitted: Mixture, k: number, seed: number): Mixture {
  const source = random(seed, STREAM, fitted.shares.length, k);
  const direction = new Float64Array(model.parameters).map(() => source.normal());
  const utility = new Float64Array(problem.rankings.alternatives);
  model.rewards(direction, utility);
  const spread = Math.sqrt(utility.reduce((sum, u) => sum + u * u, 0) / utility.length);
  const step = spread > 0 ? 0.5 / spread : 0;
  const half = fitted.shares[k] / 2;
  const moved = (sign: number) => fitted.theta[k].map((t, j) => t + sign * step * direction[j]);
  const theta = [...fitted.theta.map((t, j) => (j === k ? moved(1) : t.slice())), moved(-1)];
  const shares = Float64Array.from([...fitted.shares.map((s, j) => (j === k ? half : s)), half]);
  // the rewards are filled in by the first E-step
  return { shares, theta, utility: theta.map(() => new Float64Array(problem.rankings.alternatives)) };
}
