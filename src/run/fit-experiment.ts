import { setImmediate as nextTurn } from 'node:timers/promises';
import { aggregate } from '../aggregate/aggregate';
import { withoutPolicy } from '../aggregate/candidates';
import { sensitivity } from '../aggregate/sensitivity';
import type { RankingTable } from '../dataset/table';
import { chooseAlternatives, makeModel, rewardByResponse, type Alternatives } from '../policy/make-model';
import { dividingPrompts, opinions } from '../policy/opinions';
import { listResponses, policyFromReward } from '../policy/response-policy';
import type { RewardModel } from '../policy/reward-model';
import type { EmEvent, RunEventBody } from '../protocol/event';
import type { RewardExperiment } from '../protocol/experiment';
import type { Coefficient, RunResult, SelectionRow } from '../protocol/result';
import { fitAlarms } from '../training/alarms';
import { bic, icl, mixtureParameters, rowEntropies } from '../training/criteria';
import { effectiveTypes, fitMixture, type MixtureFit } from '../training/fit';
import { knownTypeAgreement } from '../training/known-types';
import { hardLabels } from '../training/labels';
import { makeProblem, type Problem } from '../training/problem';
import { annotatorPosterior, type AnnotatorPosterior } from './annotator-posterior';
import { linkAlarm } from './link-alarm';
import { treatmentSentences } from './treatment';

export interface FitHooks {
  readonly signal: AbortSignal;
  readonly emit: (event: RunEventBody) => void;
}

export interface FittedExperiment {
  readonly result: RunResult;
  readonly posterior: AnnotatorPosterior;
}

const LONGEST_TURN_MS = 20;
const MOST_COEFFICIENTS = 200;
const CERTAIN = 0.9;

/**
 * Dataset to result: EM-DPO with K types, plain DPO (K = 1) beside it, and the min-max aggregation of both.
 *
 * @throws Error with a sentence when no record can be used; the signal's reason when it is aborted
 */
export async function fitExperiment(
  table: RankingTable,
  experiment: RewardExperiment,
  { signal, emit }: FitHooks,
): Promise<FittedExperiment> {
  const began = performance.now();
  const alternatives = chooseAlternatives(table, experiment.policy);
  const problem = makeProblem(table, alternatives.of, alternatives.count, experiment.dataset);
  const model = makeModel(table, experiment.policy, alternatives, problem.components);

  emit({ type: 'phase', phase: 'fitting', title: 'Fitting annotator types' });
  const fitter = makeFitter(problem, model, experiment, signal, emit);
  const plain = await fitter(1);
  const fit = experiment.types === 1 ? plain : await fitter(experiment.types);
  const seconds = (performance.now() - began) / 1000;

  emit({ type: 'phase', phase: 'aggregating', title: 'Solving for the fairest policy' });
  const posterior = annotatorPosterior(table, problem, fit.gamma, experiment.types);
  const names = Array.from(fit.mixture.shares, (_, k) => `Type ${k + 1}`);
  const rewards = fit.mixture.utility.map((u) => rewardByResponse(alternatives, u));
  const plainReward = rewardByResponse(alternatives, plain.mixture.utility[0]);
  const list = listResponses(table);
  const { beta, aggregate: wanted } = experiment;
  const logPolicies = rewards.map((reward) => policyFromReward(list, reward, beta));
  const input = { list, names, protection: wanted.protection, solver: wanted.solver };
  const fair = aggregate({ ...input, logPolicies, plain: policyFromReward(list, plainReward, beta) });
  await nextTurn();
  signal.throwIfAborted();

  const labels = hardLabels(posterior.gamma, experiment.types);
  const selection = [plain, ...(experiment.types === 1 ? [] : [fit])].map((f) =>
    selectionRow(problem, model, f, experiment.em.prior),
  );
  const chosen = selection[selection.length - 1];
  const result: RunResult = {
    fit: {
      policy: model.kind,
      types: experiment.types,
      logLikelihood: fit.logLikelihood,
      bic: chosen.bic,
      icl: chosen.icl,
      parameters: chosen.parameters,
      annotators: problem.annotators,
      records: problem.records,
      converged: fit.converged,
      iterations: fit.iterations,
      seconds,
      prior: experiment.em.prior,
      beta,
    },
    types: names.map((name, k) => ({
      name,
      share: fit.mixture.shares[k],
      annotators: labels.reduce((sum, label) => sum + (label === k ? 1 : 0), 0),
      ...opinions(table, list, logPolicies[k], rewards[k]),
      coefficients: coefficients(model, alternatives, fit, k),
    })),
    starts: fit.starts,
    selection,
    posterior: {
      meanEntropy: mean(posterior.entropy),
      certain: countCertain(posterior.gamma, experiment.types),
      effectiveTypes: effectiveTypes(fit.mixture.shares),
    },
    regret: { ...fair.summary, sensitivity: sensitivity({ ...input, rewards, plainReward, beta }) },
    candidates: fair.candidates.map(withoutPolicy),
    divides: experiment.types === 1 ? [] : dividingPrompts(table, list, logPolicies, fit.mixture.shares),
    known: knownTypeAgreement(
      posterior.tableAnnotator.map((h) => (h < 0 ? -1 : table.knownType[h])),
      labels,
      Array.from({ length: table.knownTypes.size }, (_, t) => table.knownTypes.text(t)),
      experiment.types,
    ),
    alarms: [...fitAlarms(problem, fit), ...linkAlarm(table, model.kind, alternatives), ...fair.alarms],
    treatment: treatmentSentences(table, experiment, model, problem, alternatives),
  };
  return { result, posterior };
}

/** Fits a number of types, telling each start's iterations and the time left. */
function makeFitter(
  problem: Problem,
  model: RewardModel,
  experiment: RewardExperiment,
  signal: AbortSignal,
  emit: FitHooks['emit'],
): (types: number) => Promise<MixtureFit> {
  const began = performance.now();
  const total = experiment.types === 1 ? 1 : 1 + experiment.em.starts;
  let done = 0;
  let turn = performance.now();
  const breathe = async (): Promise<void> => {
    if (performance.now() - turn > LONGEST_TURN_MS) {
      await nextTurn();
      turn = performance.now();
    }
    signal.throwIfAborted();
  };
  return async (types) => {
    const thin = thinIterations(emit);
    const fit = await fitMixture(problem, model, {
      ...experiment.em,
      types,
      seed: experiment.seed,
      breathe,
      onIteration: thin.iteration,
      onStart: () => {
        thin.flush();
        done++;
        const secondsLeft = ((performance.now() - began) / 1000 / done) * (total - done);
        emit({ type: 'progress', phase: 'fitting', done, total, secondsLeft });
      },
    });
    return fit;
  };
}

/** Tells the first 20 iterations of a start, then ever fewer (each 10 % further on), and always the last. */
function thinIterations(emit: FitHooks['emit']): { iteration: (event: EmEvent) => void; flush: () => void } {
  let next = 0;
  let held: EmEvent | undefined;
  return {
    iteration: (event) => {
      held = event;
      if (event.iteration > 20 && event.iteration < next) return;
      next = Math.ceil(event.iteration * 1.1);
      held = undefined;
      emit(event);
    },
    flush: () => {
      if (held) emit(held);
      held = undefined;
      next = 0;
    },
  };
}

function selectionRow(problem: Problem, model: RewardModel, fit: MixtureFit, prior: number): SelectionRow {
  const types = fit.mixture.shares.length;
  const parameters = mixtureParameters(types, model.freeParameters);
  // both criteria are about maximum likelihood: a prior makes their count of parameters meaningless
  const schwarz = prior === 0 ? bic(fit.logLikelihood, parameters, problem.annotators) : null;
  const entropy = rowEntropies(fit.gamma, types).reduce((sum, e, p) => sum + problem.profileCount[p] * e, 0);
  return {
    types,
    logLikelihood: fit.logLikelihood,
    parameters,
    bic: schwarz,
    icl: schwarz === null ? null : icl(schwarz, entropy),
    heldOut: null,
    heldOutStandardError: null,
  };
}

function coefficients(
  model: RewardModel,
  alternatives: Alternatives,
  fit: MixtureFit,
  k: number,
): Coefficient[] | undefined {
  const names = model.parameterNames;
  if (!names) return undefined;
  const values = alternatives.over === 'items' ? fit.mixture.utility[k] : fit.mixture.theta[k];
  return names
    .map((name, j) => ({ name, value: values[j] }))
    .sort((a, b) => b.value - a.value)
    .slice(0, MOST_COEFFICIENTS);
}

function countCertain(gamma: Float64Array, types: number): number {
  let certain = 0;
  for (let h = 0; h < gamma.length; h += types) {
    if (gamma.subarray(h, h + types).some((g) => g >= CERTAIN)) certain++;
  }
  return certain;
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, v) => sum + v, 0) / values.length;
}
