import type { RewardModel } from '../policy/reward-model';
import { random, type Random } from '../random';
import { alignTypes, type Placed } from './align';
import { climb, runEm, type EmState, type Mixture } from './em';
import type { MixtureFit } from './fit';
import type { Problem } from './problem';

export interface BootstrapOptions {
  readonly replicates: number;
  readonly seed: number;
  readonly prior: number;
  /** Most EM iterations of a replicate. */
  readonly iterations: number;
  readonly breathe: () => Promise<void>;
}

/** The fits of one replicate, their types in the order of the fit that is tested. */
export interface Replicate extends Placed {
  /** With one type. */
  readonly plain: Mixture;
}

/** A resample may lack the evidence for a finite maximum that the whole dataset has. */
const LEAST_PRIOR = 0.01;
/** Nats per annotator: what is left to gain is small beside the spread between replicates. */
const TOLERANCE = 1e-6;
/** Starts beside the fit itself, near it, and iterations each start gets before the best goes on. */
const NEARBY = 2;
const SHORT_RUN = 3;
const STREAM = 0xb007;

/**
 * Refits the mixture to annotators drawn with replacement, as many as there are: everything that one annotator said is
 * in a replicate together, as often as the annotator was drawn (Efron and Tibshirani 1993, chapter 8). EM starts from
 * the fit and from points near it. Prompts stay as they are.
 */
export async function* bootstrapFits(
  problem: Problem,
  model: RewardModel,
  fit: MixtureFit,
  plain: MixtureFit,
  options: BootstrapOptions,
): AsyncGenerator<Replicate> {
  const { breathe } = options;
  const em = {
    prior: Math.max(options.prior, LEAST_PRIOR),
    tolerance: TOLERANCE,
    iterations: options.iterations,
    breathe,
    onIteration: () => undefined,
  };
  for (let index = 0; index < options.replicates; index++) {
    const source = random(options.seed, STREAM, index);
    const drawn = drawAnnotators(problem, source);
    const one = await runEm(drawn, model, plain.mixture, em);
    if (fit.mixture.shares.length === 1) {
      yield { mixture: one.mixture, gamma: one.gamma, plain: one.mixture };
      continue;
    }
    let best: EmState | undefined;
    for (let start = 0; start <= NEARBY; start++) {
      const from = start === 0 ? fit.mixture : near(fit.mixture, source);
      const state = await climb(drawn, model, from, SHORT_RUN, em);
      if (!best || state.objective > best.objective) best = state;
    }
    const { mixture, gamma } = await runEm(drawn, model, best!.mixture, em);
    yield { ...alignTypes(problem, fit.gamma, { mixture, gamma }), plain: one.mixture };
  }
}

/** As many annotators as there are, with replacement. */
export function drawAnnotators(problem: Problem, source: Random): Problem {
  const people = problem.profileOf.filter((p) => p >= 0);
  const profileCount = new Float64Array(problem.profiles);
  for (let i = 0; i < people.length; i++) profileCount[people[source.below(people.length)]]++;
  return { ...problem, profileCount };
}

/** Half of its size added to each type’s parameters in a random direction; shares halfway to equal ones. */
function near({ shares, theta, utility }: Mixture, source: Random): Mixture {
  return {
    shares: shares.map((share) => (share + 1 / shares.length) / 2),
    theta: theta.map((t) => {
      const size = Math.sqrt(t.reduce((sum, value) => sum + value * value, 0) / t.length);
      return t.map((value) => value + 0.5 * size * source.normal());
    }),
    utility,
  };
}
