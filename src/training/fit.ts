import type { RewardModel } from '../policy/reward-model';
import type { EmChoice } from '../protocol/experiment';
import type { EmEvent } from '../protocol/event';
import type { StartSummary } from '../protocol/result';
import { runEm, type EmOutcome, type Mixture } from './em';
import { adjustedRand, hardLabels } from './labels';
import type { Problem } from './problem';
import { makeStart, type Start } from './starts';
import { reordered, traceStart, type TracePoint } from './trace';
import { splitStart } from './warm-start';

export interface FitOptions extends EmChoice {
  readonly types: number;
  readonly seed: number;
  /** Called between the parts of an iteration: lets other work run, and stops the fit by throwing. */
  readonly breathe: () => Promise<void>;
  readonly onIteration: (event: EmEvent) => void;
  /** Keep what the best start went through. */
  readonly trace?: boolean;
  /** A fit of fewer types to split further: one more start. */
  readonly fewer?: Mixture;
  /** Called when a start has ended, with how many have. */
  readonly onStart?: (done: number, total: number) => void;
}

/** The best of several starts; types ordered by share, largest first. */
export interface MixtureFit {
  readonly mixture: Mixture;
  /** γ, profiles × K, row-major. */
  readonly gamma: Float64Array;
  readonly logLikelihood: number;
  readonly objective: number;
  readonly iterations: number;
  readonly converged: boolean;
  readonly starts: readonly Required<StartSummary>[];
  /** The iterations of the best start that are told, where they were asked for; types in the order of `mixture`. */
  readonly trace?: { readonly start: number; readonly points: readonly TracePoint[] };
}

/**
 * Fits a K-type mixture by EM from several starts and keeps the best penalised likelihood. K = 1 is plain DPO:
 * one start, as its objective has one maximum but for ties.
 */
export async function fitMixture(
  problem: Problem,
  model: RewardModel,
  options: FitOptions,
): Promise<MixtureFit> {
  const { types, seed, prior, breathe } = options;
  const own = types === 1 ? 1 : options.starts;
  const starts = own + (options.fewer && options.fewer.shares.length < types ? 1 : 0);
  const summaries: (Omit<Required<StartSummary>, 'agreement'> & { labels: Int32Array })[] = [];
  let best: EmOutcome | undefined;
  let trace: MixtureFit['trace'];
  for (let index = 0; index < starts; index++) {
    const start: Start =
      index < own || !options.fewer
        ? await makeStart(problem, model, types, seed, index, { prior, breathe })
        : {
            kind: 'split',
            mixture: await splitStart(problem, model, options.fewer, types, seed, { prior, breathe }),
          };
    const tracer = options.trace ? traceStart() : undefined;
    const outcome = await runEm(problem, model, start.mixture, {
      prior,
      tolerance: options.tolerance,
      iterations: options.iterations,
      breathe,
      onIteration: (iteration, state) => {
        const { shares, logLikelihood, objective } = state;
        tracer?.add(iteration, state);
        options.onIteration({
          type: 'em',
          types,
          start: index,
          iteration,
          logLikelihood,
          objective,
          shares: Array.from(shares),
          effectiveTypes: effectiveTypes(shares),
        });
      },
    });
    summaries.push({
      kind: start.kind,
      logLikelihood: outcome.logLikelihood,
      objective: outcome.objective,
      iterations: outcome.iterations,
      converged: outcome.converged,
      labels: hardLabels(outcome.gamma, types),
    });
    if (!best || outcome.objective > best.objective) {
      best = outcome;
      trace = tracer && { start: index, points: tracer.points };
    }
    options.onStart?.(index + 1, starts);
  }
  if (!best) throw new Error('At least one start is needed.');
  const bestLabels = hardLabels(best.gamma, types);
  const { shares } = best.mixture;
  const order = Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a]);
  return {
    ...inOrder(best, order),
    ...(trace && { trace: { ...trace, points: reordered(trace.points, order) } }),
    logLikelihood: best.logLikelihood,
    objective: best.objective,
    iterations: best.iterations,
    converged: best.converged,
    starts: summaries.map(({ labels, ...summary }) => ({
      ...summary,
      agreement: adjustedRand(labels, bestLabels, problem.profileCount),
    })),
  };
}

function inOrder(
  { mixture, gamma }: EmOutcome,
  order: readonly number[],
): Pick<MixtureFit, 'mixture' | 'gamma'> {
  const types = order.length;
  return {
    mixture: {
      shares: Float64Array.from(order, (k) => mixture.shares[k]),
      theta: order.map((k) => mixture.theta[k]),
      utility: order.map((k) => mixture.utility[k]),
    },
    gamma: gamma.map((_, i) => gamma[Math.floor(i / types) * types + order[i % types]]),
  };
}

/** exp of the entropy of the shares: K for equal shares, 1 where one type has everybody. */
export function effectiveTypes(shares: ArrayLike<number>): number {
  let entropy = 0;
  for (let k = 0; k < shares.length; k++) if (shares[k] > 0) entropy -= shares[k] * Math.log(shares[k]);
  return Math.exp(entropy);
}
