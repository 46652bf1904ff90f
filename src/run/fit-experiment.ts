import { setImmediate as nextTurn } from 'node:timers/promises';
import { aggregate } from '../aggregate/aggregate';
import { withoutPolicy } from '../aggregate/candidates';
import { sensitivity } from '../aggregate/sensitivity';
import type { RankingTable } from '../dataset/table';
import { chooseAlternatives, makeModel, rewardByResponse, type Alternatives } from '../policy/make-model';
import { dividingPrompts, opinions } from '../policy/opinions';
import { listResponses, policyFromReward } from '../policy/response-policy';
import type { RewardModel } from '../policy/reward-model';
import type { RewardExperiment } from '../protocol/experiment';
import type { IterationHistory } from '../protocol/history';
import type { Coefficient, RunResult } from '../protocol/result';
import type { ScopeVerdict } from '../protocol/validation';
import { fitAlarms } from '../training/alarms';
import { effectiveTypes, type MixtureFit } from '../training/fit';
import { knownTypeAgreement } from '../training/known-types';
import { hardLabels } from '../training/labels';
import { makeProblem } from '../training/problem';
import { annotatorPosterior, type AnnotatorPosterior } from './annotator-posterior';
import { attributeAgreement, readAttribute } from './attribute';
import { compareBaselines } from './baselines/compare';
import { nothingToCompare } from './baselines/one-type';
import { breather } from './breathe';
import { rewardHistory } from './history/reward-history';
import { posteriorSummary } from './posterior-summary';
import { linkAlarm } from './link-alarm';
import { withStability } from './stability';
import { fitTypes, type FitHooks } from './fit-types';
import { treatmentSentences } from './treatment';
import { typeRewards, type TypeRewards } from './type-rewards';

export interface FittedExperiment {
  readonly result: RunResult;
  readonly posterior: AnnotatorPosterior;
  readonly rewards: TypeRewards;
  /** Absent where there is one type. */
  readonly history?: IterationHistory;
}

const MOST_COEFFICIENTS = 200;

/**
 * Dataset to result: EM-DPO with K types, plain DPO (K = 1) beside it, and the min-max aggregation of both.
 *
 * @param verdicts what theory says of each number of types, for choosing one
 * @throws Error with a sentence when no record can be used; the signal's reason when it is aborted
 */
export async function fitExperiment(
  table: RankingTable,
  experiment: RewardExperiment,
  { signal, emit }: FitHooks,
  verdicts: readonly ScopeVerdict[] = [],
): Promise<FittedExperiment> {
  const began = performance.now();
  const { attribute: attributeFile } = experiment.evaluate;
  const attribute = attributeFile === undefined ? undefined : await readAttribute(attributeFile, table);
  const alternatives = chooseAlternatives(table, experiment.policy);
  const problem = makeProblem(table, alternatives.of, alternatives.count, experiment.dataset);
  const model = makeModel(table, experiment.policy, alternatives, problem.components);

  const { plain, fit, selection, recommendation } = await fitTypes(
    { problem, model, experiment, verdicts },
    { signal, emit },
  );
  const types = fit.mixture.shares.length;
  const seconds = (performance.now() - began) / 1000;

  emit({ type: 'phase', phase: 'aggregating', title: 'Solving for the fairest policy' });
  const posterior = annotatorPosterior(table, problem, fit.gamma, types);
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

  const passed = { problem, model, alternatives, fit, beta, input, regret: fair.summary };
  const history = await rewardHistory(passed, { signal, emit });

  const compared = experiment.evaluate.baselines && types > 1;
  if (experiment.evaluate.baselines && !compared) emit(nothingToCompare);
  const against = compared
    ? await compareBaselines(
        { table, experiment, alternatives, problem, model, em: fit, plain, breathe: breather(signal) },
        { emit },
      )
    : undefined;

  const labels = hardLabels(posterior.gamma, types);
  const chosen = selection.find((row) => row.types === types)!;
  const result: RunResult = {
    fit: {
      policy: model.kind,
      types,
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
    recommendation,
    posterior: posteriorSummary(posterior, types, effectiveTypes(fit.mixture.shares)),
    regret: { ...fair.summary, sensitivity: sensitivity({ ...input, rewards, plainReward, beta }) },
    candidates: fair.candidates.map(withoutPolicy),
    divides: types === 1 ? [] : dividingPrompts(table, list, logPolicies, fit.mixture.shares),
    known: knownTypeAgreement(
      posterior.tableAnnotator.map((h) => (h < 0 ? -1 : table.knownType[h])),
      labels,
      Array.from({ length: table.knownTypes.size }, (_, t) => table.knownTypes.text(t)),
      types,
    ),
    ...against,
    attribute: attribute && attributeAgreement(attribute, posterior.tableAnnotator, labels, types),
    alarms: [...fitAlarms(problem, fit), ...linkAlarm(table, model.kind, alternatives), ...fair.alarms],
    treatment: treatmentSentences(table, experiment, model, problem, alternatives),
  };
  const { annotators } = posterior;
  const order = { problem, model, alternatives, experiment, fit, plain, input, result, annotators };
  const assessed = await withStability(order, { signal, emit });
  return { result: assessed, posterior, rewards: typeRewards(model, alternatives, fit.mixture), history };
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
