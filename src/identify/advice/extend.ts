import type { Random } from '../../random';
import type { DesignPatterns, RecordDesign } from '../information/design-patterns';

/** A design written out annotator by annotator, so that records can be added. */
export interface OpenDesign {
  readonly records: readonly RecordDesign[];
  /** Record designs of each annotator. */
  readonly annotators: readonly (readonly number[])[];
  /** By annotator: their pattern in the design that was written out; −1 for a record that names nobody. */
  readonly pattern: Int32Array;
}

/** Largest number of annotators written out; of more, every n-th stands for n. */
const MOST_WRITTEN = 2000;

/** Writes the design out. Of many annotators a regular sample is taken: information per annotator stays the same. */
export function open({ records, start, record, count, annotators, patternOf }: DesignPatterns): OpenDesign {
  const every = Math.max(1, Math.ceil(annotators / MOST_WRITTEN));
  const people: number[][] = [];
  const pattern: number[] = [];
  const named = new Int32Array(count.length);
  for (const p of patternOf) if (p >= 0) named[p]++;
  let seen = 0;
  for (let p = 0; p < count.length; p++) {
    const own = Array.from(record.subarray(start[p], start[p + 1]));
    for (let i = 0; i < count[p]; i++) {
      if (seen++ % every !== 0) continue;
      people.push(own);
      pattern.push(i < named[p] ? p : -1);
    }
  }
  return { records, annotators: people, pattern: Int32Array.from(pattern) };
}

/** Equal annotators collected again. */
export function close({ records, annotators }: OpenDesign): DesignPatterns {
  const ids = new Map<string, number>();
  const count: number[] = [];
  const lists: number[][] = [];
  for (const own of annotators) {
    const sorted = [...own].sort((a, b) => a - b);
    const key = sorted.join();
    const id = ids.get(key);
    if (id !== undefined) count[id]++;
    else {
      ids.set(key, lists.length);
      lists.push(sorted);
      count.push(1);
    }
  }
  const start = new Uint32Array(lists.length + 1);
  lists.forEach((own, i) => (start[i + 1] = start[i] + own.length));
  return {
    records,
    start,
    record: Int32Array.from(lists.flat()),
    count: Float64Array.from(count),
    annotators: annotators.length,
    patternOf: new Int32Array(0),
  };
}

/** Choices a record asks for: its decided places. */
export function judgementsOf({ annotators, records }: OpenDesign): number {
  return annotators.reduce((sum, own) => sum + own.reduce((n, d) => n + records[d].depth, 0), 0);
}

/**
 * Gives annotators `dose` further records like those the dataset has; records that name nobody get none.
 *
 * @param asked whether an annotator with these records and this pattern is asked
 */
export function withMoreRecords(
  design: OpenDesign,
  dose: number,
  source: Random,
  asked: (own: readonly number[], pattern: number) => boolean = () => true,
): OpenDesign {
  const more = (): number[] => Array.from({ length: dose }, () => source.below(design.records.length));
  return {
    ...design,
    annotators: design.annotators.map((own, i) =>
      design.pattern[i] >= 0 && asked(own, design.pattern[i]) ? [...own, ...more()] : own,
    ),
  };
}

/**
 * Gives every annotator `dose` further records of three alternatives that can be compared.
 *
 * @param groups alternatives that may be offered together: the responses of a prompt, or the items
 * @param depth 1 for the favourite, 2 for a ranking
 */
export function withThrees(
  design: OpenDesign,
  groups: readonly (readonly number[])[],
  depth: 1 | 2,
  dose: number,
  source: Random,
): OpenDesign | undefined {
  const large = groups.filter((group) => group.length >= 3);
  if (large.length === 0) return undefined;
  const records = [...design.records];
  const annotators = design.annotators.map((own) => {
    const added = Array.from({ length: dose }, () => {
      const group = large[source.below(large.length)];
      const offered = Int32Array.from(source.shuffle([...group]).slice(0, 3)).sort();
      records.push({ offered, depth });
      return records.length - 1;
    });
    return [...own, ...added];
  });
  return { ...design, records, annotators };
}

/** Every record ranked to the end; undefined where all are already. */
export function deeper(design: OpenDesign): OpenDesign | undefined {
  if (design.records.every(({ offered, depth }) => depth >= offered.length - 1)) return undefined;
  return {
    ...design,
    records: design.records.map(({ offered }) => ({ offered, depth: offered.length - 1 })),
  };
}

/**
 * Pairs across the components of each group, `dose` a component, spread over the annotators; undefined where
 * nothing falls apart.
 */
export function withBridges(
  design: OpenDesign,
  groups: readonly (readonly number[])[],
  component: Int32Array,
  dose: number,
  source: Random,
): OpenDesign | undefined {
  const records = [...design.records];
  const annotators = design.annotators.map((own) => [...own]);
  let added = 0;
  for (const group of groups) {
    const parts = new Map<number, number[]>();
    for (const a of group) parts.set(component[a], [...(parts.get(component[a]) ?? []), a]);
    const [first, ...rest] = [...parts.values()].sort((a, b) => b.length - a.length);
    for (const part of rest) {
      for (let i = 0; i < dose; i++) {
        const pair = [first[source.below(first.length)], part[source.below(part.length)]];
        records.push({ offered: Int32Array.from(pair).sort(), depth: 1 });
        annotators[added++ % annotators.length].push(records.length - 1);
      }
    }
  }
  return added === 0 ? undefined : { ...design, records, annotators };
}
