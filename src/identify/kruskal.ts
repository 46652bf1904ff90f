import { Matrix, SVD } from 'ml-matrix';
import { outcomes } from './views';

/** One choice set that several people judged to a common depth. */
export interface View {
  /** The things in it: responses or items. */
  readonly things: readonly number[];
  /** Places that all of these people decided, at least 1. */
  readonly depth: number;
}

/** Outcomes of one view beyond which only its first place is looked at. */
const MOST_OUTCOMES_OF_VIEW = 24;
/** Relative to the largest singular value. */
const TOLERANCE = 1e-8;

/** Conditional probabilities of the outcomes of several views together: one row a type. */
export type Rows = readonly (readonly number[])[];

/** No views: one outcome, which is certain. */
export const noViews = (types: number): Rows => Array.from({ length: types }, () => [1]);

/** Two independent groups of views taken together: every pair of outcomes. */
export function together(a: Rows, b: Rows): Rows {
  return a.map((row, k) => row.flatMap((p) => b[k].map((q) => p * q)));
}

/** One view, by types whose rewards these are. */
export const rowsOf = (view: View, rewards: readonly Float64Array[]): Rows =>
  rewards.map((reward) => outcomeProbabilities(view, reward));

/** P(outcome | reward) for every ordered choice of the first `depth` places, or of the first alone where those are many. */
function outcomeProbabilities({ things, depth }: View, reward: Float64Array): number[] {
  const places = outcomes(things.length, depth) <= MOST_OUTCOMES_OF_VIEW ? depth : 1;
  const probabilities: number[] = [];
  const place = (left: readonly number[], probability: number, decided: number) => {
    if (decided === places) {
      probabilities.push(probability);
      return;
    }
    const total = left.reduce((sum, y) => sum + Math.exp(reward[y]), 0);
    for (const y of left) {
      place(left.filter((other) => other !== y), (probability * Math.exp(reward[y])) / total, decided + 1); // prettier-ignore
    }
  };
  place(things, 1, 0);
  return probabilities;
}

/** The largest r such that every r rows are linearly independent. */
export function kruskalRank(rows: Rows): number {
  const k = rows.length;
  for (let size = Math.min(k, rows[0].length); size > 0; size--) {
    if (subsets(k, size).every((subset) => independent(subset.map((i) => rows[i])))) return size;
  }
  return 0;
}

/** Whether the rows are linearly independent. */
export function independent(rows: Rows): boolean {
  if (rows.length > rows[0].length) return false;
  const unit = rows.map((row) => {
    const norm = Math.hypot(...row);
    return row.map((value) => value / norm);
  });
  const { diagonal } = new SVD(new Matrix(unit), { autoTranspose: true });
  return diagonal[rows.length - 1] > TOLERANCE * diagonal[0];
}

function subsets(n: number, size: number): number[][] {
  if (size === 0) return [[]];
  const list: number[][] = [];
  for (let first = 0; first <= n - size; first++) {
    for (const rest of subsets(n - first - 1, size - 1))
      list.push([first, ...rest.map((i) => i + first + 1)]);
  }
  return list;
}
