import type { LanguageAggregate } from '../../aggregate/language/aggregate-language';
import type { Distilled } from '../../aggregate/language/distil';
import type { RankingTable } from '../../dataset/table';
import { dividingPrompts, opinions } from '../../policy/opinions';
import { policyFromReward } from '../../policy/response-policy';
import type { LanguageExperiment } from '../../protocol/experiment';
import type { RunResult, SelectionRow } from '../../protocol/result';
import { effectiveTypes } from '../../training/fit';
import { knownTypeAgreement } from '../../training/known-types';
import { hardLabels } from '../../training/labels';
import type { LanguageFit } from '../../training/language/train';
import type { AnnotatorPosterior } from '../annotator-posterior';
import { attributeAgreement, type Attribute } from '../attribute';
import type { ComparedBaselines } from '../baselines/compare';
import { posteriorSummary } from '../posterior-summary';
import { commonTreatment } from '../treatment';
import type { ChosenTypes } from './choose-types';
import type { OpenedModel } from './open-model';
import { usedResponses } from './used-responses';

export interface LanguageResultInput {
  readonly table: RankingTable;
  readonly experiment: LanguageExperiment;
  readonly opened: OpenedModel;
  readonly fit: LanguageFit;
  readonly chosen: ChosenTypes;
  readonly fair: LanguageAggregate;
  readonly posterior: AnnotatorPosterior;
  /** Numbers that train in one policy. */
  readonly parameters: number;
  readonly seconds: number;
  readonly distillation?: Distilled;
  readonly against?: ComparedBaselines;
  readonly attribute?: Attribute;
}

/** What a run of language models found, in the words of every run's result. */
export function languageResult(input: LanguageResultInput): RunResult {
  const { table, experiment, opened, fit, chosen, fair, posterior, parameters } = input;
  const { data } = opened;
  const types = fit.types.length;
  const list = usedResponses(data.texts.used, table.responsePrompt, table.prompts.size);
  const policies = fit.types.map(({ rewards }) => policyFromReward(list, rewards, experiment.beta));
  const labels = hardLabels(posterior.gamma, types);
  const row = (count: number, logLikelihood: number): SelectionRow => ({
    types: count,
    logLikelihood,
    parameters: count * parameters + count - 1,
    bic: null,
    icl: null,
    heldOut: null,
    heldOutStandardError: null,
  });
  const rows = [row(1, fit.plainLogLikelihood), row(types, fit.logLikelihood)];
  return {
    fit: {
      policy: 'transformer',
      types,
      logLikelihood: fit.logLikelihood,
      bic: null,
      icl: null,
      parameters: types * parameters + types - 1,
      annotators: data.problem.annotators,
      records: data.problem.records,
      converged: types === 1 || fit.ended !== 'rounds',
      iterations: fit.rounds.length,
      seconds: input.seconds,
      prior: experiment.em.prior,
      beta: experiment.beta,
      crossFittedLogLikelihood: fit.crossFittedLogLikelihood,
    },
    types: fit.types.map(({ rewards }, k) => ({
      name: `Type ${k + 1}`,
      share: fit.shares[k],
      annotators: labels.reduce((sum, label) => sum + (label === k ? 1 : 0), 0),
      ...opinions(table, list, policies[k], rewards),
    })),
    starts: fit.starts.flatMap(({ kind, logLikelihood }) =>
      logLikelihood === undefined ? [] : [{ kind, logLikelihood }],
    ),
    selection: chosen.selection ?? (types === 1 ? rows.slice(1) : rows),
    recommendation: chosen.recommendation,
    posterior: posteriorSummary(posterior, types, effectiveTypes(fit.shares)),
    regret: { ...fair.summary, sensitivity: [] },
    candidates: fair.candidates,
    divides: types === 1 ? [] : dividingPrompts(table, list, policies, fit.shares),
    known: knownTypeAgreement(
      posterior.tableAnnotator.map((h) => (h < 0 ? -1 : table.knownType[h])),
      labels,
      Array.from({ length: table.knownTypes.size }, (_, t) => table.knownTypes.text(t)),
      types,
    ),
    ...input.against,
    attribute:
      input.attribute && attributeAgreement(input.attribute, posterior.tableAnnotator, labels, types),
    alarms: [...fit.alarms, ...fair.alarms],
    treatment: treatment(input),
  };
}

/** What the distilled policy learnt of a response, before “n responses”. */
const TAUGHT = {
  distributions: 'the mixture’s probabilities of every next token in',
  samples: 'the tokens of',
} as const;

function treatment({ table, experiment, opened, fit, fair, parameters, distillation }: LanguageResultInput) {
  const { policy } = experiment;
  const { problem } = opened.data;
  const what =
    policy.train === 'full'
      ? `All ${parameters} weights of the model are trained for each type.`
      : `Each type has a LoRA adapter of rank ${policy.lora.rank} with ${parameters} weights over the frozen reference model.`;
  const { sampling } = fair.summary;
  return [
    ...commonTreatment(table, problem),
    what,
    opened.origin,
    policy.crossFit && fit.types.length > 1
      ? 'Assignments are cross-fitted: the records of an annotator are scored by policies trained on the other half of them.'
      : 'Assignments are not cross-fitted.',
    ...(fit.startKept
      ? [
          'Annotators are assigned as by the log-linear policies on the embeddings of the reference model: under those of no round of language models were the records held out likelier.',
        ]
      : []),
    'Probabilities of the dataset’s responses are those of the implicit rewards among the responses of a prompt.',
    ...(sampling
      ? [
          `Regrets are estimated from ${sampling.responses} responses of each policy to each of ${sampling.prompts} prompts of ${sampling.population}.`,
        ]
      : []),
    ...(distillation
      ? [
          `The distilled policy was trained on ${TAUGHT[distillation.targets]} ${distillation.trained} responses of the mixture; on others it is ${distillation.divergence.value.toFixed(2)} nats a response away from it.`,
        ]
      : []),
  ];
}
