import type { Observed } from '../likelihood-kernel';

/** A part has about as many options at least, so that taking one costs little beside doing it. */
const LEAST_WORK = 8192;
const MOST_PARTS = 64;
/** Sums that parts have of their own, in numbers of eight bytes. */
const MOST_OWN_SUMS = 1 << 24;

/**
 * In what order a problem lies in memory, and how its rankings are cut into parts. It follows from the problem alone:
 * the number of threads decides who does a part, never what is added to what.
 */
export interface Plan {
  /** Ranking at each place: those of one component stand together. */
  readonly order: Int32Array;
  /** Place of each alternative: the same. */
  readonly place: Int32Array;
  readonly inOrder: boolean;
  readonly parts: number;
  /** Parts + 1 bounds among the rankings. */
  readonly bound: Uint32Array;
  /** Places of the alternatives that a part touches: low … high − 1. */
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  /** No alternative is touched by two parts, and every one belongs to one. */
  readonly apart: boolean;
  /** Options in all. */
  readonly options: number;
  /** By component, in order: first ranking and first alternative; one more at the end. */
  readonly componentRanking: Uint32Array;
  readonly componentPlace: Uint32Array;
}

export function planOf({ rankings, components }: Observed): Plan {
  const { start, option, count } = rankings;
  const componentPlace = new Uint32Array(components.count + 1);
  for (let c = 0; c < components.count; c++) componentPlace[c + 1] = componentPlace[c] + components.size[c];
  const place = components.component.map((c, a) => componentPlace[c] + components.index[a]);

  const componentRanking = new Uint32Array(components.count + 1);
  const work = new Float64Array(components.count);
  for (let r = 0; r < count; r++) {
    const c = components.component[option[start[r]]];
    componentRanking[c + 1]++;
    work[c] += start[r + 1] - start[r];
  }
  for (let c = 0; c < components.count; c++) componentRanking[c + 1] += componentRanking[c];
  const next = componentRanking.slice();
  const order = new Int32Array(count);
  for (let r = 0; r < count; r++) order[next[components.component[option[start[r]]]]++] = r;

  const options = start[count];
  const wanted = Math.min(MOST_PARTS, Math.max(1, Math.ceil(options / LEAST_WORK)));
  const shape = {
    order,
    place,
    inOrder: place.every((p, a) => p === a),
    options,
    componentRanking,
    componentPlace,
  };
  const largest = work.reduce((most, w) => Math.max(most, w), 0);
  return wanted === 1 || largest <= (2 * options) / wanted
    ? { ...shape, ...cutBetweenComponents(shape, work, options / wanted) }
    : { ...shape, ...cutAnywhere(rankings, shape, wanted) };
}

type Shape = Pick<Plan, 'order' | 'place' | 'componentRanking' | 'componentPlace' | 'options'>;
type Cut = Pick<Plan, 'parts' | 'bound' | 'low' | 'high' | 'apart'>;

function cutBetweenComponents(shape: Shape, work: Float64Array, target: number): Cut {
  const first = [0];
  let filled = 0;
  for (let c = 0; c < work.length; c++) {
    filled += work[c];
    if (filled < target || c + 1 === work.length) continue;
    first.push(c + 1);
    filled = 0;
  }
  const last = [...first.slice(1), work.length];
  return {
    parts: first.length,
    bound: Uint32Array.from([...first, work.length], (c) => shape.componentRanking[c]),
    low: Uint32Array.from(first, (c) => shape.componentPlace[c]),
    high: Uint32Array.from(last, (c) => shape.componentPlace[c]),
    apart: true,
  };
}

function cutAnywhere(
  { start, option, count }: Observed['rankings'],
  { order, place, options }: Shape,
  wanted: number,
): Cut {
  const parts = Math.max(1, Math.min(wanted, Math.floor(MOST_OWN_SUMS / place.length)));
  const bound = new Uint32Array(parts + 1);
  const low = new Uint32Array(parts).fill(place.length);
  const high = new Uint32Array(parts);
  let part = 0;
  let filled = 0;
  for (let i = 0; i < count; i++) {
    const r = order[i];
    for (let o = start[r]; o < start[r + 1]; o++) {
      low[part] = Math.min(low[part], place[option[o]]);
      high[part] = Math.max(high[part], place[option[o]] + 1);
    }
    filled += start[r + 1] - start[r];
    if (part + 1 < parts && filled >= ((part + 1) * options) / parts) bound[++part] = i + 1;
  }
  bound.fill(count, part + 1);
  low.forEach((l, p) => (low[p] = Math.min(l, high[p])));
  if (parts === 1)
    return { parts, bound, low: Uint32Array.of(0), high: Uint32Array.of(place.length), apart: true };
  return { parts, bound, low, high, apart: false };
}
