import { sequencePool } from '../compute/sequences';
import type { RankingTable } from '../dataset/table';
import { choiceSet } from './choice-set';
import { choiceSets, sortFirst, type ChoiceSets } from './choice-sets';
import type { Unit } from './win-graph';

/** What was asked: records with the same choice set ask the same question. */
export interface Questions {
  readonly count: number;
  /** Question of each record; −1 where the record decides nothing. */
  readonly of: Int32Array;
  /** Records that ask each question. */
  readonly asked: Uint32Array;
  /** Question q offers `thing[start[q]] … thing[start[q + 1] − 1]`, ascending: responses, or items. */
  readonly start: Uint32Array;
  readonly thing: Int32Array;
}

/** @param sets the choice sets of the table, if they have been collected already */
export function questions(table: RankingTable, unit: Unit, sets?: ChoiceSets): Questions {
  return unit === 'items' ? questionsOfItems(table) : questionsOfSets(table, sets ?? choiceSets(table));
}

/** The choice sets of which some record decides something. */
function questionsOfSets(table: RankingTable, sets: ChoiceSets): Questions {
  const questionOf = new Int32Array(sets.count).fill(-1);
  const setOf = new Int32Array(sets.count); // by question
  const of = new Int32Array(table.records);
  let count = 0;
  let same = true; // questions are numbered as the sets are
  for (let r = 0; r < table.records; r++) {
    const set = sets.of[r];
    if (!choiceSet(table, r).decides) {
      of[r] = -1;
      continue;
    }
    if (questionOf[set] < 0) {
      same &&= set === count;
      setOf[count] = set;
      questionOf[set] = count++;
    }
    of[r] = questionOf[set];
  }
  if (same && count === sets.count) return withAsked({ of, start: sets.start, thing: sets.response });
  const start = new Uint32Array(count + 1);
  for (let q = 0; q < count; q++) start[q + 1] = start[q] + sets.start[setOf[q] + 1] - sets.start[setOf[q]];
  const thing = new Int32Array(start[count]);
  for (let q = 0; q < count; q++) {
    thing.set(sets.response.subarray(sets.start[setOf[q]], sets.start[setOf[q] + 1]), start[q]);
  }
  return withAsked({ of, start, thing });
}

function questionsOfItems(table: RankingTable): Questions {
  const pool = sequencePool();
  const of = new Int32Array(table.records).fill(-1);
  let things = new Int32Array(64);
  for (let r = 0; r < table.records; r++) {
    const { from, to, decides } = choiceSet(table, r);
    if (!decides) continue;
    const size = to - from;
    if (things.length < size) things = new Int32Array(2 * size);
    for (let i = 0; i < size; i++) things[i] = table.responseItem![table.option[from + i]];
    sortFirst(things, size);
    of[r] = pool.id(things, 0, size);
  }
  const { start, values } = pool.finish();
  return withAsked({ of, start, thing: values });
}

function withAsked({ of, start, thing }: Pick<Questions, 'of' | 'start' | 'thing'>): Questions {
  const asked = new Uint32Array(start.length - 1);
  for (const q of of) if (q >= 0) asked[q]++;
  return { count: asked.length, of, asked, start, thing };
}

/** Options that question q offers. */
export function sizeOf({ start }: Questions, q: number): number {
  return start[q + 1] - start[q];
}

/** The records of each person who is named, one after the other: those of a are `record[start[a]] … record[start[a + 1] − 1]`. */
export function recordsByAnnotator(table: RankingTable): { start: Uint32Array; record: Uint32Array } {
  const start = new Uint32Array(table.annotators.size + 1);
  for (let r = 0; r < table.records; r++) if (table.annotator[r] >= 0) start[table.annotator[r] + 1]++;
  for (let a = 0; a < table.annotators.size; a++) start[a + 1] += start[a];
  const next = start.slice(0, table.annotators.size);
  const record = new Uint32Array(start[table.annotators.size]);
  for (let r = 0; r < table.records; r++) {
    if (table.annotator[r] >= 0) record[next[table.annotator[r]]++] = r;
  }
  return { start, record };
}
