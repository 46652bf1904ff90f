import type { HostTensor } from '../../compute/graph/program';
import { random } from '../../random';
import { adamw, clipFactor, globalNorm } from './adamw';
import type { Learner } from './learner';
import { gradientOf } from './loss';
import { addMetrics, metricsOf, noMetrics, type Metrics, type MetricSums } from './metrics';
import { rankingBatch, type RankingBatch } from './ranking-batch';
import { learningRateAt, type Decay } from './schedule';
import { inOrder, tokenBudget } from './score';
import { TrainingError } from './training-error';
import { buckets, rankingUnits, type Bucket, type Unit } from './units';
import type { Workbench } from './workbench';

/** Tokens of one batch that a gradient is taken through. */
const TRAINED_TOKENS = 8192;

/** A step sees at least so many groups of rankings, as far as there are. */
const LEAST_UNITS = 4;

/** Steps in a row that may give no finite number before training ends. */
const MOST_FAULTS = 3;

export interface OptimizerOptions {
  readonly learningRate: number;
  /** Rankings in one step, about: those of one prompt stay together. */
  readonly batch: number;
  /** Batches whose gradients are summed before a step. */
  readonly accumulate: number;
  /** Steps over which the learning rate rises from 0. */
  readonly warmup: number;
  readonly weightDecay: number;
  /** Largest norm of the whole gradient; 0 is no limit. */
  readonly clip: number;
}

/** How rankings come in batches; made once, the same for every type. */
export interface BatchPlan {
  readonly buckets: readonly Bucket[];
  /** Batches in a step. */
  readonly batches: number;
}

export function batchPlan(bench: Workbench, options: OptimizerOptions): BatchPlan {
  const { problem, usable, texts, policy } = bench;
  const units = rankingUnits(problem, usable, texts);
  if (units.length === 0) {
    throw new TrainingError(
      'No ranking of this dataset can be trained on: every one compares equal or tied responses.',
    );
  }
  const rankings = units.reduce((sum, unit) => sum + unit.rankings.length, 0);
  const wanted = Math.max(LEAST_UNITS, Math.round((options.batch * units.length) / rankings));
  const tokens = tokenBudget(TRAINED_TOKENS, policy.vocabulary);
  const planned = buckets(units, texts, { units: wanted, tokens, hidden: policy.hidden });
  const held = Math.min(...planned.map(({ together }) => together));
  return {
    buckets: planned,
    batches: options.accumulate * Math.max(1, Math.round(Math.min(wanted, units.length) / held)),
  };
}

/** Where training stands within its passes. */
export interface Cursor {
  /** 0-based. */
  readonly pass: number;
  /** Steps of that pass that are done. */
  readonly step: number;
}

export interface PassesOptions extends OptimizerOptions {
  readonly passes: number;
  /** λ of the prior λ/2 Σ r² on the rewards of the responses in the batches, beside Σ weight · ℓ over all rankings. */
  readonly prior: number;
  readonly decay: Decay;
  /** Tells the shuffles of this training apart from all others. */
  readonly stream: readonly number[];
  readonly from?: Cursor;
  /** The loss of a step is divided by the records in it instead of by their summed weight: the authors' plain mean. */
  readonly plainMean?: boolean;
  /** Names what is trained, such as `type 2`, in messages. */
  readonly title: string;
  readonly onStep?: (step: StepReport) => void;
  /** After each step and before the next: everything that has to be kept to go on from here is in the learner and the cursor. */
  readonly onBoundary?: (cursor: Cursor) => Promise<void>;
  readonly onWarning?: (code: string, message: string) => void;
}

export interface StepReport extends Metrics {
  /** 1-based, of all passes. */
  readonly step: number;
  readonly steps: number;
}

export interface PassesOutcome extends Metrics {
  readonly steps: number;
  /** Steps left out because their loss or gradient was no finite number. */
  readonly faults: number;
}

/**
 * Trains a policy on weighted rankings: passes over all of them in shuffled batches,
 *
 *     minimise (−Σ weight · ℓ + λ/2 Σ r²) / (mean summed weight of a step)
 *
 * so that a small type's steps are as large as a large one's.
 *
 * @param reference log π_ref by response
 * @param weight γ × record weight of each ranking of the problem; 0 leaves one out
 * @throws TrainingError when steps keep giving no finite number
 */
export async function trainPasses(
  bench: Workbench,
  plan: BatchPlan,
  learner: Learner,
  reference: Float64Array,
  weight: Float64Array,
  options: PassesOptions,
): Promise<PassesOutcome> {
  const active = plan.buckets.map(({ units, ...bucket }) => ({
    ...bucket,
    units: units.filter((unit) => unit.rankings.some((r) => weight[r] > 0)),
  }));
  const planned = Array.from({ length: options.passes }, (_, pass) =>
    stepsOfPass(bench, active, plan.batches, [...options.stream, pass]),
  );
  const steps = planned.reduce((sum, own) => sum + own.length, 0);
  const total = activeWeight(active, weight, options.plainMean === true);
  const sums = noMetrics();
  let faults = 0;
  let inRow = 0;
  if (steps === 0 || !(total > 0)) return { ...metricsOf(sums), steps: 0, faults };
  // what a step holds on average weighs 1
  const scale = steps / (total * options.passes);
  const scaled = weight.map((w) => w * scale);
  const from = options.from ?? { pass: 0, step: 0 };
  let done = planned.slice(0, from.pass).reduce((sum, own) => sum + own.length, from.step);
  for (let pass = from.pass; pass < options.passes; pass++) {
    const order = planned[pass];
    for (let step = pass === from.pass ? from.step : 0; step < order.length; step++) {
      const batches = order[step].map(({ bucket, units }) =>
        rankingBatch(bench, bucket, units, reference, scaled, options.prior * scale),
      );
      done++;
      const own = noMetrics();
      const gradients = await gradient(bench, learner, batches, reference, own);
      const norm = globalNorm(gradients);
      if (Number.isFinite(norm) && Number.isFinite(own.loss)) {
        const at = learner.optimiser.steps;
        const rate = learningRateAt(at, options.learningRate, options.warmup, options.decay, steps);
        adamw(
          learner.parameters,
          gradients,
          learner.optimiser,
          rate,
          options,
          clipFactor(norm, options.clip),
        );
        inRow = 0;
        addSums(sums, own);
      } else {
        faults++;
        const sentence = faultSentence(bench, options.title, done, batches);
        if (++inRow >= MOST_FAULTS) {
          throw new TrainingError(`${sentence} This happened ${MOST_FAULTS} times in a row: training ends.`);
        }
        options.onWarning?.('training/not-finite', `${sentence} The step was left out.`);
      }
      options.onStep?.({ ...metricsOf(own), step: done, steps });
      await options.onBoundary?.(
        step + 1 < order.length ? { pass, step: step + 1 } : { pass: pass + 1, step: 0 },
      );
      await bench.breathe();
    }
  }
  return { ...metricsOf(sums), steps, faults };
}

interface PlannedBatch {
  readonly bucket: Pick<Bucket, 'shape' | 'rankings'>;
  readonly units: readonly Unit[];
}

/** The batches of one pass in their order, grouped into steps. */
function stepsOfPass(
  { seed, texts }: Workbench,
  active: readonly Bucket[],
  batches: number,
  stream: readonly number[],
): PlannedBatch[][] {
  const source = random(seed, ...stream);
  const planned = active.flatMap((bucket) =>
    inOrder(source.shuffle([...bucket.units]), bucket, texts).map((units): PlannedBatch => ({
      bucket,
      units,
    })),
  );
  source.shuffle(planned);
  return Array.from({ length: Math.ceil(planned.length / batches) }, (_, i) =>
    planned.slice(i * batches, (i + 1) * batches),
  );
}

function activeWeight(active: readonly Bucket[], weight: Float64Array, plainMean: boolean): number {
  let sum = 0;
  for (const { units } of active) {
    for (const { rankings } of units) for (const r of rankings) sum += plainMean ? 1 : weight[r];
  }
  return sum;
}

async function gradient(
  bench: Workbench,
  { parameters }: Learner,
  batches: readonly RankingBatch[],
  reference: Float64Array,
  sums: MetricSums,
): Promise<Record<string, Float32Array>> {
  let total: Record<string, Float32Array> | undefined;
  for (const batch of batches) {
    const executable = await bench.programs.step(batch.shape, batch.ranking);
    const outputs = await executable.run({ ...parameters, ...batch.feeds });
    const logRatio = Float64Array.from(
      batch.responses,
      (y, slot) => outputs.logProbabilities.data[slot] - reference[y],
    );
    addMetrics(sums, bench.problem.rankings, batch.rankings, outputs.likelihoods.data, logRatio, bench.beta);
    const own = Object.fromEntries(
      Object.keys(parameters).map((name) => [name, floats(outputs[gradientOf(name)])]),
    );
    if (!total) total = own;
    else for (const [name, sum] of Object.entries(total)) add(sum, own[name]);
  }
  return total ?? {};
}

function floats({ data }: HostTensor): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new Error('A gradient is not of type float32.');
}

function add(sum: Float32Array, more: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] += more[i];
}

function addSums(total: MetricSums, own: MetricSums): void {
  for (const key of Object.keys(total) as (keyof MetricSums)[]) total[key] += own[key];
}

function faultSentence(
  { problem }: Workbench,
  title: string,
  step: number,
  batches: readonly RankingBatch[],
): string {
  const lines = batches.flatMap(({ rankings }) =>
    rankings.map(({ ranking }) => problem.rankingLine[ranking]),
  );
  lines.sort((a, b) => a - b);
  return (
    `Step ${step} of ${title} gave a loss or gradient that is no finite number, on the records that begin in ` +
    `line${lines.length === 1 ? '' : 's'} ${lines.slice(0, 5).join(', ')}${lines.length > 5 ? ` and ${lines.length - 5} more` : ''}. ` +
    'Lower the learning rate, or look at the texts of these records.'
  );
}
