import type { Executable } from '../../compute/graph/executor';
import type { HostTensors } from '../../compute/graph/program';
import type { PackedBatch } from '../../policy/transformer/packed-batch';
import { pack } from '../../policy/transformer/packing';
import { batchFeeds, type BatchShape } from './batch-inputs';
import type { Texts } from './texts';
import { buckets, filling, responseUnits, tokenRecord, unitSize, type Bucket, type Unit } from './units';
import type { Workbench } from './workbench';

/** Tokens of one batch when nothing has to be kept for a gradient. */
export const SCORED_TOKENS = 8192;

/** Logits are tokens × vocabulary: no more than this many at once. */
const MOST_LOGITS = 1 << 26;

/** Most tokens in a batch of a policy with this vocabulary. */
export function tokenBudget(tokens: number, vocabulary: number): number {
  return Math.max(256, Math.min(tokens, Math.floor(MOST_LOGITS / vocabulary)));
}

type Bench = Pick<Workbench, 'texts' | 'policy' | 'programs' | 'breathe'>;

/**
 * log π(y|x) of every response in use, in nats: one forward pass over each distinct response.
 *
 * @param responses only these, where given
 * @returns by response id; NaN where it was not asked for
 */
export async function responseLogProbabilities(
  bench: Bench,
  parameters: HostTensors,
  responses?: ReadonlySet<number>,
): Promise<Float64Array> {
  const out = new Float64Array(bench.texts.response.length).fill(NaN);
  await eachBatch(
    bench,
    responses,
    (shape) => bench.programs.scoring(shape),
    parameters,
    (outputs, ids) => {
      const { data } = outputs.logProbabilities;
      ids.forEach((y, slot) => (out[y] = data[slot]));
    },
  );
  return out;
}

/**
 * Mean over each response's tokens of the hidden states that predict them.
 *
 * @returns responses × hidden, row-major; 0 where a response is not in use
 */
export async function responseEmbeddings(bench: Bench, parameters: HostTensors): Promise<Float64Array> {
  const { hidden } = bench.policy;
  const out = new Float64Array(bench.texts.response.length * hidden);
  await eachBatch(
    bench,
    undefined,
    (shape) => bench.programs.embedding(shape),
    parameters,
    (outputs, ids) => {
      const { data } = outputs.sums;
      ids.forEach((y, slot) => {
        const tokens = bench.texts.response[y].length;
        for (let j = 0; j < hidden; j++) out[y * hidden + j] = data[slot * hidden + j] / tokens;
      });
    },
  );
  return out;
}

/**
 * Runs a program over responses in use, each of them once.
 *
 * @param wanted only these, where given
 * @param take gets what came out, the responses of the batch by slot, and the batch
 * @param beside what the program takes beside parameters and batch
 */
export async function eachBatch(
  { texts, policy, breathe }: Pick<Bench, 'texts' | 'policy' | 'breathe'>,
  wanted: ReadonlySet<number> | undefined,
  ready: (shape: BatchShape) => Promise<Executable>,
  parameters: HostTensors,
  take: (outputs: HostTensors, responses: readonly number[], batch: PackedBatch) => void,
  beside?: (responses: readonly number[], batch: PackedBatch) => HostTensors,
): Promise<void> {
  const tokens = tokenBudget(SCORED_TOKENS, policy.vocabulary);
  const options = { units: Infinity, tokens, hidden: policy.hidden };
  for (const { shape, units } of buckets(responseUnits(texts), texts, options)) {
    const left = wanted
      ? units
          .map((unit) => ({ ...unit, responses: unit.responses.filter((y) => wanted.has(y)) }))
          .filter(({ responses }) => responses.length > 0)
      : units;
    for (const members of inOrder(left, { shape, rankings: Infinity }, texts)) {
      const records = members.map((unit) => tokenRecord(unit, texts));
      const batch = pack(records, { longest: shape.length, shape });
      const executable = await ready(batch);
      const responses = members.flatMap((unit) => unit.responses);
      const outputs = await executable.run({
        ...parameters,
        ...batchFeeds(batch),
        ...beside?.(responses, batch),
      });
      take(outputs, responses, batch);
      await breathe();
    }
  }
}

/** Units one after the other into batches of one shape. */
export function inOrder(
  units: readonly Unit[],
  { shape, rankings }: Pick<Bucket, 'shape' | 'rankings'>,
  texts: Texts,
): Unit[][] {
  const batches: Unit[][] = [];
  let batch = filling(shape, rankings);
  let open: Unit[] = [];
  for (const unit of units) {
    const size = unitSize(unit, texts, shape.length);
    if (!batch.add(size)) {
      batches.push(open);
      open = [];
      batch = filling(shape, rankings);
      if (!batch.add(size)) throw new Error('A group of rankings does not fit into an empty batch.');
    }
    open.push(unit);
  }
  if (open.length > 0) batches.push(open);
  return batches;
}
