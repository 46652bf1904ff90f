import { LARGEST_CHOICE_SET } from '../dataset/table-builder';
import type { RankingTable } from '../dataset/table';
import { choiceSet, depthOf, type Depth } from './choice-set';

/**
 * How the dataset was collected: who gave how much, of what kind. Counts of records by person are of those that decide
 * something: a tied pair says nothing about anybody's type.
 */
export interface Profile {
  /** Named annotators with at least one such record. */
  readonly annotators: number;
  /** Records that name no annotator; each counts as a person of its own. */
  readonly strangers: number;
  /** People with at least one such record: annotators, and strangers each for itself. */
  readonly people: number;
  /** Records of each named annotator that decide something, by annotator id. */
  readonly recordsOf: Int32Array;
  /** [records, people who gave that many], fewest first. */
  readonly recordsPerPerson: readonly (readonly [number, number])[];
  /** Records of the person in the middle. */
  readonly medianRecords: number;
  /** [options in the choice set, records that decide something], smallest first. */
  readonly choiceSetSizes: readonly (readonly [number, number])[];
  /** Records by how far they rank. */
  readonly depths: Readonly<Record<Depth, number>>;
}

export function profile(table: RankingTable): Profile {
  const recordsOf = new Int32Array(table.annotators.size);
  const records = new Uint32Array(LARGEST_CHOICE_SET + 1); // that decide something, by the size of their choice sets
  const depths: Record<Depth, number> = { pair: 0, 'best-of': 0, top: 0, full: 0, tied: 0, uninformative: 0 };
  let strangers = 0;
  let deciding = 0;
  for (let r = 0; r < table.records; r++) {
    const set = choiceSet(table, r);
    depths[depthOf(set)]++;
    const a = table.annotator[r];
    if (a < 0) strangers++;
    if (!set.decides) continue;
    if (a < 0) deciding++;
    else recordsOf[a]++;
    records[set.to - set.from]++;
  }
  const sizes = new Map<number, number>();
  records.forEach((count, size) => {
    if (count > 0) sizes.set(size, count);
  });
  const perPerson = new Map<number, number>();
  if (deciding > 0) perPerson.set(1, deciding);
  for (const count of recordsOf) if (count > 0) add(perPerson, count, 1);
  const recordsPerPerson = sorted(perPerson);
  const people = recordsPerPerson.reduce((sum, [, count]) => sum + count, 0);
  return {
    annotators: people - deciding,
    strangers,
    people,
    recordsOf,
    recordsPerPerson,
    medianRecords: median(recordsPerPerson, people),
    choiceSetSizes: sorted(sizes),
    depths,
  };
}

/** Share of people with at least this many records. */
export function shareWithRecords({ recordsPerPerson, people }: Profile, records: number): number {
  let enough = 0;
  for (const [given, count] of recordsPerPerson) if (given >= records) enough += count;
  return people === 0 ? 0 : enough / people;
}

function add(histogram: Map<number, number>, key: number, count: number): void {
  histogram.set(key, (histogram.get(key) ?? 0) + count);
}

function sorted(histogram: Map<number, number>): [number, number][] {
  return [...histogram].sort((a, b) => a[0] - b[0]);
}

function median(histogram: readonly (readonly [number, number])[], total: number): number {
  let seen = 0;
  for (const [value, count] of histogram) {
    seen += count;
    if (2 * seen >= total) return value;
  }
  return 0;
}
