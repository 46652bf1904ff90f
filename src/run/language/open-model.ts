import type { Executor } from '../../compute/graph/executor';
import type { RankingTable } from '../../dataset/table';
import { loadModel } from '../../policy/transformer/load-model';
import type { LanguageModel } from '../../policy/transformer/language-model';
import { scratchModel } from '../../policy/transformer/scratch';
import type { LanguageExperiment } from '../../protocol/experiment';
import { checkpoints } from '../../training/language/checkpoint';
import type { CheckpointFiles } from '../../training/language/checkpoint';
import { prepareLanguageData, type LanguageData } from '../../training/language/prepare';
import { pretrain, type PretrainMeta } from '../../training/language/pretrain';
import { breather } from '../../training/language/train';
import type { FitHooks } from '../fit-types';
import { RunError } from '../run-error';

export interface OpenedModel {
  readonly model: LanguageModel;
  readonly data: LanguageData;
  /** How the reference policy came to be, as a sentence. */
  readonly origin: string;
}

const LEARNING_RATE = 3e-3;
const HELD_OUT = 0.1;
const CHECKPOINT_EVERY_MS = 60_000;

/**
 * The reference policy and the dataset as its tokens: a checkpoint from a folder, or a small model pretrained on the
 * dataset's own responses.
 *
 * @throws ModelError, UnfitDataError, TrainingError or RunError with a sentence for the person
 */
export async function openModel(
  table: RankingTable,
  experiment: LanguageExperiment,
  executor: Executor,
  files: CheckpointFiles,
  { signal, emit }: FitHooks,
): Promise<OpenedModel> {
  const { policy, dataset, seed } = experiment;
  const limits = { promptTokens: policy.promptTokens, responseTokens: policy.responseTokens };
  const prepared = (model: LanguageModel) => prepareLanguageData(table, model.tokenizer, limits, dataset);
  if (policy.model !== 'scratch') {
    const model = await loadModel(policy.model);
    requireRoom(model, limits);
    const origin = `The reference policy is the model in ${policy.model}.`;
    return { model, data: prepared(model), origin };
  }
  const { layers, hidden, heads, epochs } = policy.scratch;
  if (hidden % heads !== 0 || (hidden / heads) % 2 !== 0) {
    throw new RunError(
      `policy.scratch.hidden (${hidden}) divided by policy.scratch.heads (${heads}) must be an even whole number.`,
    );
  }
  const positions = limits.promptTokens + limits.responseTokens;
  const untrained = scratchModel({ layers, hidden, heads, positions, seed });
  const data = prepared(untrained);
  emit({ type: 'phase', phase: 'fitting', title: 'Pretraining the reference model on the responses' });
  const began = performance.now();
  const { model, passes, loss } = await pretrain(untrained, data.texts, executor, {
    epochs,
    learningRate: LEARNING_RATE,
    heldOut: HELD_OUT,
    seed,
    breathe: breather(signal),
    emit: (event) => {
      emit(event);
      const secondsLeft = ((performance.now() - began) / 1000 / event.pass) * (event.passes - event.pass);
      emit({ type: 'progress', phase: 'fitting', done: event.pass, total: event.passes, secondsLeft });
    },
    checkpoints: checkpoints<PretrainMeta>(files, 'pretraining', fingerprint(untrained, experiment)),
    checkpointEvery: CHECKPOINT_EVERY_MS,
  });
  return {
    model,
    data,
    origin:
      `The reference policy is a byte-level model of ${layers} layers and width ${hidden}, pretrained on the dataset’s ` +
      `own responses in ${passes} passes to ${loss.toFixed(3)} nats a byte.`,
  };
}

function requireRoom(
  { config, name }: LanguageModel,
  limits: { promptTokens: number; responseTokens: number },
) {
  const wanted = limits.promptTokens + limits.responseTokens;
  if (wanted <= config.positions) return;
  throw new RunError(
    `policy.promptTokens and policy.responseTokens together ask for ${wanted} tokens, but ${name} has ${config.positions} positions. Lower one of them.`,
  );
}

/** The dataset goes into it through the run: a run directory belongs to one dataset. */
function fingerprint({ hash }: LanguageModel, { policy, dataset, seed }: LanguageExperiment): string {
  return JSON.stringify([hash, policy.scratch, policy.promptTokens, policy.responseTokens, dataset, seed]);
}
