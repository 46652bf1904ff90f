import path from 'node:path';
import { aggregateLanguage } from '../../aggregate/language/aggregate-language';
import { distil } from '../../aggregate/language/distil';
import { drawPrompts } from '../../aggregate/language/draw-prompts';
import type { LanguagePolicies } from '../../aggregate/language/language-policies';
import { languageSampler } from '../../aggregate/language/language-sampler';
import type { Executor } from '../../compute/graph/executor';
import type { RankingTable } from '../../dataset/table';
import type { LanguageExperiment } from '../../protocol/experiment';
import type { ScopeVerdict } from '../../protocol/validation';
import { trainLanguage, type LanguageFit } from '../../training/language/train';
import { fullPolicy, loraPolicy } from '../../training/language/transformer-policy';
import { annotatorPosterior } from '../annotator-posterior';
import { readAttribute } from '../attribute';
import { nothingToCompare } from '../baselines/one-type';
import type { FittedExperiment } from '../fit-experiment';
import type { TypeRewards } from '../type-rewards';
import type { FitHooks } from '../fit-types';
import { languageHistory } from '../history/language-history';
import { everySoOften } from '../every-so-often';
import { numberCache } from '../number-cache';
import { chooseTypes } from './choose-types';
import { compareMethods, type Drawing } from './compare-methods';
import { languageResult } from './language-result';
import { openModel, type OpenedModel } from './open-model';
import { CHECKPOINT, runCheckpoints } from './run-checkpoints';
import { trainForComparison } from './train-methods';
import { writePolicies } from './write-policies';

const DISTILLATION_PASSES = 6;

/**
 * Dataset to result with language models: a reference model, EM-DPO with K types and plain DPO beside it, responses drawn
 * from each, and the min-max aggregation with one distilled policy. Whatever a checkpoint in the directory holds of the
 * same training is taken up.
 *
 * @param directory run directory; gets `checkpoint/` and `policies/`
 * @param verdicts what theory says of each number of types, for choosing one
 * @throws Error with a sentence for the person; the signal's reason when it is aborted
 */
export async function fitLanguage(
  table: RankingTable,
  experiment: LanguageExperiment,
  executor: Executor,
  directory: string,
  hooks: FitHooks,
  verdicts: readonly ScopeVerdict[] = [],
): Promise<FittedExperiment> {
  const began = performance.now();
  const { policy, beta, seed, evaluate } = experiment;
  const attribute =
    evaluate.attribute === undefined ? undefined : await readAttribute(evaluate.attribute, table);
  const files = runCheckpoints(directory, hooks);
  const opened = await openModel(table, experiment, executor, files, hooks);
  const trainable =
    policy.train === 'full' ? fullPolicy(opened.model) : loraPolicy(opened.model, policy.lora);
  const request = {
    data: opened.data,
    policy: trainable,
    modelHash: opened.model.hash,
    executor,
    seed,
    referenceCache: await numberCache(path.join(directory, CHECKPOINT, 'reference.txt')),
  };
  const chosen = await chooseTypes(request, experiment, verdicts, hooks);
  const { types } = chosen;
  const training = {
    ...request,
    beta,
    options: {
      types,
      rounds: policy.rounds,
      crossFit: policy.crossFit,
      optimizer: policy.optimizer,
      prior: experiment.em.prior,
      starts: experiment.em.starts,
    },
    ...hooks,
    checkpointFiles: files,
  };
  const fit = await trainLanguage(training);
  const seconds = (performance.now() - began) / 1000;
  if (evaluate.baselines && types === 1) hooks.emit(nothingToCompare);
  // before anything is drawn: unlike that, training leaves checkpoints
  const methods =
    evaluate.baselines && types > 1 ? await trainForComparison(table, experiment, training) : undefined;
  const base = {
    model: opened.model,
    trainable,
    ...(policy.train === 'lora' && { scaling: policy.lora.alpha / policy.lora.rank }),
  };
  const policies: LanguagePolicies = {
    ...base,
    types: fit.types.map(({ parameters }) => parameters),
    plain: fit.plain.parameters,
  };
  const drawing = drawingOf(opened, experiment, executor, hooks);
  const aggregated = await weigh(opened, fit, policies, experiment, drawing, hooks);
  const against = methods && (await compareMethods(methods, base, experiment, drawing, hooks));
  hooks.emit({ type: 'phase', phase: 'writing', title: 'Writing the policies' });
  await writePolicies(path.join(directory, 'policies'), aggregated.policies, policy);
  const posterior = annotatorPosterior(table, opened.data.problem, fit.gamma, types);
  const result = languageResult({
    table,
    experiment,
    opened,
    fit,
    chosen,
    fair: aggregated.fair,
    posterior,
    parameters: Object.values(trainable.parameters).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    seconds,
    distillation: aggregated.distillation,
    against,
    attribute,
  });
  return {
    result,
    posterior,
    rewards: keptRewards(fit, opened.data.texts.used),
    history: languageHistory(opened.data.problem, fit),
  };
}

/** Implicit rewards of the dataset's responses, so that they can be ranked without the models; NaN of what was not used. */
function keptRewards({ shares, types }: LanguageFit, used: Int32Array): TypeRewards {
  const values = types.map(({ rewards }) => {
    const kept = new Float64Array(rewards.length).fill(NaN);
    for (const y of used) kept[y] = rewards[y];
    return kept;
  });
  return { over: 'responses', shares: Float64Array.from(shares), values };
}

/** The prompts that responses are drawn to, and how. */
function drawingOf(
  { data }: OpenedModel,
  { policy, seed }: LanguageExperiment,
  executor: Executor,
  { signal }: FitHooks,
): Drawing {
  const { temperature, topP, prompts } = policy.sampling;
  const used = usedPrompts(data);
  return {
    executor,
    prompts: drawPrompts(used, prompts, seed).map((x) => data.texts.prompt[x]),
    population: used.length,
    seed,
    sampling: { temperature, topP, maxTokens: policy.responseTokens },
    signal,
  };
}

function usedPrompts({ texts }: OpenedModel['data']): number[] {
  return [...new Set(Array.from(texts.used, (y) => texts.promptOf[y]))];
}

/** Draws responses of every policy, solves for the fair weights, and distils their mixture. */
async function weigh(
  { data }: OpenedModel,
  fit: LanguageFit,
  policies: LanguagePolicies,
  { policy, seed, aggregate: wanted }: LanguageExperiment,
  drawing: Drawing,
  { signal, emit }: FitHooks,
) {
  const title = (text: string) => {
    emit({ type: 'phase', phase: 'aggregating', title: text });
  };
  const progress = everySoOften((done, total, secondsLeft) => {
    emit({ type: 'progress', phase: 'aggregating', done, total, secondsLeft });
  });
  const { executor, sampling } = drawing;
  const sampler = languageSampler({ ...drawing, policies, onProgress: progress });
  let distilled: Awaited<ReturnType<typeof distil>> | undefined;
  try {
    const fair = await aggregateLanguage({
      sampler,
      responses: policy.sampling.responses,
      names: Array.from(fit.shares, (_, k) => `Type ${k + 1}`),
      protection: wanted.protection,
      solver: wanted.solver,
      seed,
      plain: true,
      onPhase: title,
      distil:
        fit.types.length === 1
          ? undefined
          : async (weights) => {
              let phase = '';
              const learnt = drawPrompts(usedPrompts(data), policy.sampling.distillation, seed);
              distilled = await distil({
                executor,
                policies,
                weights,
                prompts: learnt.map((x) => data.texts.prompt[x]),
                responses: Math.round(policy.sampling.distillation / learnt.length),
                sampling,
                optimizer: { ...policy.optimizer, epochs: DISTILLATION_PASSES },
                seed,
                signal,
                onProgress: (what, done, total) => {
                  if (what !== phase) title((phase = what));
                  progress(done, total);
                },
              });
              sampler.learn(distilled.parameters);
            },
    });
    return {
      fair,
      distillation: distilled,
      policies: { ...policies, distilled: distilled?.parameters },
    };
  } finally {
    await sampler.dispose();
  }
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
