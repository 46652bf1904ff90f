import type { Executor } from '../../compute/graph/executor';
import type { HostTensors } from '../../compute/graph/program';
import type { Generated, GenerationOptions, Wanted } from '../../policy/transformer/generate/generate';
import { pack } from '../../policy/transformer/packing';
import type { OptimizerChoice } from '../../protocol/experiment';
import { random } from '../../random';
import { adamw, clipFactor, globalNorm } from '../../training/language/adamw';
import { batchFeeds } from '../../training/language/batch-inputs';
import { learnerAt, type Learner } from '../../training/language/learner';
import { gradientOf } from '../../training/language/loss';
import { copyParameters } from '../../training/language/policy';
import { learningRateAt } from '../../training/language/schedule';
import { inOrder, tokenBudget } from '../../training/language/score';
import type { Texts } from '../../training/language/texts';
import { TrainingError } from '../../training/language/training-error';
import { buckets, responseUnits, tokenRecord, type Bucket, type Unit } from '../../training/language/units';
import { programs, type Programs } from '../../training/language/workbench';
import type { Estimate } from './clustered';
import { openWriters, type LanguagePolicies } from './language-policies';
import { writeFrom } from './language-sampler';
import { scoreSamples, sampledTexts, type TokenResponse } from './score-samples';

export interface DistilInput {
  readonly executor: Executor;
  readonly policies: LanguagePolicies;
  /** w of the mixture, by type. */
  readonly weights: readonly number[];
  /** Tokens of the prompts to learn on: all of the dataset's, as a rule. */
  readonly prompts: readonly Int32Array[];
  /** Of the mixture to each prompt. */
  readonly responses: number;
  readonly sampling: Pick<GenerationOptions, 'temperature' | 'topP' | 'maxTokens'>;
  /** `epochs` are passes over the responses at most. */
  readonly optimizer: OptimizerChoice;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (title: string, done: number, total: number) => void;
}

export interface Distilled {
  readonly parameters: HostTensors;
  readonly passes: number;
  /** Responses of the mixture that it was trained on. */
  readonly trained: number;
  /** KL(mixture ‖ distilled), nats a response, on responses to prompts that were kept out of training. */
  readonly divergence: Estimate;
}

const STREAM = 0x64697374;
/** Share of the prompts that are kept out, to see when to stop and how far the mixture still is. */
const KEPT_OUT = 0.1;
const PATIENCE = 2;
const TRAINED_TOKENS = 4096;

/**
 * One policy that answers like the mixture Σ_k w_k π_k: maximum likelihood on the mixture's own responses, which is what
 * minimises KL(mixture ‖ distilled). It starts from the policy of the type with the largest weight and keeps the pass
 * under which responses that were kept out are likeliest.
 *
 * @throws TrainingError when the loss becomes no finite number
 */
export async function distil(input: DistilInput): Promise<Distilled> {
  const { executor, policies, weights, seed, optimizer, onProgress } = input;
  const { trainable, types } = policies;
  const written = await writeMixture(input);
  const all = written.map(({ tokens }, i): TokenResponse => ({
    prompt: Math.floor(i / input.responses),
    tokens,
  }));
  const outside = keptOut(input.prompts.length, seed);
  const texts = sampledTexts(input.prompts, all);
  const repeated = timesDrawn(texts);
  const units = responseUnits(texts);
  const train = units.filter(({ prompt }) => !outside.has(prompt));
  const ready = programs(executor, trainable, 1);
  try {
    const plan = planned(train, texts, optimizer.batch, trainable);
    // with a single prompt the responses trained on are all there is to judge by
    const heldOut = outside.size === 0 ? all : all.filter(({ prompt }) => outside.has(prompt));
    const scorer = { executor, trainable, breathe: () => breathe(input.signal) };
    const held = async (parameters: HostTensors) =>
      (await scoreSamples(scorer, input.prompts, heldOut, [parameters]))[0];

    const start = types[weights.indexOf(Math.max(...weights))];
    const learner = learnerAt(start);
    let best = { loss: mean(await held(start)), pass: 0, parameters: copyParameters(start) };
    let pass = 0;
    while (pass < optimizer.epochs && pass - best.pass < PATIENCE) {
      await onePass(ready, texts, repeated, learner, plan, { ...input, pass });
      pass++;
      onProgress?.('Distilling the mixture', pass, optimizer.epochs);
      const loss = mean(await held(learner.parameters));
      if (loss > best.loss) best = { loss, pass, parameters: copyParameters(learner.parameters) };
    }
    const own = await held(best.parameters);
    const byType = await scoreSamples(scorer, input.prompts, heldOut, types);
    return {
      parameters: best.parameters,
      passes: best.pass,
      trained: all.filter(({ prompt }) => !outside.has(prompt)).length,
      divergence: divergence(own, byType, weights, heldOut),
    };
  } finally {
    await ready.dispose();
  }
}

async function writeMixture(input: DistilInput): Promise<Generated[]> {
  const { executor, policies, weights, prompts, responses, seed, sampling, signal, onProgress } = input;
  const writers = openWriters(executor, policies);
  const wanted = prompts.flatMap((prompt, x) =>
    Array.from({ length: responses }, (_, r): Wanted => ({ prompt, seed, stream: [STREAM, x, r] })),
  );
  let done = 0;
  const onResponse = () => onProgress?.('Responses of the mixture to learn from', ++done, wanted.length);
  try {
    return await writeFrom(writers, policies, { kind: 'mixture', weights }, wanted, {
      ...sampling,
      signal,
      onResponse,
    });
  } finally {
    await writers.dispose();
  }
}

/** Whole prompts: responses to one prompt resemble each other. With fewer than two there is nothing to keep out. */
function keptOut(prompts: number, seed: number): Set<number> {
  const order = random(seed, STREAM, -1).shuffle(Array.from({ length: prompts }, (_, x) => x));
  return new Set(order.slice(0, Math.min(prompts - 1, Math.max(2, Math.round(KEPT_OUT * prompts)))));
}

/** By response in use: how many of the samples are the same. */
function timesDrawn(texts: Texts): Int32Array {
  const times = new Int32Array(texts.response.length);
  for (const first of texts.sameAs) times[first]++;
  return times;
}

function planned(
  units: readonly Unit[],
  texts: Texts,
  batch: number,
  { vocabulary, hidden }: LanguagePolicies['trainable'],
): Bucket[] {
  const responses = units.reduce((sum, unit) => sum + unit.responses.length, 0);
  const together = Math.max(1, Math.round((batch * units.length) / responses));
  return buckets(units, texts, { units: together, tokens: tokenBudget(TRAINED_TOKENS, vocabulary), hidden });
}

/** Minimises −mean over samples of log π(y|x), each step on one batch of them. */
async function onePass(
  ready: Programs,
  texts: Texts,
  times: Int32Array,
  learner: Learner,
  plan: readonly Bucket[],
  { pass, seed, optimizer, signal }: DistilInput & { readonly pass: number },
): Promise<void> {
  const source = random(seed, STREAM, pass);
  const batches = plan.flatMap((bucket) =>
    inOrder(source.shuffle([...bucket.units]), bucket, texts).map((members) => ({ bucket, members })),
  );
  source.shuffle(batches);
  const tokens = plan
    .flatMap(({ units }) => units)
    .flatMap(({ responses }) => responses)
    .reduce((sum, y) => sum + times[y] * texts.response[y].length, 0);
  const scale = batches.length / tokens;
  for (const [step, { bucket, members }] of batches.entries()) {
    const records = members.map((unit) => tokenRecord(unit, texts));
    const batch = pack(records, { longest: bucket.shape.length, shape: bucket.shape });
    const weight = new Float32Array(batch.slots);
    members.flatMap(({ responses }) => responses).forEach((y, slot) => (weight[slot] = scale * times[y]));
    const executable = await ready.prediction(batch);
    const outputs = await executable.run({
      ...learner.parameters,
      ...batchFeeds(batch),
      weight: { shape: [batch.slots], dtype: 'float32', data: weight },
    });
    const gradients = Object.fromEntries(
      Object.keys(learner.parameters).map((name) => [name, outputs[gradientOf(name)].data as Float32Array]),
    );
    const norm = globalNorm(gradients);
    if (!Number.isFinite(norm)) {
      throw new TrainingError(
        `Distilling the mixture gave a gradient that is no finite number in pass ${pass + 1}, step ${step + 1}. Lower policy.optimizer.learningRate.`,
      );
    }
    const { learningRate, warmup, clip } = optimizer;
    const steps = batches.length * optimizer.epochs;
    const rate = learningRateAt(learner.optimiser.steps, learningRate, warmup, 'cosine', steps);
    adamw(learner.parameters, gradients, learner.optimiser, rate, optimizer, clipFactor(norm, clip));
    await breathe(signal);
  }
}

/** E_{y ~ mixture} [ log Σ_k w_k π_k(y) − log π(y) ], its error clustered by prompt where there are several. */
function divergence(
  own: Float64Array,
  byType: readonly Float64Array[],
  weights: readonly number[],
  responses: readonly TokenResponse[],
): Estimate {
  const each = Array.from(own, (score, y) => {
    const scores = byType.map((type) => type[y]);
    const largest = Math.max(...scores);
    const sum = scores.reduce((total, s, k) => total + weights[k] * Math.exp(s - largest), 0);
    return largest + Math.log(sum) - score;
  });
  const byPrompt = new Map<number, number[]>();
  each.forEach((d, y) =>
    byPrompt.set(responses[y].prompt, [...(byPrompt.get(responses[y].prompt) ?? []), d]),
  );
  const clusters = byPrompt.size > 1 ? [...byPrompt.values()].map(mean) : each;
  const value = mean(clusters);
  const spread = clusters.reduce((sum, m) => sum + (m - value) ** 2, 0) / (clusters.length - 1);
  return { value, standardError: Math.sqrt(spread / clusters.length) };
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

async function breathe(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
