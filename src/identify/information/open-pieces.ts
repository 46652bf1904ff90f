import { dot } from '../../compute/conjugate-gradient';
import type { OpenDirection } from '../../protocol/validation';
import type { DesignModel } from './model';
import { orthonormal, splitByLabel, supportedOn, without } from './subspace';
import type { Places } from './places';

/** A subspace that the design leaves open, and what it looks like. */
export interface Piece {
  readonly pattern: OpenDirection['pattern'];
  /** Orthonormal. */
  readonly basis: readonly Float64Array[];
  /** Types it is about, from 0, where the pattern says so. */
  readonly types?: readonly number[];
  /** Of opposite types: whether any two of them, or two chains of pairs apart, are open, not all together only. */
  readonly pairwise?: boolean;
}

/** Rewards of two types count as opposite from this cosine on. */
const OPPOSITE = -0.95;
/** Least part of a direction, by squared length, that counts as more than rounding. */
export const LEAST_PART = 1e-4;
/** Squared length from which on what a unit vector has on one side is more than rounding. */
const LEAST_SIDE = 1e-6;
/** More dimensions than these are not searched for pairs of types. */
const MOST_DIMENSIONS = 60;

export interface Layout {
  readonly types: number;
  readonly parameters: number;
}

export const blockOf = ({ types, parameters }: Layout, v: Float64Array, k: number): Float64Array =>
  v.subarray(types - 1 + k * parameters, types - 1 + (k + 1) * parameters);

const typeOf = ({ types, parameters }: Layout, i: number): number =>
  i < types - 1 ? -1 : Math.floor((i - types + 1) / parameters);

/**
 * Takes directions without information apart. Every vector of every piece is itself without information: a piece is cut
 * out only where that follows from the others (null vectors in sum) or from the design (nobody judged both sides).
 *
 * @param open orthonormal null vectors, those of parts that nothing compares left out
 */
export function openPieces(
  design: DesignModel,
  places: Places,
  open: readonly Float64Array[],
  types: number,
): Piece[] {
  const layout = { types, parameters: design.model.parameters };
  const isShare = (i: number): boolean => i < types - 1;
  const shares = supportedOn(open, isShare);
  const rewards = supportedOn(open, (i) => !isShare(i));
  const tied = without(open, orthonormal([...shares, ...rewards]));
  return [
    ...(shares.length > 0 ? sharePieces(shares, types) : []),
    ...piecesByPlace(places, rewards, layout).flatMap((basis) => patterns(design, basis, layout)),
    ...(tied.length > 0 ? [{ pattern: 'other' as const, basis: tied }] : []),
  ];
}

/** The shares of two types whose sum alone is seen; a further one of more types. */
function sharePieces(shares: readonly Float64Array[], types: number): Piece[] {
  const involved = Array.from({ length: types }, (_, k) => k).filter((k) =>
    shares.some((v) => {
      const own = k + 1 < types ? v[k] : v.subarray(0, types - 1).reduce((sum, x) => sum - x, 0);
      return own * own > LEAST_PART;
    }),
  );
  return [{ pattern: 'shares', basis: shares, types: involved }];
}

/**
 * Split by what nobody judged together: an annotator's score on one side knows nothing of the other. Then by the
 * projector, which tells further parts that lie on separate places.
 */
function piecesByPlace(places: Places, rewards: readonly Float64Array[], layout: Layout): Float64Array[][] {
  const place = (i: number): number =>
    i < layout.types - 1 ? -1 : places.of[(i - layout.types + 1) % layout.parameters];
  if (rewards.length === 0) return [];
  const label = Int32Array.from(rewards[0], (_, i) => place(i));
  const linked = new Map<number, number[]>();
  label.forEach((p, i) => {
    if (p < 0) return;
    const side = linked.get(places.linked[p]);
    if (side) side.push(i);
    else linked.set(places.linked[p], [i]);
  });
  return [...linked.values()].flatMap((side) => {
    const cut = rewards.map((v) => {
      const out = new Float64Array(v.length);
      for (const i of side) out[i] = v[i];
      return out;
    });
    // what a vector has elsewhere is no part of this side, however short the rest
    const own = orthonormal(cut.filter((v) => dot(v, v) > LEAST_SIDE));
    return splitByLabel(own, label);
  });
}

function patterns(design: DesignModel, basis: readonly Float64Array[], layout: Layout): Piece[] {
  const features = design.model.kind === 'loglinear' ? sameCombinations(design, basis, layout) : [];
  const rest = without(
    basis,
    features.flatMap((piece) => [...piece.basis]),
  );
  const pairs = oppositeTypes(rest, layout);
  const opposite = pairs.length === 0 ? [] : orthonormal(pairs.flatMap((pair) => pair.basis));
  const left = without(rest, opposite);
  const pieces = [...features];
  if (pairs.length > 0) {
    const types = [...new Set(pairs.flatMap((pair) => pair.types))].sort((a, b) => a - b);
    pieces.push({ pattern: 'types', basis: opposite, types, pairwise: true });
  }
  const several = left.length === 1 ? oppositeTogether(left[0], layout) : undefined;
  if (several) pieces.push({ pattern: 'types', basis: left, types: several, pairwise: false });
  else if (left.length > 0) pieces.push({ pattern: 'other', basis: left });
  return pieces;
}

/** Types of a vector whose rewards all move along one line, some one way and some the other. */
function oppositeTogether(v: Float64Array, layout: Layout): number[] | undefined {
  const types = Array.from({ length: layout.types }, (_, k) => k).filter((k) => {
    const own = blockOf(layout, v, k);
    return dot(own, own) >= LEAST_PART;
  });
  const [first, ...others] = types.map((k) => blockOf(layout, v, k));
  const cosines = others.map((own) => dot(first, own) / Math.sqrt(dot(first, first) * dot(own, own)));
  const onOneLine = cosines.every((cosine) => Math.abs(cosine) >= -OPPOSITE);
  return onOneLine && cosines.some((cosine) => cosine < 0) ? types : undefined;
}

/** Combinations of features that are the same for all alternatives that were compared: open for every type. */
function sameCombinations(design: DesignModel, basis: readonly Float64Array[], layout: Layout): Piece[] {
  const candidates = Array.from({ length: layout.types }, (_, k) => {
    const alone = supportedOn(basis, (i) => typeOf(layout, i) === k);
    return [...alone, ...basis].map((v) => blockOf(layout, v, k).slice());
  }).flat();
  const same = orthonormal(candidates.filter((u) => dot(u, u) > LEAST_PART && neverDiffers(design, u)));
  const label = Int32Array.from({ length: layout.parameters }, (_, j) => j);
  return splitByLabel(same, label).map((combinations) => ({
    pattern: 'features',
    basis: combinations.flatMap((u) =>
      Array.from({ length: layout.types }, (_, k) => {
        const v = new Float64Array(layout.types - 1 + layout.types * layout.parameters);
        v.set(u, layout.types - 1 + k * layout.parameters);
        return v;
      }),
    ),
  }));
}

function neverDiffers({ model, design, alternatives }: DesignModel, u: Float64Array): boolean {
  const rewards = new Float64Array(alternatives);
  model.rewards(u, rewards);
  return design.records.every(({ offered }) =>
    offered.every((a) => Math.abs(rewards[a] - rewards[offered[0]]) < 1e-6),
  );
}

/** Pairs of types whose rewards may move against each other in every vector that is about these two alone. */
function oppositeTypes(
  basis: readonly Float64Array[],
  layout: Layout,
): { types: number[]; basis: readonly Float64Array[] }[] {
  const searched = basis.slice(0, MOST_DIMENSIONS);
  const found: { types: number[]; basis: readonly Float64Array[] }[] = [];
  for (let i = 0; i < layout.types; i++) {
    for (let j = i + 1; j < layout.types; j++) {
      const both = supportedOn(searched, (x) => typeOf(layout, x) === i || typeOf(layout, x) === j);
      if (both.length > 0 && both.every((v) => isOpposite(layout, v, i, j)))
        found.push({ types: [i, j], basis: both });
    }
  }
  return found;
}

/** Whether the rewards of types i and j are opposite in a unit vector. */
export function isOpposite(layout: Layout, v: Float64Array, i: number, j: number): boolean {
  const [a, b] = [blockOf(layout, v, i), blockOf(layout, v, j)];
  const [aa, bb] = [dot(a, a), dot(b, b)];
  return Math.min(aa, bb) >= LEAST_PART && dot(a, b) <= OPPOSITE * Math.sqrt(aa * bb);
}
