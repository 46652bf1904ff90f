import type { RewardModel } from '../policy/reward-model';
import type { StartSummary } from '../protocol/result';
import { random, type Random } from '../random';
import { agreementPosterior } from './agreement';
import { climb, mixtureFromPosterior, type EmOptions, type EmState, type Mixture } from './em';
import { maximise, rankingWeights } from './m-step';
import type { Problem } from './problem';

export interface Start {
  readonly kind: StartSummary['kind'];
  readonly mixture: Mixture;
}

/**
 * The i-th starting point. The first is agreement clusters where annotators overlap; the others take turns between
 *
 * - *random*: every type has random rewards;
 * - *outlier*: one type is fitted to everybody, each other one to a single annotator drawn at random, more or less
 *   sharply; the best of several such draws after a few iterations (Biernacki, Celeux and Govaert 2003). It finds
 *   small types of one mind, which random rewards hardly ever do.
 *
 * Identical types with uniform posteriors are an exact fixed point of EM, so no start is ever that.
 */
export async function makeStart(
  problem: Problem,
  model: RewardModel,
  types: number,
  seed: number,
  index: number,
  em: Pick<EmOptions, 'prior' | 'breathe'>,
): Promise<Start> {
  if (types === 1)
    return { kind: 'random', mixture: mixtureOf(problem, [1], [new Float64Array(model.parameters)]) };
  const source = random(seed, types, index);
  if (index === 0) {
    const gamma = agreementPosterior(problem, types, source);
    if (gamma) {
      const zero = Array.from({ length: types }, () => new Float64Array(model.parameters));
      // a cluster can be perfectly unanimous: without a prior its rewards would run away at once
      const prior = Math.max(em.prior, LEAST_PRIOR);
      const { shares, theta } = await mixtureFromPosterior(problem, model, gamma, prior, zero, em.breathe);
      return { kind: 'agreement', mixture: mixtureOf(problem, shares, theta) };
    }
  }
  return index % 2 === 1
    ? randomStart(problem, model, types, source)
    : outlierStart(problem, model, types, source, em);
}

const LEAST_PRIOR = 0.1;

function randomStart(problem: Problem, model: RewardModel, types: number, source: Random): Start {
  const theta = Array.from({ length: types }, () =>
    unitSpread(
      model,
      problem,
      new Float64Array(model.parameters).map(() => source.normal()),
    ),
  );
  return { kind: 'random', mixture: mixtureOf(problem, new Array<number>(types).fill(1), theta) };
}

/** Draws of an outlier start that are compared, and EM iterations each gets for it. */
const DRAWS = 5;
const SHORT_RUN = 5;

async function outlierStart(
  problem: Problem,
  model: RewardModel,
  types: number,
  source: Random,
  em: Pick<EmOptions, 'prior' | 'breathe'>,
): Promise<Start> {
  const people = problem.profileOf.filter((p) => p >= 0);
  const everybody = fitTo(problem, model, new Float64Array(problem.profiles).fill(1), 1);
  let best: EmState | undefined;
  for (let draw = 0; draw < DRAWS; draw++) {
    const theta = [everybody];
    while (theta.length < types) {
      const profile = people[source.below(people.length)];
      const alone = new Float64Array(problem.profiles);
      alone[profile] = 1 / problem.profileCount[profile];
      theta.push(fitTo(problem, model, alone, 100 ** source.uniform()));
    }
    const shares = theta.map((_, k) => (k === 0 ? 2 : 1));
    const state = await climb(problem, model, mixtureOf(problem, shares, theta), SHORT_RUN, em);
    if (!best || state.objective > best.objective) best = state;
  }
  return { kind: 'outlier', mixture: best!.mixture };
}

/** θ fitted to one posterior, every record counted `sharpness` times. */
function fitTo(problem: Problem, model: RewardModel, gamma: Float64Array, sharpness: number): Float64Array {
  const theta = new Float64Array(model.parameters);
  const weight = rankingWeights(problem, gamma, 1, 0).map((w) => w * sharpness);
  maximise(problem, model, weight, LEAST_PRIOR, theta, new Float64Array(problem.rankings.alternatives));
  return theta;
}

/** @param shares up to a factor */
function mixtureOf(problem: Problem, shares: ArrayLike<number>, theta: readonly Float64Array[]): Mixture {
  const normalised = Float64Array.from(shares);
  const total = normalised.reduce((sum, s) => sum + s, 0);
  // the rewards are filled in by the first E-step
  const utility = theta.map(() => new Float64Array(problem.rankings.alternatives));
  return { shares: normalised.map((s) => s / total), theta, utility };
}

/** Scales θ so that the rewards it gives have standard deviation 1 over the alternatives. */
function unitSpread(model: RewardModel, problem: Problem, theta: Float64Array): Float64Array {
  const utility = new Float64Array(problem.rankings.alternatives);
  model.rewards(theta, utility);
  const variance = utility.reduce((sum, u) => sum + u * u, 0) / utility.length;
  return variance > 0 ? theta.map((t) => t / Math.sqrt(variance)) : theta;
}
