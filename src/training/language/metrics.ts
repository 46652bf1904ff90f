import { UNRANKED_LEVEL } from '../../compute/kernels/levels';
import type { Rankings } from '../../compute/kernels/rankings';
import type { BatchRanking } from './ranking-batch';

/** How a policy does on the rankings it is trained on, weighted as they are in the loss. */
export interface Metrics {
  /** −ℓ of a ranking, in nats. */
  readonly loss: number;
  /** Mean reward of the better response minus the worse one, over all pairs that the rankings order. */
  readonly margin: number;
  /** Share of these pairs in which the better response has the larger reward; equal rewards count half. */
  readonly accuracy: number;
  /** Mean of log π − log π_ref over the responses: how far the policy has gone. */
  readonly drift: number;
}

/** Sums that metrics are made from, to be added up over batches. */
export interface MetricSums {
  weight: number;
  loss: number;
  pairs: number;
  margin: number;
  right: number;
  responses: number;
  drift: number;
}

export function noMetrics(): MetricSums {
  return { weight: 0, loss: 0, pairs: 0, margin: 0, right: 0, responses: 0, drift: 0 };
}

/**
 * @param likelihoods ℓ of each ranking of the batch
 * @param logRatio log π − log π_ref of each slot
 */
export function addMetrics(
  sums: MetricSums,
  rankings: Rankings,
  batch: readonly BatchRanking[],
  likelihoods: ArrayLike<number>,
  logRatio: Float64Array,
  beta: number,
): void {
  batch.forEach(({ ranking, weight, slots }, i) => {
    sums.weight += weight;
    sums.loss -= weight * likelihoods[i];
    const from = rankings.start[ranking];
    for (let a = 0; a < slots.length; a++) {
      sums.responses += weight;
      sums.drift += weight * logRatio[slots[a]];
      if (rankings.level[from + a] === UNRANKED_LEVEL) continue;
      for (let b = a + 1; b < slots.length; b++) {
        if (rankings.level[from + a] === rankings.level[from + b]) continue;
        const margin = beta * (logRatio[slots[a]] - logRatio[slots[b]]);
        sums.pairs += weight;
        sums.margin += weight * margin;
        sums.right += weight * (margin > 0 ? 1 : margin === 0 ? 0.5 : 0);
      }
    }
  });
}

export function metricsOf(sums: MetricSums): Metrics {
  const ratio = (a: number, b: number) => (b > 0 ? a / b : 0);
  return {
    loss: ratio(sums.loss, sums.weight),
    margin: ratio(sums.margin, sums.pairs),
    accuracy: ratio(sums.right, sums.pairs),
    drift: ratio(sums.drift, sums.responses),
  };
}
