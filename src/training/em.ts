import { dot } from '../compute/conjugate-gradient';
import { kernelOf } from '../compute/kernels/likelihood-kernel';
import type { RewardModel } from '../policy/reward-model';
import { newton, updateShares } from './m-step';
import type { Problem } from './problem';

/** A mixture: shares η (K) and, by type, parameters θ_k with the rewards u_k they give. */
export interface Mixture {
  readonly shares: Float64Array;
  readonly theta: readonly Float64Array[];
  readonly utility: readonly Float64Array[];
}

export interface EmOptions {
  /** λ of the prior λ/2‖θ_k‖². */
  readonly prior: number;
  /** Stop when an iteration gains less than this per annotator, in nats. */
  readonly tolerance: number;
  readonly iterations: number;
  /** Called between the parts of an iteration: lets other work run, and stops EM by throwing. */
  readonly breathe: () => Promise<void>;
  /** Called after each iteration. */
  readonly onIteration: (iteration: number, state: Standing) => void;
}

export interface EmState {
  readonly mixture: Mixture;
  /** γ at the mixture, profiles × K. */
  readonly gamma: Float64Array;
  readonly logLikelihood: number;
  /** Log-likelihood − λ/2 Σ_k ‖θ_k‖². */
  readonly objective: number;
}

export interface EmOutcome extends EmState {
  readonly iterations: number;
  readonly converged: boolean;
}

/** The penalised likelihood fell under an exact M-step: a fault of the program, never of the data. */
export class LikelihoodFell extends Error {
  constructor(before: number, after: number) {
    super(
      `The log-likelihood fell from ${before} to ${after} in an EM iteration, which cannot happen if the program ` +
        'is right. Please report it with the dataset or a part of it.',
    );
  }
}

/**
 * EM-DPO for policies whose M-step is exact (arXiv 2510.15716): soft posteriors by annotator, K weighted
 * Plackett–Luce fits. Every other step is extrapolated (SQUAREM, Varadhan and Roland 2008, scheme S3) and taken
 * only where the penalised likelihood does not fall; plain steps assert that it does not.
 */
export async function runEm(
  problem: Problem,
  model: RewardModel,
  start: Pick<Mixture, 'shares' | 'theta'>,
  options: EmOptions,
): Promise<EmOutcome> {
  const climber = climberOn(problem, model, options);
  let x0 = climber.evaluate(start);
  let iterations = 0;
  let converged = false;
  const step = async (from: Standing): Promise<Standing> => {
    const to = await climber.step(from);
    if (to.objective < from.objective - 1e-9 * (1 + Math.abs(from.objective))) {
      throw new LikelihoodFell(from.objective, to.objective);
    }
    iterations++;
    options.onIteration(iterations, to);
    await options.breathe();
    return to;
  };
  while (iterations < options.iterations) {
    const x1 = await step(x0);
    if (x1.objective - x0.objective < options.tolerance * problem.annotators) {
      x0 = x1;
      converged = true;
      break;
    }
    const x2 = await step(x1);
    const leap = climber.evaluate(extrapolate(x0, x1, x2));
    x0 = leap.objective > x2.objective ? leap : x2;
  }
  return { ...stateOf(problem, model, x0), iterations, converged };
}

/** A few plain EM iterations, to see where a starting point leads. */
export async function climb(
  problem: Problem,
  model: RewardModel,
  start: Pick<Mixture, 'shares' | 'theta'>,
  iterations: number,
  options: Pick<EmOptions, 'prior' | 'breathe'>,
): Promise<EmState> {
  const climber = climberOn(problem, model, options);
  let state = climber.evaluate(start);
  for (let i = 0; i < iterations; i++) state = await climber.step(state);
  return stateOf(problem, model, state);
}

/** A mixture in the middle of EM: without rewards, which only the kernel needs. */
export interface Standing {
  readonly shares: Float64Array;
  readonly theta: readonly Float64Array[];
  readonly gamma: Float64Array;
  readonly logLikelihood: number;
  readonly objective: number;
  /** By type: number of ℓ as the kernel keeps it. */
  readonly kept: readonly number[];
}

type Parameters = Pick<Standing, 'shares' | 'theta'> & Partial<Pick<Standing, 'kept'>>;

/** A Newton step that gains what it promised, up to this part of it, leaves hardly anything for a second. */
const ENOUGH = 0.1;

function climberOn(
  problem: Problem,
  model: RewardModel,
  { prior, breathe }: Pick<EmOptions, 'prior' | 'breathe'>,
) {
  const kernel = kernelOf(problem);
  const on = model.on(kernel);
  const evaluate = ({ shares, theta, kept = [] }: Parameters): Standing => {
    const numbers = theta.map((t, k) =>
      kept.length > 0 && kernel.kept(k) === kept[k] ? kept[k] : on.likelihoods(t, k),
    );
    const gamma = new Float64Array(problem.profiles * shares.length);
    const logLikelihood = kernel.posteriors(shares, problem.profileCount, gamma);
    const penalty = theta.reduce((sum, t) => sum + (prior / 2) * dot(t, t), 0);
    return { shares, theta, gamma, logLikelihood, objective: logLikelihood - penalty, kept: numbers };
  };
  /** The M-step, shares and each type’s weighted fit from where it stands; then the E-step. */
  const step = async (from: Standing): Promise<Standing> => {
    const types = from.theta.length;
    const shares = new Float64Array(types);
    updateShares(problem, from.gamma, shares);
    const theta: Float64Array[] = [];
    const kept: number[] = [];
    for (let k = 0; k < types; k++) {
      const t = from.theta[k].slice();
      kernel.weighByType(from.gamma, problem.profileCount, types, k);
      kept.push(newton(kernel, on, k, prior, t, { kept: from.kept[k], enough: ENOUGH }).kept);
      theta.push(t);
      await breathe();
    }
    return evaluate({ shares, theta, kept });
  };
  return { evaluate, step };
}

function stateOf(problem: Problem, model: RewardModel, standing: Standing): EmState {
  const { shares, theta, gamma, logLikelihood, objective } = standing;
  return {
    mixture: { shares, theta, utility: rewardsOf(problem, model, theta) },
    gamma,
    logLikelihood,
    objective,
  };
}

/** Rewards of the alternatives under each type’s parameters. */
export function rewardsOf(
  problem: Problem,
  model: RewardModel,
  theta: readonly Float64Array[],
): Float64Array[] {
  return theta.map((t) => {
    const utility = new Float64Array(problem.rankings.alternatives);
    model.rewards(t, utility);
    return utility;
  });
}

/** The mixture that maximises the expected penalised likelihood under posteriors γ. */
export async function mixtureFromPosterior(
  problem: Problem,
  model: RewardModel,
  gamma: Float64Array,
  prior: number,
  from: readonly Float64Array[],
  breathe: () => Promise<void>,
): Promise<Mixture> {
  const kernel = kernelOf(problem);
  const on = model.on(kernel);
  const types = from.length;
  const shares = new Float64Array(types);
  updateShares(problem, gamma, shares);
  const theta: Float64Array[] = [];
  for (let k = 0; k < types; k++) {
    const t = from[k].slice();
    kernel.weighByType(gamma, problem.profileCount, types, k);
    newton(kernel, on, k, prior, t);
    theta.push(t);
    await breathe();
  }
  return { shares, theta, utility: rewardsOf(problem, model, theta) };
}

/** x0 − 2αr + α²v with r = x1 − x0, v = (x2 − x1) − r, α = −‖r‖/‖v‖; shares move as logarithms. */
function extrapolate(x0: Standing, x1: Standing, x2: Standing): Pick<Mixture, 'shares' | 'theta'> {
  const [a, b, c] = [x0, x1, x2].map(flatten);
  let rr = 0;
  let vv = 0;
  for (let i = 0; i < a.length; i++) {
    const r = b[i] - a[i];
    const v = c[i] - b[i] - r;
    rr += r * r;
    vv += v * v;
  }
  const alpha = vv > 0 ? -Math.max(1, Math.sqrt(rr / vv)) : -1;
  const types = x0.shares.length;
  const flat = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) {
    const r = b[i] - a[i];
    flat[i] = a[i] - 2 * alpha * r + alpha * alpha * (c[i] - b[i] - r);
  }
  const largest = flat.subarray(0, types).reduce((m, v) => Math.max(m, v), -Infinity);
  const shares = flat.slice(0, types).map((v) => Math.exp(v - largest));
  const total = shares.reduce((sum, v) => sum + v, 0);
  const parameters = x0.theta[0].length;
  return {
    shares: shares.map((v) => v / total),
    theta: x0.theta.map((_, k) => flat.slice(types + k * parameters, types + (k + 1) * parameters)),
  };
}

function flatten({ shares, theta }: Pick<Mixture, 'shares' | 'theta'>): Float64Array {
  const types = shares.length;
  const parameters = theta[0].length;
  const out = new Float64Array(types + types * parameters);
  for (let k = 0; k < types; k++) {
    out[k] = Math.log(Math.max(shares[k], Number.MIN_VALUE));
    out.set(theta[k], types + k * parameters);
  }
  return out;
}
