import type { OpenDirection } from '../../protocol/validation';
import type { Position } from '../../protocol/finding';
import type { DesignModel } from './model';

/** What directions are told apart by: prompts where there are several, else items or responses; or features. */
export interface Places {
  readonly kind: OpenDirection['about']['kind'];
  /** Place of each parameter of a type. */
  readonly of: Int32Array;
  readonly count: number;
  readonly name: (place: number) => string;
  /** Name of a parameter of a type: a response, an item or a feature. */
  readonly parameterName: (parameter: number) => string;
  /** Places that the same annotators judged, directly or through others, have the same number; all 0 for features. */
  readonly linked: Int32Array;
  /** Whether annotators of a pattern judged something that these places are about. */
  readonly touching: (places: readonly number[]) => (pattern: number) => boolean;
  /** First records about some places. */
  readonly positions: (places: readonly number[]) => Position[];
}

const MOST_POSITIONS = 20;

export function placesOf(design: DesignModel): Places {
  return design.model.kind === 'tabular' ? placesOfRewards(design) : placesOfFeatures(design);
}

function placesOfRewards(model: DesignModel): Places {
  const { groups, alternatives, design, nameOf, labelOf } = model;
  const byPrompt = model.places === 'prompts';
  const of = Int32Array.from({ length: alternatives }, (_, a) => a);
  if (byPrompt) {
    groups.forEach((group, g) => {
      for (const a of group) of[a] = g;
    });
  }
  const count = byPrompt ? groups.length : alternatives;
  const alternativesOf = (places: readonly number[]): number[] =>
    byPrompt ? places.flatMap((g) => [...groups[g]]) : [...places];
  return {
    kind: model.places,
    of,
    count,
    name: (place) => (byPrompt ? nameOf(groups[place][0]) : labelOf(place)),
    parameterName: labelOf,
    linked: linkedPlaces(model, of, count),
    touching: (places) => {
      const about = new Set(alternativesOf(places));
      const records = design.records.map(({ offered }) => offered.some((a) => about.has(a)));
      return (p) => anyRecord(model, p, (d) => records[d]);
    },
    positions: (places) => {
      const about = new Set(alternativesOf(places));
      return positionsAt(model, (a) => about.has(a));
    },
  };
}

function placesOfFeatures(model: DesignModel): Places {
  const { model: rewards, design } = model;
  const names = rewards.parameterNames;
  const featuresOf = rewards.features!; // only a log-linear policy is told apart by features
  const differs = (record: number, places: readonly number[]): boolean => {
    const [first, ...others] = Array.from(design.records[record].offered, featuresOf);
    return others.some((own) => places.some((j) => own[j] !== first[j]));
  };
  return {
    kind: 'features',
    of: Int32Array.from({ length: rewards.parameters }, (_, j) => j),
    count: rewards.parameters,
    name: (j) => names?.[j] ?? '',
    parameterName: (j) => names?.[j] ?? `feature ${j + 1}`,
    linked: new Int32Array(rewards.parameters),
    touching: (places) => (p) => anyRecord(model, p, (d) => differs(d, places)),
    positions: (places) =>
      positionsAt(model, (a) => {
        const own = featuresOf(a);
        return places.some((j) => own[j] !== 0);
      }),
  };
}

function anyRecord({ design }: DesignModel, pattern: number, fits: (record: number) => boolean): boolean {
  for (let i = design.start[pattern]; i < design.start[pattern + 1]; i++)
    if (fits(design.record[i])) return true;
  return false;
}

/** The first lines of alternatives that something is about. */
function positionsAt({ lineOf }: DesignModel, isAbout: (alternative: number) => boolean): Position[] {
  let lines: number[] = []; // ascending
  lineOf.forEach((line, a) => {
    const isLate = lines.length === MOST_POSITIONS && line > lines[MOST_POSITIONS - 1];
    if (line === 0 || isLate || lines.includes(line) || !isAbout(a)) return;
    lines = [...lines, line].sort((x, y) => x - y).slice(0, MOST_POSITIONS);
  });
  return lines.map((line) => ({ line, column: 1 }));
}

/** Union–find over what one annotator judged. */
function linkedPlaces({ design }: DesignModel, of: Int32Array, count: number): Int32Array {
  const parent = Int32Array.from({ length: count }, (_, i) => i);
  const find = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (let p = 0; p < design.count.length; p++) {
    const first = find(of[design.records[design.record[design.start[p]]].offered[0]]);
    for (let i = design.start[p]; i < design.start[p + 1]; i++)
      for (const a of design.records[design.record[i]].offered) parent[find(of[a])] = find(first);
  }
  return parent.map((_, i) => find(i));
}
