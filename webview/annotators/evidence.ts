import type { AnnotatorRecord } from '../../src/protocol/annotator';
import { integer, scientific } from '../format';

/** Which type makes something likeliest, and by how much it is ahead of the next. */
export interface Evidence {
  readonly best: number;
  readonly next: number;
  /** Log-likelihood under `best` less that under `next`, in nats. */
  readonly ahead: number;
}

/** @returns undefined with a single type, or where something says nothing */
export function evidence(logLikelihood: readonly number[]): Evidence | undefined {
  if (logLikelihood.length < 2) return undefined;
  const order = logLikelihood.map((_, k) => k).sort((a, b) => logLikelihood[b] - logLikelihood[a] || a - b);
  const [best, next] = order;
  return { best, next, ahead: logLikelihood[best] - logLikelihood[next] };
}

/** Summed over records with their weights, by type; undefined where some record is not known to the types. */
export function together(records: readonly AnnotatorRecord[]): number[] | undefined {
  const first = records.at(0)?.types;
  if (!first) return undefined;
  const sum = first.map(() => 0);
  for (const { types, weight } of records) {
    if (!types) return undefined;
    // a record that the run left out counts for nothing
    types.forEach(({ logLikelihood }, k) => (sum[k] += weight * (logLikelihood ?? 0)));
  }
  return sum;
}

/** “4.2 times likelier”; nothing where the two are as good as equal. */
export function timesLikelier(ahead: number): string | undefined {
  const times = Math.exp(ahead);
  if (times < 1.05) return undefined;
  const shown = times < 10 ? times.toFixed(1) : times < 1e6 ? integer(times) : scientific(times);
  return `${shown} times likelier`;
}
