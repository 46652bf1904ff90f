import {
  comparedRegrets,
  crosswise,
  halfWeights,
  halved,
  type ComparedRegret,
  type Halved,
} from '../../aggregate/language/compared';
import type { Term } from '../../aggregate/language/clustered';
import type { LanguagePolicies } from '../../aggregate/language/language-policies';
import { languageSampler, type LanguageSamplerInput } from '../../aggregate/language/language-sampler';
import { protectionWeights } from '../../regret/protection';
import { LEAST_PROMPTS } from '../../aggregate/worst-regret';
import type { HostTensors } from '../../compute/graph/program';
import type { LanguageExperiment } from '../../protocol/experiment';
import type { Baseline, Yardstick } from '../../protocol/result';
import type { Method } from '../../training/baselines/methods';
import { predict } from '../../training/baselines/predict';
import type { LanguageMethod } from '../../training/language/methods';
import type { ComparedBaselines } from '../baselines/compare';
import { foundGroups } from '../baselines/held-out-scores';
import { randOf } from '../baselines/known-types';
import { METHOD_NAMES, METHOD_ORDER } from '../baselines/method-names';
import type { FitHooks } from '../fit-types';
import type { TrainedMethods } from './train-methods';

/** How responses are drawn, but not of which policies. */
export type Drawing = Omit<LanguageSamplerInput, 'policies' | 'onProgress' | 'onResponses'>;

type BasePolicies = Pick<LanguagePolicies, 'model' | 'trainable' | 'scaling'>;

/** Whose policies judge. */
interface Judges {
  readonly yardstick: Yardstick;
  readonly names: readonly string[];
  readonly method: Method;
}

/** What a method would answer everybody with: a mixture of its types. */
interface Single {
  readonly kind: Baseline['kind'];
  readonly method: Method;
  /** Chosen on each half of the responses. */
  readonly weights: readonly [readonly number[], readonly number[]];
}

const SEEDS_APART = 0x10000;

/** Responses of a method's policies. */
interface Answers {
  /** Log-ratios by the method's own types. */
  readonly own: readonly Halved[];
  /** By yardstick: log-ratios by its judges. */
  readonly judged: readonly (readonly Halved[])[];
}

/**
 * EM-DPO with min-max beside other methods, all trained on the same records: the regret of every type under the single
 * policy of every method, from responses that it writes, and how well each method predicts the records held out.
 */
export async function compareMethods(
  { methods, known, problem, heldOut }: TrainedMethods,
  base: BasePolicies,
  experiment: LanguageExperiment,
  drawing: Drawing,
  { emit }: Pick<FitHooks, 'emit'>,
): Promise<ComparedBaselines> {
  const { aggregate: wanted, policy, seed } = experiment;
  const em = methods[0];
  const types = em.shares.length;
  const found = em.utility.map((_, k) => `Type ${k + 1}`);
  const yardsticks: Judges[] = [
    ...(known ? [{ yardstick: 'known', names: known.types.names, method: 'oracle' } as const] : []),
    { yardstick: 'fitted', names: found, method: 'em-min-max' },
  ];
  const byMethod = new Map(methods.map((each) => [each.method, each]));
  const judges = yardsticks.map(({ method }) => byMethod.get(method)!.parameters);
  const answers = new Map<Method, Answers>();
  for (const [m, { method, parameters }] of methods.entries()) {
    emit({
      type: 'phase',
      phase: 'aggregating',
      title: `To compare with: responses of ${METHOD_NAMES[method].replace(/ with min-max$/, '')}`,
    });
    const input = {
      ...drawing,
      // methods answer independently of each other
      seed: seed + (m + 1) * SEEDS_APART,
      onProgress: (done: number, total: number) => {
        emit({ type: 'progress', phase: 'aggregating', done, total });
      },
    };
    answers.set(method, await answersOf(base, input, parameters, judges, policy.sampling.responses));
  }

  const protectionOf = (count: number) => protectionWeights(wanted.protection.slice(0, count), count);
  const singles = methods.flatMap(({ method }): Single[] => {
    const { own } = answers.get(method)!;
    const weights = halfWeights(own, protectionOf(own.length), drawing.population, wanted.solver);
    const equal = own.map(() => 1 / own.length);
    return [
      { kind: method, method, weights },
      ...(method === 'em-min-max' ? [{ kind: 'em-uniform', method, weights: [equal, equal] } as const] : []),
    ];
  });
  singles.sort((a, b) => METHOD_ORDER.indexOf(a.kind) - METHOD_ORDER.indexOf(b.kind));
  const regrets = yardsticks.map(({ method: judge, names }, at): ComparedRegret[] => {
    const policies = singles.map(({ method, weights }): Term[] =>
      crosswise(weights, answers.get(method)!.judged[at]),
    );
    return comparedRegrets(
      answers.get(judge)!.judged[at],
      policies,
      protectionOf(names.length),
      drawing.population,
      seed,
    );
  });

  const groups = known?.types ?? foundGroups(em, types);
  const scores = new Map(
    methods.map((each) => [
      each.method,
      heldOut && predict(heldOut, each, groups.typeOf, groups.names.length),
    ]),
  );
  const baselines = singles.map(({ kind, method }, p): Baseline => {
    const score = scores.get(method);
    return {
      name: METHOD_NAMES[kind],
      kind,
      ...regrets[0][p],
      also: yardsticks.slice(1).map(({ yardstick }, i) => {
        const { regret, standardError, worst, worstInterval } = regrets[i + 1][p];
        return { yardstick, regret, standardError, worst, ...(worstInterval && { worstInterval }) };
      }),
      heldOutLogLikelihood: score && Number.isFinite(score.logLikelihood) ? score.logLikelihood : null,
      accuracy: groups.names.map((_, g) =>
        score && score.pairs[g] > 0 ? score.right[g] / score.pairs[g] : null,
      ),
      adjustedRand: randOf(byMethod.get(method)!, problem, known?.types),
    };
  });
  return {
    baselines,
    comparison: {
      yardstick: yardsticks[0].yardstick,
      types: yardsticks[0].names,
      groups: groups.names,
      heldOutRecords: heldOut?.records ?? 0,
      notes: notes(methods, known !== undefined, heldOut?.missing ?? 0, drawing.prompts.length),
    },
  };
}

/** Responses of one method's policies, under these and under the judges of every yardstick. */
async function answersOf(
  base: BasePolicies,
  drawing: Omit<LanguageSamplerInput, 'policies'>,
  own: readonly HostTensors[],
  judges: readonly (readonly HostTensors[])[],
  responses: number,
): Promise<Answers> {
  const scored = [...new Set([...own, ...judges.flat()])];
  const sampler = languageSampler({ ...drawing, policies: { ...base, types: scored } });
  const answers = { own: new Array<Halved>(), judged: judges.map(() => new Array<Halved>()) };
  try {
    for (const type of own.keys()) {
      const sampled = await sampler.sample({ kind: 'type', type }, responses);
      const by = (policies: readonly HostTensors[]): Halved =>
        halved({ ...sampled, ratio: policies.map((each) => sampled.ratio[scored.indexOf(each)]) });
      answers.own.push(by(own));
      for (const [at, group] of judges.entries()) answers.judged[at].push(by(group));
    }
  } finally {
    await sampler.dispose();
  }
  return answers;
}

function notes(
  methods: readonly LanguageMethod[],
  known: boolean,
  missing: number,
  prompts: number,
): string[] {
  return [
    'All methods were trained without the held-out records, so that EM-DPO’s regrets differ from those of the run itself.',
    'Regrets are of what each method’s min-max mixture writes; weights were chosen on other responses than they are judged by.',
    ...(methods.some(({ method }) => method === 'clusters')
      ? []
      : ['Annotators have too few comparisons in common to be clustered by agreement.']),
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
