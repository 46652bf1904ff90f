import { answeredPrompts } from '../../aggregate/expectation';
import { LEAST_PROMPTS, worstRegrets } from '../../aggregate/worst-regret';
import { listResponses, type ResponseList } from '../../policy/response-policy';
import type { Baseline, Comparison } from '../../protocol/result';
import { fitMethods, type MethodFit, type MethodOptions } from '../../training/baselines/methods';
import type { FitHooks } from '../fit-types';
import { readTrueTypes } from '../truth';
import { heldOutScores } from './held-out-scores';
import type { BaselinesInput } from './input';
import { judgesOf } from './judges';
import { knownTypes, randOf } from './known-types';
import { METHOD_NAMES } from './method-names';
import { singlePolicies } from './single-policies';

export interface ComparedBaselines {
  readonly baselines: readonly Baseline[];
  readonly comparison: Comparison;
}

/**
 * EM-DPO and what it is compared with: regrets of each method's single policy, fitted to all records, by a common
 * yardstick; and how well each method's types, fitted without the held-out records, predict these.
 */
export async function compareBaselines(
  input: BaselinesInput,
  { emit }: Pick<FitHooks, 'emit'>,
): Promise<ComparedBaselines> {
  const { table, experiment, problem, model, breathe } = input;
  emit({ type: 'phase', phase: 'aggregating', title: 'Comparing with other methods' });
  const truth = await readTrueTypes(experiment.dataset.path, table);
  const known = knownTypes(table, truth, problem);
  const options: MethodOptions = {
    types: input.em.mixture.shares.length,
    prior: experiment.em.prior,
    seed: experiment.seed,
    starts: experiment.em.starts,
    iterations: experiment.em.iterations,
    annotators: table.annotators.size,
    known: known?.types,
    breathe,
  };
  const progress = (half: number) => (done: number, total: number) => {
    emit({ type: 'progress', phase: 'aggregating', done: half * total + done, total: 2 * total });
  };
  const fits = await fitMethods(problem, model, input, options, progress(0));
  const heldOut = await heldOutScores(input, options, known?.types, progress(1));
  await breathe();

  const list = listResponses(table);
  const policies = singlePolicies(list, fits, input);
  const yardsticks = judgesOf(list, fits, input, known);
  const regrets = yardsticks.map(({ judges }) =>
    worstRegrets(
      list,
      judges,
      policies.map(({ policy }) => policy),
      experiment.seed,
    ),
  );
  const groups = known?.types.names ?? Array.from(input.em.mixture.shares, (_, k) => `Type ${k + 1}`);
  const baselines = policies.map(({ kind, method }, p): Baseline => {
    const score = heldOut?.scores.get(method);
    const fit = fits.find((each) => each.method === method)!;
    return {
      name: METHOD_NAMES[kind],
      kind,
      ...regrets[0][p],
      also: yardsticks.slice(1).map(({ yardstick }, i) => {
        const { regret, worst, worstInterval } = regrets[i + 1][p];
        return { yardstick, regret, worst, ...(worstInterval && { worstInterval }) };
      }),
      heldOutLogLikelihood: score && Number.isFinite(score.logLikelihood) ? score.logLikelihood : null,
      accuracy: groups.map((_, g) => (score && score.pairs[g] > 0 ? score.right[g] / score.pairs[g] : null)),
      adjustedRand: randOf(fit, problem, known?.types),
    };
  });
  return {
    baselines,
    comparison: {
      yardstick: yardsticks[0].yardstick,
      types: yardsticks[0].names,
      groups,
      heldOutRecords: heldOut?.records ?? 0,
      notes: notes(fits, list, heldOut?.missing ?? 0, options),
    },
  };
}

function notes(
  fits: readonly MethodFit[],
  list: ResponseList,
  missing: number,
  { types, known }: MethodOptions,
): string[] {
  const prompts = answeredPrompts(list);
  return [
    ...(types > 1 && !fits.some(({ method }) => method === 'clusters')
      ? ['Annotators have too few comparisons in common to be clustered by agreement.']
      : []),
    ...(known
      ? []
      : [
          'The dataset names no types, so that regrets are against the types found here, which favours EM-DPO.',
        ]),
    ...(missing > 0
      ? [`${missing} held-out records could not be used, as ties or unranked responses are treated.`]
      : []),
    ...(prompts < LEAST_PROMPTS
      ? [
          `With ${prompts} ${prompts === 1 ? 'prompt' : 'prompts'} there are no intervals of regrets: they need ${LEAST_PROMPTS}.`,
        ]
      : []),
  ];
}
