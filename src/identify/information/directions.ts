import { dot } from '../../compute/conjugate-gradient';
import type { AnnotatorKind, OpenDirection } from '../../protocol/validation';
import { random } from '../../random';
import { along, informationAlong } from './along';
import { annotatorKinds, kindOf } from './annotator-kinds';
import { leastKnown, sentenceOf, type Described } from './direction-words';
import type { BlockSpectrum } from './block-spectrum';
import type { DesignModel } from './model';
import { blockOf, isOpposite, LEAST_PART, openPieces, type Layout, type Piece } from './open-pieces';
import { dividedGroups } from './parts';
import { partsDirection } from './parts-direction';
import { placesOf, type Places } from './places';
import type { MixturePoint } from './scores';
import type { Spectrum } from './spectrum';

const MOST_DIRECTIONS = 5;
const MOST_NAMES = 20;
/** Rewards named where no pattern fits. */
const MOST_PARTS = 3;
/** Null vectors that are taken apart. */
const MOST_VECTORS = 400;
/** The least known direction is about a type from this squared length on. */
const NOTABLE = 0.1;
/** Places that are named together make up this much of the least known direction. */
const NAMED = 0.8;
/** Patterns of annotators whose information is looked at one by one. */
const MOST_PATTERNS = 300;
const SEED = 31;

/**
 * What a design leaves open, in the data's own words: directions of one pattern together, so that a hundred prompts
 * with the same fault are one sentence. Where nothing is open, the least known direction.
 */
export function describeDirections(
  design: DesignModel,
  point: MixturePoint,
  spectrum: Spectrum | BlockSpectrum,
): OpenDirection[] {
  const types = point.shares.length;
  const places = placesOf(design);
  if (spectrum.nullVectors.length === 0) return [weakest(design, places, point, spectrum.weakest)];
  const divided = dividedGroups(design);
  const found =
    'inBlocks' in spectrum
      ? describedByBlock(design, places, spectrum, types)
      : describedTogether(design, places, spectrum, types);
  return [
    ...(divided.length > 0 ? [partsDirection(design, places, divided, types)] : []),
    ...gathered(design, places, found).map((each) => directionOf(places, each)),
  ].slice(0, MOST_DIRECTIONS);
}

function describedTogether(
  design: DesignModel,
  places: Places,
  { nullVectors, known = [] }: Spectrum,
  types: number,
): Described[] {
  // the known ones stand last
  const open = nullVectors.slice(0, nullVectors.length - known.length);
  return openPieces(design, places, open.slice(0, MOST_VECTORS), types).map((piece) =>
    profileOf(design, places, piece, types),
  );
}

/** Each block as a design of its own: what is open in it is about its own places, and the time is that of the blocks. */
function describedByBlock(
  design: DesignModel,
  places: Places,
  { inBlocks, ofShares }: BlockSpectrum,
  types: number,
): Described[] {
  const inside = inBlocks.flatMap(({ block, open }) => {
    const own = placesOf(block.design);
    const place = new Int32Array(own.count);
    own.of.forEach((p, a) => (place[p] = places.of[block.alternatives[a]]));
    return openPieces(block.design, own, open.slice(0, MOST_VECTORS), types).map((piece) => {
      const described = profileOf(block.design, own, piece, types);
      const all = described.places.length === own.count;
      const alone = asksWho(piece.pattern) && own.kind === 'prompts' && (all || described.alone);
      return { ...described, places: described.places.map((p) => place[p]), everybody: false, alone };
    });
  });
  const together = openPieces(design, places, ofShares, types);
  return [...inside, ...together.map((piece) => profileOf(design, places, piece, types))];
}

/** What one piece is about. */
function profileOf(design: DesignModel, places: Places, piece: Piece, types: number): Described {
  const layout = { types, parameters: design.model.parameters };
  const { basis, pattern } = piece;
  const size = basis.length;
  const rewards = Array.from(
    { length: layout.types },
    (_, k) => basis.reduce((sum, v) => sum + squared(blockOf(layout, v, k)), 0) / size,
  );
  const about = pattern === 'shares' ? [] : allAbout(places, basis, layout);
  return {
    pattern,
    basis,
    types: piece.types ?? rewards.flatMap((mass, k) => (mass >= LEAST_PART ? [k] : [])),
    pairwise: piece.pairwise ?? true,
    mass: { shares: Math.max(0, 1 - rewards.reduce((sum, mass) => sum + mass, 0)), rewards },
    ...judged(design, places, about, pattern),
    combination: pattern === 'features' && size === layout.types ? blockOf(layout, basis[0], 0) : undefined,
    largest: largestParts(places, basis, layout),
    directions: size,
    separate: 1,
  };
}

/** Who judged some places, and whether they judged nothing else. */
function judged(
  design: DesignModel,
  places: Places,
  about: readonly number[],
  pattern: Described['pattern'],
): Pick<Described, 'places' | 'annotators' | 'everybody' | 'alone'> {
  const asked = asksWho(pattern);
  const annotators = asked ? annotatorKinds(design.design, places.touching(about)) : [];
  const own = new Set(about);
  const links = new Set(about.map((place) => places.linked[place]));
  return {
    places: about,
    annotators,
    everybody: annotators.reduce((sum, { count }) => sum + count, 0) === design.design.annotators,
    // all of what these annotators judged, and not all there is
    alone:
      asked &&
      places.kind === 'prompts' &&
      about.length < places.count &&
      places.linked.every((link, place) => !links.has(link) || own.has(place)),
  };
}

/** Whether it matters who judged the places of a pattern. */
function asksWho(pattern: Described['pattern']): boolean {
  return pattern === 'types' || pattern === 'other';
}

function largestParts(places: Places, basis: readonly Float64Array[], layout: Layout): Described['largest'] {
  const length = Float64Array.from(basis[0], (_, i) =>
    i < layout.types - 1 ? 0 : basis.reduce((sum, v) => sum + v[i] * v[i], 0),
  );
  return Array.from(length.keys())
    .sort((a, b) => length[b] - length[a] || a - b)
    .slice(0, MOST_PARTS)
    .map((i) => i - layout.types + 1)
    .filter((i) => i >= 0)
    .map((i) => ({
      type: Math.floor(i / layout.parameters),
      name: places.parameterName(i % layout.parameters),
    }));
}

/** Every place that some vectors are about, the largest part first. */
function allAbout(places: Places, basis: readonly Float64Array[], layout: Layout): number[] {
  const mass = massByPlace(places, basis, layout);
  const least = LEAST_PART * mass.reduce((most, x) => Math.max(most, x), 0);
  return Array.from(mass.keys())
    .filter((place) => mass[place] > least)
    .sort((a, b) => mass[b] - mass[a] || a - b);
}

function massByPlace(places: Places, basis: readonly Float64Array[], layout: Layout): Float64Array {
  const mass = new Float64Array(places.count);
  for (const v of basis)
    for (let k = 0; k < layout.types; k++)
      blockOf(layout, v, k).forEach((x, j) => (mass[places.of[j]] += x * x));
  return mass;
}

/** Pieces that say the same of different prompts become one. */
function gathered(design: DesignModel, places: Places, pieces: readonly Described[]): Described[] {
  const groups = new Map<string, Described[]>();
  pieces.forEach((piece, i) => {
    const kinds = piece.annotators.map(({ kind }) => kind).sort();
    const alike = piece.pattern === 'types' || (piece.pattern === 'other' && piece.mass.shares < LEAST_PART);
    const key = alike
      ? [piece.pattern, piece.types.join(), piece.pairwise, piece.alone, piece.everybody, kinds.join()].join(
          ' ',
        )
      : String(i);
    const group = groups.get(key);
    if (group) group.push(piece);
    else groups.set(key, [piece]);
  });
  const order: OpenDirection['pattern'][] = ['parts', 'features', 'types', 'shares', 'other'];
  return [...groups.values()]
    .map((group) => joined(design, places, group))
    .sort((a, b) => order.indexOf(a.pattern) - order.indexOf(b.pattern) || b.directions - a.directions);
}

function joined(design: DesignModel, places: Places, group: readonly Described[]): Described {
  if (group.length === 1) return group[0];
  const directions = group.reduce((sum, each) => sum + each.directions, 0);
  const mean = (of: (each: Described) => number): number =>
    group.reduce((sum, each) => sum + of(each) * each.directions, 0) / directions;
  return {
    ...group[0],
    basis: group.flatMap(({ basis }) => [...basis]),
    mass: {
      shares: mean(({ mass }) => mass.shares),
      rewards: group[0].mass.rewards.map((_, k) => mean(({ mass }) => mass.rewards[k])),
    },
    ...judged(design, places, [...new Set(group.flatMap((each) => [...each.places]))], group[0].pattern),
    directions,
    separate: group.length,
  };
}

function directionOf(places: Places, described: Described): OpenDirection {
  return {
    pattern: described.pattern,
    message: sentenceOf(places, described),
    directions: described.directions,
    types: described.types.map((k) => k + 1),
    mass: described.mass,
    about: {
      kind: places.kind,
      count: described.places.length,
      names: described.places.slice(0, MOST_NAMES).map(places.name),
    },
    annotators: described.annotators,
    positions: places.positions(described.places),
  };
}

/** The direction that is known least: what it is mostly about, and who tells what is known of it. */
function weakest(design: DesignModel, places: Places, point: MixturePoint, v: Float64Array): OpenDirection {
  const layout = { types: point.shares.length, parameters: design.model.parameters };
  const exact = profileOf(design, places, { pattern: 'other', basis: [v] }, layout.types);
  const types = exact.mass.rewards.flatMap((mass, k) => (mass >= NOTABLE ? [k] : []));
  const opposite =
    types.length === 2 &&
    exact.mass.rewards[types[0]] + exact.mass.rewards[types[1]] >= 1 - NOTABLE &&
    isOpposite(layout, v, types[0], types[1]);
  const described: Described = {
    ...exact,
    types,
    pattern: opposite ? 'types' : 'other',
    places: largest(places, v, layout),
    annotators: tellers(design, point, v),
  };
  return { ...directionOf(places, described), message: leastKnown(places, described) };
}

/** The places that together make up most of a vector, the largest part first. */
function largest(places: Places, v: Float64Array, layout: Layout): number[] {
  const mass = massByPlace(places, [v], layout);
  const total = mass.reduce((sum, x) => sum + x, 0);
  let sum = 0;
  return Array.from(mass.keys())
    .sort((a, b) => mass[b] - mass[a] || a - b)
    .filter((place) => {
      const wanted = sum < NAMED * total;
      if (wanted) sum += mass[place];
      return wanted;
    });
}

/** Kinds of annotators by how much of the information along v comes from them; of many patterns a sample. */
function tellers(design: DesignModel, point: MixturePoint, v: Float64Array): AnnotatorKind[] {
  const { design: patterns } = design;
  const kinds = annotatorKinds(patterns, () => true);
  if (kinds.length < 2) return kinds;
  const value = informationAlong(point, [along(design.model, v, point.shares.length, design.alternatives)]);
  const source = random(SEED);
  const every = Math.ceil(patterns.count.length / MOST_PATTERNS);
  const sampled = new Map<string, { told: number; people: number }>();
  for (let p = 0; p < patterns.count.length; p += every) {
    const records = Array.from(
      patterns.record.subarray(patterns.start[p], patterns.start[p + 1]),
      (d) => patterns.records[d],
    );
    const kind = kindOf(patterns, p);
    const sum = sampled.get(kind) ?? { told: 0, people: 0 };
    sum.told += patterns.count[p] * value(records, source);
    sum.people += patterns.count[p];
    sampled.set(kind, sum);
  }
  const told = kinds.map(({ kind, count }) => {
    const seen = sampled.get(kind);
    return seen ? (seen.told / seen.people) * count : 0;
  });
  const total = told.reduce((sum, x) => sum + x, 0);
  return kinds
    .map((kind, i) => ({ ...kind, part: total > 0 ? told[i] / total : 0 }))
    .sort((a, b) => b.part - a.part);
}

function squared(v: Float64Array): number {
  return dot(v, v);
}
