import type { Executor } from '../../compute/graph/executor';
import type { HostTensors } from '../../compute/graph/program';
import type { Generated, GenerationOptions, Wanted } from '../../policy/transformer/generate/generate';
import { pack } from '../../policy/transformer/packing';
import type { OptimizerChoice } from '../../protocol/experiment';
import { random } from '../../random';
import { adamw, clipFactor, globalNorm } from '../../training/language/adamw';
import { learnerAt, type Learner } from '../../training/language/learner';
import { gradientOf } from '../../training/language/loss';
import { movingAverage, type MovingAverage } from '../../training/language/moving-average';
import { copyParameters } from '../../training/language/policy';
import { learningRateAt } from '../../training/language/schedule';
import { inOrder, tokenBudget } from '../../training/language/score';
import type { Texts } from '../../training/language/texts';
import { TrainingError } from '../../training/language/training-error';
import { buckets, responseUnits, tokenRecord, type Bucket, type Unit } from '../../training/language/units';
import type { Estimate } from './clustered';
import { divergenceFromSamples } from './distil-divergence';
import { startsOf } from './distil-start';
import { openTargets, targetKind, type TargetKind, type Targets } from './distil-targets';
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
  /** Chosen by the size of the types where it is not given. */
  readonly targets?: TargetKind;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (title: string, done: number, total: number) => void;
}

export interface Distilled {
  readonly parameters: HostTensors;
  readonly passes: number;
  /** Responses of the mixture that it was trained on. */
  readonly trained: number;
  readonly targets: TargetKind;
  /** KL(mixture ‖ distilled), nats a response, on responses to prompts that were kept out of training. */
  readonly divergence: Estimate;
}

const STREAM = 0x64697374;
/** Share of the prompts that are kept out, to see when to stop and how far the mixture still is. */
const KEPT_OUT = 0.1;
const PATIENCE = 3;
const TRAINED_TOKENS = 4096;
/** The policy is the average of about the last hundred steps. */
const AVERAGED = 0.99;

/**
 * One policy that answers like the mixture Σ_k w_k π_k. On responses of the mixture it learns, before every token, the
 * mixture's distribution of the next (see `weightsBeforeTokens`), which minimises KL(mixture ‖ distilled):
 *
 *     mean over y ~ mixture of Σ_t KL( Σ_k w_k(x, y_<t) π_k(·|x, y_<t) ‖ π(·|x, y_<t) )
 *
 * It starts from the type, or the mean of the types, that is nearest to the mixture on responses that were kept out. After
 * each pass the average over the latest steps is compared with the mixture there, and the nearest is kept.
 *
 * @throws TrainingError when the loss becomes no finite number
 */
export async function distil(input: DistilInput): Promise<Distilled> {
  const { executor, policies, weights, seed, optimizer } = input;
  const { trainable, types } = policies;
  const written = await writeMixture(input);
  const all = written.map(({ tokens }, i): TokenResponse => ({
    prompt: Math.floor(i / input.responses),
    tokens,
  }));
  const outside = keptOut(input.prompts.length, seed);
  const texts = sampledTexts(input.prompts, all);
  const repeated = timesDrawn(texts);
  const train = responseUnits(texts).filter(({ prompt }) => !outside.has(prompt));
  const plan = planned(train, texts, optimizer.batch, trainable);
  const judge = heldOutLoss(texts, repeated, outside);
  const scorer = { executor, trainable, breathe: () => breathe(input.signal) };
  const kind = input.targets ?? targetKind(types, weights);
  const targets = await openTargets(kind, {
    executor,
    policy: trainable,
    texts,
    types,
    weights,
    breathe: scorer.breathe,
  });
  try {
    let best: Pass | undefined;
    for (const parameters of startsOf(types, weights)) {
      const loss = await judge(targets, parameters);
      if (!best || loss < best.loss) best = { loss, pass: 0, parameters };
    }
    if (!best) throw new RangeError('A mixture needs a type with a weight above 0.');
    const learner = learnerAt(best.parameters);
    const average = movingAverage(best.parameters, AVERAGED);
    let pass = 0;
    while (pass < optimizer.epochs && pass - best.pass < PATIENCE) {
      await onePass(targets, texts, repeated, learner, average, plan, { ...input, pass });
      pass++;
      const loss = await judge(targets, average.parameters);
      if (loss < best.loss) best = { loss, pass, parameters: copyParameters(average.parameters) };
    }
    // with a single prompt the responses trained on are all there is to judge by
    const heldOut = outside.size === 0 ? all : all.filter(({ prompt }) => outside.has(prompt));
    const [own, ...byType] = await scoreSamples(scorer, input.prompts, heldOut, [best.parameters, ...types]);
    return {
      parameters: copyParameters(best.parameters),
      passes: best.pass,
      targets: kind,
      trained: all.filter(({ prompt }) => !outside.has(prompt)).length,
      divergence: divergenceFromSamples(own, byType, weights, heldOut),
    };
  } finally {
    await targets.dispose();
  }
}

interface Pass {
  /** On responses that were kept out. */
  readonly loss: number;
  readonly pass: number;
  readonly parameters: HostTensors;
}

/** Mean loss over the responses to the prompts that were kept out, or over all where none were. */
function heldOutLoss(texts: Texts, times: Int32Array, outside: ReadonlySet<number>) {
  const judged = new Set(texts.used.filter((y) => outside.size === 0 || outside.has(texts.promptOf[y])));
  const total = [...judged].reduce((sum, y) => sum + times[y], 0);
  return async (targets: Targets, parameters: HostTensors): Promise<number> => {
    const losses = await targets.losses(parameters, judged);
    return [...judged].reduce((sum, y) => sum + times[y] * losses[y], 0) / total;
  };
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

/** Minimises the mean loss of a sampled response's tokens, each step on one batch of responses. */
async function onePass(
  targets: Targets,
  texts: Texts,
  times: Int32Array,
  learner: Learner,
  average: MovingAverage,
  plan: readonly Bucket[],
  { pass, seed, optimizer, signal, onProgress }: DistilInput & { readonly pass: number },
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
    // it may end before the last pass
    onProgress?.('Distilling the mixture', pass * batches.length + step, optimizer.epochs * batches.length);
    const records = members.map((unit) => tokenRecord(unit, texts));
    const batch = pack(records, { longest: bucket.shape.length, shape: bucket.shape });
    const responses = members.flatMap((unit) => unit.responses);
    const outputs = await targets.step(learner.parameters, batch, responses, (y) => scale * times[y]);
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
    average.add(learner.parameters);
    await breathe(signal);
  }
}

async function breathe(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
