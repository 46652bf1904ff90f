import { Matrix, SVD } from 'ml-matrix';
import type { RankingTable } from '../dataset/table';
import { random } from '../random';
import { choiceSet } from './choice-set';
import { digraph, weakComponents } from './graph';
import { outcomes } from './views';
import type { Unit } from './win-graph';

/** One choice set that many annotators judged to a common depth. */
export interface View {
  /** The things in it (responses or items). */
  readonly things: readonly number[];
  /** Places that all of these annotators decided. */
  readonly depth: number;
}

/** Choice sets that a good part of the annotators all judged. */
export interface CommonViews {
  readonly views: readonly View[];
  /** Named annotators who judged all of them. */
  readonly annotators: number;
  /** Whether they tie all things of the dataset together, so that nothing of a type is left undetermined. */
  readonly connectAll: boolean;
}

/** A view counts as common when this share of the named annotators has it. */
const COMMON = 0.5;
/** Larger numbers of types are left undecided: all subsets of types are tried. */
const MOST_TYPES = 8;
/** Outcomes of a group of views at which no more views are added to it. */
const MOST_OUTCOMES = 512;
/** Relative to the largest singular value. */
const TOLERANCE = 1e-8;

export function commonViews(table: RankingTable, unit: Unit): CommonViews {
  const thing = (i: number) => (unit === 'items' ? table.responseItem![table.option[i]] : table.option[i]);
  const judged = new Map<string, Map<number, number>>(); // view → annotator → depth
  for (let r = 0; r < table.records; r++) {
    const a = table.annotator[r];
    const { from, to, depth } = choiceSet(table, r);
    if (a < 0 || depth === 0 || to - from > 64) continue;
    const key = Array.from({ length: to - from }, (_, i) => thing(from + i))
      .sort((x, y) => x - y)
      .join();
    let byAnnotator = judged.get(key);
    if (!byAnnotator) judged.set(key, (byAnnotator = new Map<number, number>()));
    if (!byAnnotator.has(a)) byAnnotator.set(a, depth); // a second judgement of the same set is left out
  }
  const people = table.annotators.size;
  const common = [...judged].filter(([, byAnnotator]) => byAnnotator.size >= COMMON * people && people >= 2);
  const everyone = common.reduce<number[]>(
    (left, [, byAnnotator]) => left.filter((a) => byAnnotator.has(a)),
    common.length > 0 ? [...common[0][1].keys()] : [],
  );
  const views = common.map(([key, byAnnotator]) => ({
    things: key.split(',').map(Number),
    depth: everyone.reduce((least, a) => Math.min(least, byAnnotator.get(a)!), Infinity),
  }));
  const size = unit === 'items' ? table.items!.size : table.responses.size;
  const from = views.flatMap(({ things }) => things.slice(1).map(() => things[0]));
  const to = views.flatMap(({ things }) => things.slice(1));
  const needed = unit === 'items' ? 1 : table.prompts.size;
  const connectAll = weakComponents(digraph(size, from, to)).count === needed;
  return { views: everyone.length > 0 ? views : [], annotators: everyone.length, connectAll };
}

/**
 * Whether one Plackett-Luce mixture of K types, drawn at random, has the Kruskal ranks that make it identified from
 * these views split into three groups: Σ_g rank_g ≥ 2K + 2. Rank is lower semicontinuous and the probabilities are
 * analytic in the rewards, so one such point shows it for all but a set of measure zero (Allman, Matias, Rhodes 2009).
 */
export function kruskalHolds(views: readonly View[], types: number): boolean {
  if (types < 2 || types > MOST_TYPES || views.length < 3) return false;
  const draw = random(20251015, types);
  const largest = Math.max(...views.flatMap(({ things }) => things));
  const rewards = Array.from({ length: types }, () =>
    Float64Array.from({ length: largest + 1 }, () => 1.5 * draw.normal()),
  );
  const rows = views.map((view) => rewards.map((reward) => outcomeProbabilities(view, reward)));
  const order = draw.shuffle(views.map((_, v) => v));
  const groups = grow(order, rows, types);
  return groups.reduce((sum, group) => sum + kruskalRank(group), 0) >= 2 * types + 2;
}

/** Deals views to three groups, each time to the group with the lowest rank, until the ranks suffice or views end. */
function grow(order: readonly number[], rows: readonly number[][][], types: number): number[][][] {
  const groups: number[][][] = Array.from({ length: 3 }, () => noViews(types));
  for (const v of order) {
    const ranks = groups.map(kruskalRank);
    if (ranks.reduce((a, b) => a + b, 0) >= 2 * types + 2) break;
    const open = groups
      .map((_, g) => g)
      .filter((g) => ranks[g] < types && groups[g][0].length * rows[v][0].length <= MOST_OUTCOMES);
    if (open.length === 0) break;
    const g = open.reduce((best, other) => (ranks[other] < ranks[best] ? other : best));
    groups[g] = groups[g].map((row, k) => row.flatMap((p) => rows[v][k].map((q) => p * q)));
  }
  return groups;
}

const noViews = (types: number) => Array.from({ length: types }, () => [1]);

/** P(outcome | reward) for every ordered choice of the first `depth` places, or of the first alone where those are many. */
function outcomeProbabilities({ things, depth }: View, reward: Float64Array): number[] {
  const places = outcomes(things.length, depth) <= 24 ? depth : 1;
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
export function kruskalRank(rows: readonly (readonly number[])[]): number {
  const k = rows.length;
  for (let size = Math.min(k, rows[0].length); size > 0; size--) {
    if (subsets(k, size).every((subset) => independent(subset.map((i) => rows[i])))) return size;
  }
  return 0;
}

function independent(rows: readonly (readonly number[])[]): boolean {
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
