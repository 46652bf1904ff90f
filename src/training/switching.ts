import type { Switching } from '../protocol/stability';
import { hardLabels } from './labels';
import type { Problem } from './problem';

/** An annotator who is of another type in so many replicates is not placed. */
export const OFTEN = 0.1;
const MOST_NAMED = 200;
/** A type that keeps fewer of its annotators is not the same type. */
const KEPT = 0.5;

export interface SwitchingCount {
  /** @param gamma posteriors of a replicate, profiles × K, types in the order of the fit */
  add(gamma: Float64Array): void;
  /** @param annotators by place among the annotators that are used, in the order of `profileOf` */
  switching(annotators: readonly string[]): Switching;
  /** By type: share of replicates in which it keeps fewer than half of its annotators. */
  lost(): number[];
}

/** Counts over replicates whose most probable type is another one than in the fit. */
export function countSwitching(problem: Problem, fitted: Float64Array, types: number): SwitchingCount {
  const own = hardLabels(fitted, types);
  const seen = new Float64Array(problem.profiles * types);
  const lost = new Array<number>(types).fill(0);
  const members = new Array<number>(types).fill(0);
  own.forEach((k, p) => (members[k] += problem.profileCount[p]));
  let replicates = 0;
  return {
    add: (gamma) => {
      replicates++;
      const kept = new Array<number>(types).fill(0);
      hardLabels(gamma, types).forEach((k, p) => {
        seen[p * types + k]++;
        if (k === own[p]) kept[k] += problem.profileCount[p];
      });
      // a type that is nobody’s first choice has nobody to lose
      for (let k = 0; k < types; k++) if (kept[k] < KEPT * members[k]) lost[k]++;
    },
    lost: () => lost.map((n) => n / Math.max(1, replicates)),
    switching: (annotators) => {
      const people = problem.profileOf.filter((p) => p >= 0);
      const share = (p: number) => 1 - seen[p * types + own[p]] / Math.max(1, replicates);
      const rows = Array.from(people, (p, i) => ({ p, annotator: annotators[i], share: share(p) }));
      const often = rows.filter((row) => row.share >= OFTEN).sort((a, b) => b.share - a.share);
      return {
        mean: rows.reduce((sum, row) => sum + row.share, 0) / Math.max(1, rows.length),
        count: often.length,
        often: OFTEN,
        annotators: often.slice(0, MOST_NAMED).map(({ p, annotator, share: most }) => ({
          annotator,
          type: own[p],
          to: elsewhere(seen.subarray(p * types, (p + 1) * types), own[p]),
          share: most,
        })),
      };
    },
  };
}

/** The type seen most often beside one’s own. */
function elsewhere(seen: Float64Array, own: number): number {
  let to = own === 0 ? Math.min(1, seen.length - 1) : 0;
  seen.forEach((n, k) => {
    if (k !== own && n > seen[to]) to = k;
  });
  return to;
}
