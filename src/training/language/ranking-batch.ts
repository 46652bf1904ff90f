import type { HostTensors } from '../../compute/graph/program';
import { pack } from '../../policy/transformer/packing';
import { batchFeeds, type BatchShape } from './batch-inputs';
import { ABSENT, rankingInputs, type RankingShape } from './loss';
import { tokenRecord, type Bucket, type Unit } from './units';
import type { Workbench } from './workbench';

/** A batch of a training step on the host: what it is made of, and the feeds of the step's program but its parameters. */
export interface RankingBatch {
  readonly shape: BatchShape;
  readonly ranking: RankingShape;
  /** Rankings with a weight in this batch. */
  readonly rankings: readonly BatchRanking[];
  /** Response of each slot in use. */
  readonly responses: readonly number[];
  readonly feeds: HostTensors;
}

export interface BatchRanking {
  /** Index into the problem's rankings. */
  readonly ranking: number;
  readonly weight: number;
  /** Slot of each option of the choice set. */
  readonly slots: readonly number[];
}

/**
 * Packs units and lays out their rankings.
 *
 * @param reference log π_ref by response
 * @param weight of each ranking of the problem; those of weight 0 are left out
 * @param prior λ of the prior λ/2 r² on the reward of each response, in the units of the weights
 */
export function rankingBatch(
  { problem, texts, usable }: Pick<Workbench, 'problem' | 'texts' | 'usable'>,
  bucket: Pick<Bucket, 'shape' | 'rankings'>,
  units: readonly Unit[],
  reference: Float64Array,
  weight: Float64Array,
  prior: number,
): RankingBatch {
  const packed = pack(
    units.map((unit) => tokenRecord(unit, texts)),
    { longest: bucket.shape.length, shape: bucket.shape },
  );
  const { orders: T, options: M } = usable.most;
  const ranking: RankingShape = { rankings: bucket.rankings, orders: T, options: M };
  const inputs = rankingInputs(ranking, packed.slots);
  const referenceOf = new Float32Array(packed.slots);
  const order = new Int32Array(ranking.rankings * T * M);
  const offered = new Float32Array(order.length).fill(ABSENT);
  const stage = new Float32Array(order.length);
  const ways = new Float32Array(ranking.rankings * T).fill(ABSENT);
  const weights = new Float32Array(ranking.rankings);
  const priors = new Float32Array(packed.slots);
  const rankings: BatchRanking[] = [];
  const responses: number[] = [];
  for (const unit of units) {
    const slotOf = new Map(unit.responses.map((y, i) => [y, responses.length + i]));
    for (const y of unit.responses) {
      referenceOf[responses.length] = reference[y];
      priors[responses.length] = prior;
      responses.push(y);
    }
    for (const r of unit.rankings) {
      const expanded = usable.orders[r];
      if (weight[r] === 0 || !expanded) continue;
      const { start, option } = problem.rankings;
      const slots = Array.from(option.subarray(start[r], start[r + 1]), (y) => slotOf.get(y)!);
      const R = rankings.length;
      expanded.orders.forEach((places, t) => {
        ways[R * T + t] = expanded.constant - Math.log(expanded.orders.length);
        places.forEach((place, j) => {
          const at = (R * T + t) * M + j;
          order[at] = slots[place];
          offered[at] = 0;
          if (j < expanded.stages) stage[at] = 1;
        });
      });
      weights[R] = weight[r];
      rankings.push({ ranking: r, weight: weight[r], slots });
    }
  }
  return {
    shape: packed,
    ranking,
    rankings,
    responses,
    feeds: {
      ...batchFeeds(packed),
      reference: { ...inputs.reference, data: referenceOf },
      order: { ...inputs.order, data: order },
      offered: { ...inputs.offered, data: offered },
      stage: { ...inputs.stage, data: stage },
      ways: { ...inputs.ways, data: ways },
      weight: { ...inputs.weight, data: weights },
      prior: { ...inputs.prior, data: priors },
    },
  };
}
