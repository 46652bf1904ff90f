import { random } from '../../random';
import { informationAlong, type Along } from '../information/along';
import type { DesignPatterns } from '../information/design-patterns';
import type { MixturePoint } from '../information/scores';

/** Annotators of the same design, and what asking one of them again is worth. */
export interface AskedGroup {
  readonly patterns: readonly number[];
  /** Named annotators with one of these patterns. */
  readonly annotators: number;
  /** Expected information along the directions that one annotator's further records add, per judgement. */
  readonly worth: number;
}

/** Patterns that are looked at one by one; more are put together by the kinds of their records. */
const MOST_PATTERNS = 200;
/** Further records are drawn this many times, the same ones for every pattern. */
const DRAWS = 8;
const SEED = 41;
/** Annotators are singled out who are worth at least this many times the others. */
const LEAST_TIMES = 1.1;

/**
 * Named annotators by what `dose` more records of theirs, like those of the dataset, would add: each pattern is looked at
 * once. The most valuable first.
 */
export function annotatorsByWorth(
  design: DesignPatterns,
  point: MixturePoint,
  directions: readonly Along[],
  dose: number,
): AskedGroup[] {
  const information = informationAlong(point, directions);
  const source = random(SEED, dose);
  const added = Array.from({ length: DRAWS }, () =>
    Array.from({ length: dose }, () => design.records[source.below(design.records.length)]),
  );
  const judgements = added.flat().reduce((sum, { depth }) => sum + depth, 0) / DRAWS;
  const worthOf = (p: number): number => {
    const own = Array.from(
      design.record.subarray(design.start[p], design.start[p + 1]),
      (d) => design.records[d],
    );
    const gains = added.map((more) => information([...own, ...more], random(SEED, dose, p), own.length));
    return gains.reduce((sum, gain) => sum + gain, 0) / DRAWS / judgements;
  };
  const groups = groupsOfNamed(design);
  const each = Math.max(1, Math.floor(MOST_PATTERNS / groups.length));
  return groups
    .map(({ patterns, annotators }) => {
      const every = Math.ceil(patterns.length / each);
      const looked = patterns.filter((_, i) => i % every === 0);
      const worth = looked.reduce((sum, p) => sum + worthOf(p), 0) / looked.length;
      return { patterns, annotators, worth };
    })
    .sort((a, b) => b.worth - a.worth);
}

/** Patterns of named annotators: one by one, or those with the same numbers and kinds of records together. */
function groupsOfNamed(design: DesignPatterns): Omit<AskedGroup, 'worth'>[] {
  const named = new Int32Array(design.count.length);
  for (const p of design.patternOf) if (p >= 0) named[p]++;
  const present = Array.from(named.keys()).filter((p) => named[p] > 0);
  const groups = new Map<string, { patterns: number[]; annotators: number }>();
  for (const p of present) {
    const key = present.length <= MOST_PATTERNS ? String(p) : kindsOfRecords(design, p);
    const group = groups.get(key) ?? { patterns: [], annotators: 0 };
    group.patterns.push(p);
    group.annotators += named[p];
    groups.set(key, group);
  }
  return [...groups.values()];
}

function kindsOfRecords({ records, start, record }: DesignPatterns, p: number): string {
  return Array.from(
    record.subarray(start[p], start[p + 1]),
    (d) => `${records[d].offered.length}/${records[d].depth}`,
  )
    .sort()
    .join();
}

/**
 * The most valuable groups, until they hold a part of the annotators. Undefined where that is everybody, or where asking
 * these is worth hardly more than asking the others.
 */
export function mostWorth(
  groups: readonly AskedGroup[],
  part: number,
): { patterns: ReadonlySet<number>; annotators: number; times: number } | undefined {
  const people = groups.reduce((sum, { annotators }) => sum + annotators, 0);
  const chosen: AskedGroup[] = [];
  let annotators = 0;
  for (const group of groups) {
    if (annotators >= part * people || annotators + group.annotators >= people) break;
    chosen.push(group);
    annotators += group.annotators;
  }
  if (chosen.length === 0) return undefined;
  const total = (of: readonly AskedGroup[]): number =>
    of.reduce((sum, group) => sum + group.worth * group.annotators, 0);
  const own = total(chosen) / annotators;
  const others = total(groups.slice(chosen.length)) / (people - annotators);
  const times = own / others;
  if (!(times >= LEAST_TIMES)) return undefined;
  return { patterns: new Set(chosen.flatMap(({ patterns }) => [...patterns])), annotators, times };
}
