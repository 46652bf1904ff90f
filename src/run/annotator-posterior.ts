import type { RankingTable } from '../dataset/table';
import { rowEntropies } from '../training/criteria';
import type { Problem } from '../training/problem';
import { recordName } from './record-name';

/** γ by annotator: what posterior.csv holds. */
export interface AnnotatorPosterior {
  readonly annotators: readonly string[];
  /** Annotators × K, row-major; rows sum to 1. */
  readonly gamma: Float64Array;
  /** Of each row, in nats. */
  readonly entropy: Float64Array;
  /** Annotator id of the table behind each row, −1 for a record without an annotator. */
  readonly tableAnnotator: Int32Array;
}

/**
 * Spreads the posterior of profiles over the annotators who have them. A record without an annotator is one of its
 * own, named by its line; annotators without a record that was used have no row.
 */
export function annotatorPosterior(
  table: RankingTable,
  problem: Problem,
  gamma: Float64Array,
  types: number,
): AnnotatorPosterior {
  const named = table.annotators.size;
  const rows = posteriorRows(problem);
  const spread = new Float64Array(rows.length * types);
  rows.forEach((i, row) => {
    const profile = problem.profileOf[i];
    spread.set(gamma.subarray(profile * types, (profile + 1) * types), row * types);
  });
  assertRowsSumToOne(spread, types);
  return {
    annotators: rows.map((i) =>
      i < named ? table.annotators.text(i) : recordName(table, problem.anonymousRecord[i - named]),
    ),
    gamma: spread,
    entropy: rowEntropies(spread, types),
    tableAnnotator: Int32Array.from(rows, (i) => (i < named ? i : -1)),
  };
}

/** The annotators who have a row, by index into `problem.profileOf`. */
export function posteriorRows({ profileOf }: Pick<Problem, 'profileOf'>): number[] {
  return Array.from(profileOf.keys()).filter((i) => profileOf[i] >= 0);
}

function assertRowsSumToOne(gamma: Float64Array, types: number): void {
  for (let h = 0; h < gamma.length; h += types) {
    let sum = 0;
    for (let k = 0; k < types; k++) sum += gamma[h + k];
    if (!(Math.abs(sum - 1) < 1e-9)) {
      throw new Error(`A posterior sums to ${sum} instead of 1: a fault of the program. Please report it.`);
    }
  }
}
