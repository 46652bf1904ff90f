import type { RankingTable } from '../dataset/table';
import { choiceSet } from './choice-set';
import { recordsByAnnotator } from './questions';

/** For how many annotators their own records differ in every direction of the features. */
export interface OwnSpan {
  /** Annotators looked at: all, or every n-th where there are many. */
  readonly annotators: number;
  readonly spanning: number;
}

const MOST_ANNOTATORS = 1000;
/** A difference counts as a new direction when this part of its length is left after projection. */
const NEW_DIRECTION = 1e-6;

/** @param features responses × d, row-major */
export function ownSpan(table: RankingTable, features: Float64Array, d: number): OwnSpan {
  const { start, record } = recordsByAnnotator(table);
  const scale = inverseScales(features, d);
  const step = Math.max(1, Math.ceil(table.annotators.size / MOST_ANNOTATORS));
  let annotators = 0;
  let spanning = 0;
  for (let a = 0; a < table.annotators.size; a += step) {
    if (start[a + 1] === start[a]) continue;
    annotators++;
    if (spans(table, features, scale, record.subarray(start[a], start[a + 1]))) spanning++;
  }
  return { annotators, spanning };
}

/** Gram–Schmidt over the differences, until there are d directions or no more records. */
function spans(
  table: RankingTable,
  features: Float64Array,
  scale: Float64Array,
  records: Uint32Array,
): boolean {
  const d = scale.length;
  const basis: Float64Array[] = [];
  for (const r of records) {
    const { from, to, decides } = choiceSet(table, r);
    if (!decides) continue;
    const base = table.option[from] * d;
    for (let i = from + 1; i < to; i++) {
      const at = table.option[i] * d;
      const v = scale.map((s, f) => s * (features[at + f] - features[base + f]));
      const length = Math.hypot(...v);
      // twice: once is not orthogonal enough when little is left
      for (let pass = 0; pass < 2; pass++) for (const b of basis) subtract(v, b, dot(v, b));
      const left = Math.hypot(...v);
      if (!(left > NEW_DIRECTION * length)) continue;
      basis.push(v.map((value) => value / left));
      if (basis.length === d) return true;
    }
  }
  return false;
}

/** 1 / root mean square of each feature, so that units do not matter. */
function inverseScales(features: Float64Array, d: number): Float64Array {
  const squares = new Float64Array(d);
  for (let i = 0; i < features.length; i++) squares[i % d] += features[i] ** 2;
  return squares.map((sum) => (sum > 0 ? Math.sqrt(features.length / d / sum) : 0));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function subtract(v: Float64Array, b: Float64Array, times: number): void {
  for (let i = 0; i < v.length; i++) v[i] -= times * b[i];
}
