import { connectAlternatives } from '../../compute/components';
import { tabular } from '../../policy/tabular';
import { unions } from '../graph';
import type { DesignPatterns, RecordDesign } from './design-patterns';
import { choiceSetsOf, type DesignModel } from './model';

/** Alternatives that some annotators judged, who judged no others: a design of its own, but for the shares. */
export interface Block {
  /** In the whole design, ascending: those of the design of the block in its own order. */
  readonly alternatives: Int32Array;
  readonly design: DesignModel;
}

/**
 * A tabular design taken apart where no annotator judged both sides, the groups of alternatives kept whole. The score of
 * an annotator is 0 in all blocks but one, so that the information couples blocks by the shares alone.
 */
export function blocksOf(design: DesignModel): Block[] {
  if (design.model.kind !== 'tabular') return [];
  const of = blockOfAlternatives(design);
  const members = gatheredBy(of);
  if (members.length < 2) return [{ alternatives: Int32Array.from(members.flat()), design }];
  const place = new Int32Array(design.alternatives);
  for (const own of members) own.forEach((a, i) => (place[a] = i));
  const { records, start, record, count } = design.design;
  const patterns: number[][] = members.map(() => []);
  for (let p = 0; p < count.length; p++) patterns[of[records[record[start[p]]].offered[0]]].push(p);
  const groups: number[][][] = members.map(() => []);
  for (const group of design.groups) groups[of[group[0]]].push(group.map((a) => place[a]));
  return members.map((own, b) => ({
    alternatives: Int32Array.from(own),
    design: part(design, own, patternsOf(design.design, patterns[b], place), groups[b]),
  }));
}

function blockOfAlternatives({ design, groups, alternatives }: DesignModel): Int32Array {
  const joined = unions(alternatives);
  for (const group of groups) for (const a of group) joined.join(group[0], a);
  for (let p = 0; p < design.count.length; p++) {
    const first = design.records[design.record[design.start[p]]].offered[0];
    for (let i = design.start[p]; i < design.start[p + 1]; i++)
      for (const a of design.records[design.record[i]].offered) joined.join(first, a);
  }
  return joined.components().of;
}

function gatheredBy(of: Int32Array): number[][] {
  const members: number[][] = [];
  of.forEach((b, a) => (members[b] ??= []).push(a));
  return members;
}

/** Some patterns of a design, of alternatives that have other numbers here. */
function patternsOf(design: DesignPatterns, patterns: readonly number[], place: Int32Array): DesignPatterns {
  const records: RecordDesign[] = [];
  const known = new Map<number, number>();
  const start = new Uint32Array(patterns.length + 1);
  const record: number[] = [];
  patterns.forEach((p, i) => {
    for (let j = design.start[p]; j < design.start[p + 1]; j++) {
      const d = design.record[j];
      if (!known.has(d)) {
        known.set(d, records.length);
        const { offered, depth } = design.records[d];
        records.push({ offered: offered.map((a) => place[a]), depth });
      }
      record.push(known.get(d)!);
    }
    start[i + 1] = record.length;
  });
  const count = Float64Array.from(patterns, (p) => design.count[p]);
  const annotators = count.reduce((sum, n) => sum + n, 0);
  // who they are matters to nobody who looks at one block
  return { records, start, record: Int32Array.from(record), count, annotators, patternOf: new Int32Array() };
}

function part(
  whole: DesignModel,
  own: readonly number[],
  design: DesignPatterns,
  groups: readonly (readonly number[])[],
): DesignModel {
  const components = connectAlternatives(choiceSetsOf(design, own.length));
  return {
    ...whole,
    design,
    components,
    alternatives: own.length,
    model: tabular(components),
    groups,
    nameOf: (a) => whole.nameOf(own[a]),
    labelOf: (a) => whole.labelOf(own[a]),
    lineOf: Uint32Array.from(own, (a) => whole.lineOf[a]),
  };
}
