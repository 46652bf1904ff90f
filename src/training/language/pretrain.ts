import type { Executor } from '../../compute/graph/executor';
import { pack } from '../../policy/transformer/packing';
import type { LanguageModel } from '../../policy/transformer/language-model';
import { modelHash } from '../../policy/transformer/model-hash';
import type { PretrainingEvent } from '../../protocol/event';
import { random } from '../../random';
import { adamw, clipFactor, globalNorm } from './adamw';
import { batchFeeds } from './batch-inputs';
import type { Checkpoints } from './checkpoint';
import { learnerAt, learnerColumns, learnerFrom, type Learner } from './learner';
import { gradientOf } from './loss';
import { copyParameters } from './policy';
import { learningRateAt } from './schedule';
import { inOrder, tokenBudget } from './score';
import type { Texts } from './texts';
import { TrainingError } from './training-error';
import { fullPolicy } from './transformer-policy';
import { buckets, responseUnits, tokenRecord, type Bucket, type Unit } from './units';
import { programs, type Programs } from './workbench';

export interface PretrainOptions {
  /** Passes over the responses, at most. */
  readonly epochs: number;
  readonly learningRate: number;
  /** Share of the prompts whose responses are kept out, to see when to stop. */
  readonly heldOut: number;
  readonly seed: number;
  readonly breathe: () => Promise<void>;
  readonly emit: (event: PretrainingEvent) => void;
  readonly checkpoints?: Checkpoints<PretrainMeta>;
  /** Milliseconds between checkpoints within a pass. */
  readonly checkpointEvery?: number;
}

export interface Pretrained {
  readonly model: LanguageModel;
  readonly passes: number;
  /** Nats per token after the pass that was kept, on the responses kept out or, where none were, on all. */
  readonly loss: number;
}

/** State of pretraining between two steps. */
export interface PretrainMeta {
  readonly pass: number;
  readonly step: number;
  readonly optimiserSteps: number;
  readonly best: { readonly loss: number; readonly pass: number } | null;
  readonly sum: number;
  readonly done: boolean;
}

const STREAM = 21;
/** Passes without a gain on the responses kept out before training ends. */
const PATIENCE = 3;
const WARM_UP = 20;
const WEIGHT_DECAY = 0.01;
const CLIP = 1;
const FEWEST_PROMPTS_TO_DIVIDE = 10;
const TOKENS = { least: 512, most: 4096 };

/**
 * Trains a model from scratch to predict the dataset's own responses, token by token given their prompts, until the
 * responses of prompts that were kept out get no likelier. The result is the reference policy of EM-DPO: it writes like
 * the dataset and prefers nothing.
 *
 * @throws TrainingError when the loss becomes no finite number
 */
export async function pretrain(
  model: LanguageModel,
  texts: Texts,
  executor: Executor,
  options: PretrainOptions,
): Promise<Pretrained> {
  const policy = fullPolicy(model);
  const ready = programs(executor, policy, 1);
  try {
    return await pretrainWith(model, texts, ready, options);
  } finally {
    await ready.dispose();
  }
}

async function pretrainWith(
  model: LanguageModel,
  texts: Texts,
  ready: Programs,
  options: PretrainOptions,
): Promise<Pretrained> {
  const policy = fullPolicy(model);
  const units = responseUnits(texts);
  const { train, kept } = divide(units, options);
  const total = train.reduce((sum, unit) => sum + tokensOf(unit, texts), 0);
  const tokens = tokenBudget(Math.min(TOKENS.most, Math.max(TOKENS.least, total / 16)), policy.vocabulary);
  const planned = buckets(train, texts, { units: Infinity, tokens, hidden: policy.hidden });
  const keptBuckets = buckets(kept, texts, { units: Infinity, tokens, hidden: policy.hidden });

  const restored = await options.checkpoints?.load();
  let learner: Learner = learnerAt(policy.initial(0));
  let best = { loss: Infinity, pass: 0, parameters: copyParameters(learner.parameters) };
  let meta: PretrainMeta = { pass: 0, step: 0, optimiserSteps: 0, best: null, sum: 0, done: false };
  if (restored) {
    meta = restored.meta;
    learner = learnerFrom(policy, 'learner', restored.columns, meta.optimiserSteps);
    const then = learnerFrom(policy, 'best', restored.columns, 0);
    best = { loss: meta.best?.loss ?? Infinity, pass: meta.best?.pass ?? 0, parameters: then.parameters };
  }
  const save = async (at: Pick<PretrainMeta, 'pass' | 'step' | 'sum' | 'done'>) => {
    const found = Number.isFinite(best.loss) ? { loss: best.loss, pass: best.pass } : null;
    await options.checkpoints?.save({
      meta: { ...at, optimiserSteps: learner.optimiser.steps, best: found },
      columns: {
        ...learnerColumns('learner', learner),
        ...learnerColumns('best', learnerAt(best.parameters)),
      },
    });
  };
  let saved = performance.now();
  let { done } = meta;
  let passes = meta.pass;
  for (let pass = meta.pass; pass < options.epochs && !done; pass++) {
    const source = random(options.seed, STREAM, pass);
    const batches = planned.flatMap((bucket) =>
      inOrder(source.shuffle([...bucket.units]), bucket, texts).map((members) => ({ bucket, members })),
    );
    source.shuffle(batches);
    const steps = batches.length * options.epochs;
    const resumed = pass === meta.pass;
    let sum = resumed ? meta.sum : 0;
    for (let step = resumed ? meta.step : 0; step < batches.length; step++) {
      const { bucket, members } = batches[step];
      const run = await predict(ready, texts, learner, bucket, members);
      const gradients = Object.fromEntries(
        Object.keys(learner.parameters).map((name) => [
          name,
          run.outputs[gradientOf(name)].data as Float32Array,
        ]),
      );
      const norm = globalNorm(gradients);
      if (!Number.isFinite(norm) || !Number.isFinite(run.loss)) {
        throw new TrainingError(
          `Pretraining gave a loss that is no finite number in pass ${pass + 1}, step ${step + 1}. Lower its learning rate.`,
        );
      }
      const rate = learningRateAt(learner.optimiser.steps, options.learningRate, WARM_UP, 'cosine', steps);
      adamw(
        learner.parameters,
        gradients,
        learner.optimiser,
        rate,
        { weightDecay: WEIGHT_DECAY },
        clipFactor(norm, CLIP),
      );
      sum += run.loss * run.tokens;
      if (options.checkpointEvery !== undefined && performance.now() - saved >= options.checkpointEvery) {
        await save({ pass, step: step + 1, sum, done: false });
        saved = performance.now();
      }
      await options.breathe();
    }
    const loss = sum / total;
    const heldOut = kept.length > 0 ? await lossOn(ready, texts, learner, keptBuckets, options) : undefined;
    options.emit({ type: 'pretraining', pass: pass + 1, passes: options.epochs, loss, heldOut });
    if ((heldOut ?? loss) < best.loss) {
      best = { loss: heldOut ?? loss, pass: pass + 1, parameters: copyParameters(learner.parameters) };
    }
    passes = pass + 1;
    done = passes - best.pass >= PATIENCE || passes === options.epochs;
    await save({ pass: passes, step: 0, sum: 0, done });
    saved = performance.now();
  }
  const weights = best.parameters;
  const hash = modelHash(model.config, weights, ['bytes']);
  return { model: { ...model, weights, hash }, passes, loss: best.loss };
}

/** Whole prompts are kept out: responses to one prompt may resemble each other. */
function divide(
  units: readonly Unit[],
  { heldOut, seed }: PretrainOptions,
): { train: readonly Unit[]; kept: readonly Unit[] } {
  const prompts = [...new Set(units.map(({ prompt }) => prompt))];
  if (heldOut <= 0 || prompts.length < FEWEST_PROMPTS_TO_DIVIDE) return { train: units, kept: [] };
  const count = Math.max(1, Math.round(heldOut * prompts.length));
  const out = new Set(random(seed, STREAM, -1).shuffle(prompts).slice(0, count));
  return {
    train: units.filter(({ prompt }) => !out.has(prompt)),
    kept: units.filter(({ prompt }) => out.has(prompt)),
  };
}

function tokensOf({ responses }: Unit, texts: Texts): number {
  return responses.reduce((sum, y) => sum + texts.response[y].length, 0);
}

/** Runs one batch: its loss in nats per token, and its gradients. */
async function predict(
  ready: Programs,
  texts: Texts,
  { parameters }: Learner,
  { shape }: Bucket,
  members: readonly Unit[],
) {
  const batch = pack(
    members.map((unit) => tokenRecord(unit, texts)),
    { longest: shape.length, shape },
  );
  const tokens = members.reduce((sum, unit) => sum + tokensOf(unit, texts), 0);
  const used = members.reduce((sum, unit) => sum + unit.responses.length, 0);
  const weight = new Float32Array(batch.slots).fill(1 / tokens, 0, used);
  const executable = await ready.prediction(batch);
  const outputs = await executable.run({
    ...parameters,
    ...batchFeeds(batch),
    weight: { shape: [batch.slots], dtype: 'float32', data: weight },
  });
  return { outputs, tokens, loss: outputs.loss.data[0] };
}

async function lossOn(
  ready: Programs,
  texts: Texts,
  { parameters }: Learner,
  kept: readonly Bucket[],
  { breathe }: PretrainOptions,
): Promise<number> {
  let sum = 0;
  let tokens = 0;
  for (const bucket of kept) {
    for (const members of inOrder(bucket.units, bucket, texts)) {
      const batch = pack(
        members.map((unit) => tokenRecord(unit, texts)),
        { longest: bucket.shape.length, shape: bucket.shape },
      );
      const executable = await ready.scoring(batch);
      const { logProbabilities } = await executable.run({ ...parameters, ...batchFeeds(batch) });
      const used = members.reduce((n, unit) => n + unit.responses.length, 0);
      for (let slot = 0; slot < used; slot++) sum -= logProbabilities.data[slot];
      tokens += members.reduce((n, unit) => n + tokensOf(unit, texts), 0);
      await breathe();
    }
  }
  return sum / tokens;
}
