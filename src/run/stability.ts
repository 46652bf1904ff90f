import { aggregate, type AggregateInput } from '../aggregate/aggregate';
import { rewardByResponse, type Alternatives } from '../policy/make-model';
import { policyFromReward } from '../policy/response-policy';
import type { RewardModel } from '../policy/reward-model';
import type { RewardExperiment } from '../protocol/experiment';
import type { RunResult } from '../protocol/result';
import type { BootstrapSummary, Interval, Stability } from '../protocol/stability';
import { MOST_MATCHED } from '../training/align';
import { bootstrapFits } from '../training/bootstrap';
import { bootstrapInterval } from '../training/bootstrap-interval';
import { calibrate } from '../training/calibration';
import type { MixtureFit } from '../training/fit';
import type { Problem } from '../training/problem';
import { countSwitching } from '../training/switching';
import { breather } from './breathe';
import type { FitHooks } from './fit-types';
import { stabilityAlarms } from './stability-alarms';

/** What a run has fitted and made of it. */
export interface StabilityOrder {
  readonly problem: Problem;
  readonly model: RewardModel;
  readonly alternatives: Alternatives;
  readonly experiment: RewardExperiment;
  readonly fit: MixtureFit;
  readonly plain: MixtureFit;
  readonly input: Omit<AggregateInput, 'logPolicies' | 'plain'>;
  readonly result: RunResult;
  /** Names, in the order of `Problem.profileOf`, of those who are used. */
  readonly annotators: readonly string[];
}

/** Of all intervals. */
export const LEVEL = 0.9;

/** The result with how stable it is, as far as `evaluate.bootstrap` and `evaluate.calibration` ask, and alarms. */
export async function withStability(order: StabilityOrder, hooks: FitHooks): Promise<RunResult> {
  const { result, problem } = order;
  const { evaluate } = order.experiment;
  const bootstrap = evaluate.bootstrap > 0 ? await bootstrapResult(order, hooks) : undefined;
  const calibration =
    evaluate.calibration && problem.annotators > 1 ? await calibrateResult(order, hooks) : undefined;
  if (!bootstrap && !calibration) return result;
  const stability: Stability = { ...(bootstrap && { bootstrap }), ...(calibration && { calibration }) };
  const names = result.types.map(({ name }) => name);
  const alarms = [...result.alarms, ...stabilityAlarms(stability, names, problem.annotators)];
  return { ...result, stability, alarms };
}

async function bootstrapResult(order: StabilityOrder, { signal, emit }: FitHooks): Promise<BootstrapSummary> {
  const { problem, model, experiment, fit, plain } = order;
  const { types } = order.result;
  const { bootstrap: replicates } = experiment.evaluate;
  emit({ type: 'phase', phase: 'stability', title: 'Repeating the fit with other annotators' });
  const began = performance.now();
  const k = types.length;
  const parameter = new Map(model.parameterNames?.map((name, j) => [name, j]));
  const switching = countSwitching(problem, fit.gamma, k);
  const seen = collector();
  const fits = bootstrapFits(problem, model, fit, plain, {
    ...experiment.em,
    replicates,
    seed: experiment.seed,
    breathe: breather(signal),
  });
  let done = 0;
  for await (const { mixture, gamma, plain: one } of fits) {
    switching.add(gamma);
    mixture.shares.forEach((share, i) => {
      seen.add(`share ${i}`, share);
    });
    types.forEach(({ coefficients = [] }, i) => {
      const values = order.alternatives.over === 'items' ? mixture.utility[i] : mixture.theta[i];
      for (const { name } of coefficients) {
        seen.add(`coefficient ${i} ${name}`, values[parameter.get(name)!]);
      }
    });
    const replicate = aggregated(order, mixture.utility, one.utility[0]);
    replicate.summary.matrix.forEach((row, i) => {
      row.forEach((r, j) => {
        seen.add(`regret ${i} ${j}`, r);
      });
    });
    replicate.summary.weights.forEach((weight, i) => {
      seen.add(`weight ${i}`, weight);
    });
    seen.add('value', replicate.summary.value);
    replicate.candidates.forEach(({ worst }, i) => {
      seen.add(`candidate ${i}`, worst);
    });
    done++;
    if (done % Math.ceil(replicates / 100) > 0 && done < replicates) continue;
    const secondsLeft = ((performance.now() - began) / 1000 / done) * (replicates - done);
    emit({ type: 'progress', phase: 'stability', done, total: replicates, secondsLeft });
  }
  const { regret, candidates } = order.result;
  return {
    replicates,
    level: LEVEL,
    matching: k <= MOST_MATCHED ? 'optimal' : 'nearest-first',
    shares: types.map(({ share }, i) => seen.interval(`share ${i}`, share)),
    ...(types.every(({ coefficients }) => coefficients) && {
      coefficients: types.map(({ coefficients = [] }, i) =>
        coefficients.map(({ name, value }) => ({
          name,
          interval: seen.interval(`coefficient ${i} ${name}`, value),
        })),
      ),
    }),
    regret: regret.matrix.map((row, i) => row.map((r, j) => seen.interval(`regret ${i} ${j}`, r))),
    weights: regret.weights.map((weight, i) => seen.interval(`weight ${i}`, weight)),
    value: seen.interval('value', regret.value),
    candidates: candidates.map(({ name, worst }, i) => ({
      name,
      worst: seen.interval(`candidate ${i}`, worst),
    })),
    switching: switching.switching(order.annotators),
    lost: switching.lost(),
  };
}

/** Regrets, weights and candidates of one replicate, over the prompts of the run. */
function aggregated(order: StabilityOrder, utility: readonly Float64Array[], plain: Float64Array) {
  const { input, alternatives, experiment } = order;
  const policy = (u: Float64Array) =>
    policyFromReward(input.list, rewardByResponse(alternatives, u), experiment.beta);
  return aggregate({ ...input, logPolicies: utility.map(policy), plain: policy(plain) });
}

function collector() {
  const values = new Map<string, number[]>();
  return {
    add: (name: string, value: number): void => {
      const known = values.get(name);
      if (known) known.push(value);
      else values.set(name, [value]);
    },
    interval: (name: string, estimate: number): Interval =>
      bootstrapInterval(values.get(name) ?? [], estimate, LEVEL),
  };
}

async function calibrateResult(order: StabilityOrder, { signal, emit }: FitHooks) {
  const { problem, model, experiment, fit } = order;
  emit({ type: 'phase', phase: 'stability', title: 'Testing stated certainties on rankings held out' });
  return calibrate(problem, model, fit, {
    ...experiment.em,
    folds: Math.min(experiment.evaluate.folds, problem.annotators),
    seed: experiment.seed,
    breathe: breather(signal),
    onFold: (done, total) => {
      emit({ type: 'progress', phase: 'stability', done, total });
    },
  });
}
