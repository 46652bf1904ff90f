import { fairPolicy, uniformPolicy } from '../aggregate/single-policy';
import { worstRegrets, LEAST_PROMPTS, type Judges } from '../aggregate/worst-regret';
import { answeredPrompts } from '../aggregate/expectation';
import { protectionWeights } from '../aggregate/protection';
import type { RankingTable } from '../dataset/table';
import { makeModel, rewardByResponse, type Alternatives } from '../policy/make-model';
import {
  listResponses,
  policyFromReward,
  type LogPolicy,
  type ResponseList,
} from '../policy/response-policy';
import type { RewardModel } from '../policy/reward-model';
import type { RewardExperiment } from '../protocol/experiment';
import type { Baseline, Comparison, Yardstick } from '../protocol/result';
import {
  fitMethods,
  type KnownTypes,
  type Method,
  type MethodFit,
  type MethodOptions,
} from '../training/baselines/methods';
import { predict, type Prediction } from '../training/baselines/predict';
import { holdOutRecords } from '../training/baselines/records';
import { LEAST_PRIOR } from '../training/baselines/typed-fit';
import { fitMixture, type MixtureFit } from '../training/fit';
import { adjustedRand, hardLabels } from '../training/labels';
import { makeProblem, type Problem } from '../training/problem';
import type { FitHooks } from './fit-types';
import { readTrueTypes, type TrueTypes } from './truth';

export interface BaselinesInput {
  readonly table: RankingTable;
  readonly experiment: RewardExperiment;
  readonly alternatives: Alternatives;
  readonly problem: Problem;
  readonly model: RewardModel;
  /** Fits to all records. */
  readonly em: MixtureFit;
  readonly plain: MixtureFit;
  /** Lets other work run, and stops by throwing. */
  readonly breathe: () => Promise<void>;
}

export interface ComparedBaselines {
  readonly baselines: readonly Baseline[];
  readonly comparison: Comparison;
}

const NAMES: Readonly<Record<Baseline['kind'], string>> = {
  'em-min-max': 'EM-DPO with min-max',
  'em-uniform': 'EM-DPO with equal weights',
  'plain-dpo': 'plain DPO',
  'hard-em': 'hard EM with min-max',
  clusters: 'clusters with min-max',
  oracle: 'oracle types with min-max',
};
const ORDER: readonly Baseline['kind'][] = [
  'em-min-max',
  'em-uniform',
  'hard-em',
  'clusters',
  'plain-dpo',
  'oracle',
];

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
      name: NAMES[kind],
      kind,
      ...regrets[0][p],
      also: yardsticks.slice(1).map(({ yardstick }, i) => {
        const { regret, worst, worstInterval } = regrets[i + 1][p];
        return { yardstick, regret, worst, ...(worstInterval && { worstInterval }) };
      }),
      heldOutLogLikelihood: score && Number.isFinite(score.logLikelihood) ? score.logLikelihood : null,
      accuracy: groups.map((_, g) => (score && score.pairs[g] > 0 ? score.right[g] / score.pairs[g] : null)),
      adjustedRand: rand(fit, problem, known?.types),
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

interface Known {
  readonly types: KnownTypes;
  /** By known type: rewards of responses, where the data was simulated. */
  readonly rewards?: readonly Float64Array[];
}

/** Those with annotators whose records are used, largest first; the truth's where the data was simulated. */
function knownTypes(table: RankingTable, truth: TrueTypes | undefined, problem: Problem): Known | undefined {
  const names =
    truth?.names ?? Array.from({ length: table.knownTypes.size }, (_, t) => table.knownTypes.text(t));
  const typeOf = truth?.annotatorType ?? table.knownType;
  const count = new Array<number>(names.length).fill(0);
  typeOf.forEach((type, h) => {
    if (type >= 0 && problem.profileOf[h] >= 0) count[type]++;
  });
  const order = [...names.keys()].filter((t) => count[t] > 0).sort((a, b) => count[b] - count[a]);
  if (order.length === 0) return undefined;
  return {
    types: { names: order.map((t) => names[t]), typeOf: typeOf.map((type) => order.indexOf(type)) },
    rewards: truth?.rewards && order.map((t) => truth.rewards![t]),
  };
}

interface HeldOutScores {
  readonly records: number;
  readonly scores: ReadonlyMap<Method, Prediction>;
  /** Held-out records that could not be used. */
  readonly missing: number;
}

/** Every method once more, on records that leave a share of each annotator's out. */
async function heldOutScores(
  { table, experiment, alternatives, breathe }: BaselinesInput,
  options: MethodOptions,
  known: KnownTypes | undefined,
  onMethod: (done: number, total: number) => void,
): Promise<HeldOutScores | undefined> {
  const split = holdOutRecords(table, experiment.evaluate.heldOut, experiment.seed);
  if (split.heldOut.records === 0) return undefined;
  const problemOf = (part: RankingTable) =>
    makeProblem(part, alternatives.of, alternatives.count, experiment.dataset);
  const training = problemOf(split.training);
  const heldOut = problemOf(split.heldOut);
  const model = makeModel(split.training, experiment.policy, alternatives, training.components);
  const fit = (types: number) =>
    fitMixture(training, model, {
      ...experiment.em,
      prior: Math.max(experiment.em.prior, LEAST_PRIOR),
      types,
      seed: experiment.seed,
      breathe,
      onIteration: () => undefined,
    });
  const plain = await fit(1);
  const em = options.types === 1 ? plain : await fit(options.types);
  const fits = await fitMethods(training, model, { em, plain }, options, onMethod);
  const groups = known ?? foundGroups(fits[0], options);
  return {
    records: heldOut.records,
    missing: split.heldOut.records - heldOut.records,
    scores: new Map(
      fits.map((each) => [each.method, predict(heldOut, each, groups.typeOf, groups.names.length)]),
    ),
  };
}

/** Where no types are known, annotators are grouped by their most probable type. */
function foundGroups({ posterior }: MethodFit, { types }: MethodOptions): KnownTypes {
  return {
    names: Array.from({ length: types }, (_, k) => `Type ${k + 1}`),
    typeOf: hardLabels(posterior, types),
  };
}

interface SinglePolicy {
  readonly kind: Baseline['kind'];
  readonly method: Method;
  readonly policy: LogPolicy;
}

function singlePolicies(
  list: ResponseList,
  fits: readonly MethodFit[],
  { experiment, alternatives }: BaselinesInput,
): SinglePolicy[] {
  const policies = fits.flatMap((fit): SinglePolicy[] => {
    const logPolicies = typePolicies(list, fit, alternatives, experiment.beta);
    const fair = { kind: fit.method, method: fit.method };
    if (logPolicies.length === 1) return [{ ...fair, policy: logPolicies[0] }];
    const policy = fairPolicy(list, logPolicies, experiment.aggregate);
    if (fit.method !== 'em-min-max') return [{ ...fair, policy }];
    return [
      { ...fair, policy },
      { kind: 'em-uniform', method: fit.method, policy: uniformPolicy(logPolicies) },
    ];
  });
  return policies.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** Largest type first. */
function typePolicies(
  list: ResponseList,
  { shares, utility }: MethodFit,
  alternatives: Alternatives,
  beta: number,
): LogPolicy[] {
  return [...utility.keys()]
    .sort((a, b) => shares[b] - shares[a])
    .map((k) => policyFromReward(list, rewardByResponse(alternatives, utility[k]), beta));
}

interface NamedJudges {
  readonly yardstick: Yardstick;
  readonly names: readonly string[];
  readonly judges: Judges;
}

/** The best yardstick there is first: true rewards, then types fitted to named annotators, then those found. */
function judgesOf(
  list: ResponseList,
  fits: readonly MethodFit[],
  { experiment, alternatives }: BaselinesInput,
  known: Known | undefined,
): NamedJudges[] {
  const { beta, aggregate } = experiment;
  const judgesBy = (logPolicies: readonly LogPolicy[]): Judges => ({
    logPolicies,
    protection: protectionWeights(aggregate.protection.slice(0, logPolicies.length), logPolicies.length),
  });
  const byRewards = (rewards: readonly Float64Array[]) =>
    judgesBy(rewards.map((reward) => policyFromReward(list, reward, beta)));
  if (!known) {
    const { utility } = fits[0];
    return [
      {
        yardstick: 'fitted',
        names: utility.map((_, k) => `Type ${k + 1}`),
        judges: byRewards(utility.map((each) => rewardByResponse(alternatives, each))),
      },
    ];
  }
  const { names } = known.types;
  const oracle = fits.find(({ method }) => method === 'oracle')!;
  const fitted: NamedJudges = {
    yardstick: 'known',
    names,
    judges: byRewards(oracle.utility.map((each) => rewardByResponse(alternatives, each))),
  };
  if (!known.rewards) return [fitted];
  return [{ yardstick: 'true', names, judges: byRewards(known.rewards) }, fitted];
}

function rand(fit: MethodFit, problem: Problem, known: KnownTypes | undefined): number | null {
  if (!known || fit.method === 'oracle' || fit.method === 'plain-dpo') return null;
  const labels = hardLabels(fit.posterior, fit.shares.length);
  const people = [...known.typeOf.keys()].filter((h) => known.typeOf[h] >= 0 && problem.profileOf[h] >= 0);
  return adjustedRand(
    people.map((h) => known.typeOf[h]),
    people.map((h) => labels[h]),
  );
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
