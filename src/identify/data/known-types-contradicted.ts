import type { RankingTable } from '../../dataset/table';
import type { Finding } from '../../protocol/finding';
import { choiceSet } from '../choice-set';
import { count, placeOf, short } from '../words';
import { firstRecord, recordsOf, type DataView } from './data-view';
import { finding, listPlaces, unfinished, type Kind } from './places';
import { binomialTail, FALSE_ALARM, holm } from './significance';
import { voteTable, type VoteTable } from './vote-table';

const KIND: Kind = {
  code: 'data/known-types-contradicted',
  severity: 'warning',
  source: 'Exact binomial test; Holm 1979 for several annotators',
  fix: 'Check where the types come from. They are used to evaluate a run only, never to train.',
};

/** Comparisons kept in memory; what comes after them in the file is not used, which is said. */
const MOST_COMPARISONS = 5_000_000;
/** Judgements on each side, the annotator's own left out, from which a majority counts. */
const FEWEST = 3;
/** Known types are worth having if annotators side with their own at least this often where types are divided. */
const WORTH = 0.55;
/** Upper 1 % point of the standard normal, for the test over all annotators. */
const Z = 2.3263;
/** Annotators below which that normal approximation is not used. */
const FEWEST_ANNOTATORS = 20;

/** Known types that the records do not bear out: one annotator sides with the others, or types do not divide at all. */
export function knownTypesContradicted(view: DataView): Finding[] {
  const { table } = view;
  if (table.knownTypes.size < 2) return [];
  const votes = countVotes(table);
  const people = Array.from({ length: table.annotators.size }, (_, a) => a).filter(
    (a) => table.knownType[a] >= 0,
  );
  const sides = people.map((a) => sideOf(view, votes, a));
  const findings = [...overall(view, sides), ...sidingWithOthers(view, people, sides)];
  if (votes.complete) return findings;
  const message = `There are more than ${MOST_COMPARISONS / 1e6} million comparisons by annotators of known types; the known types were checked on the first of them.`;
  return [...findings, unfinished(KIND, message)];
}

/** Of the comparisons on which an annotator's type and the other types are divided, how many the annotator decides as which. */
interface Side {
  readonly own: number;
  readonly of: number;
}

function sidingWithOthers(view: DataView, people: readonly number[], sides: readonly Side[]): Finding[] {
  const { table } = view;
  // under the null an annotator sides with the own type at least half of the time
  const found = holm(sides.map(({ own, of }) => (of === 0 ? 1 : binomialTail(of - own, of, 0.5))));
  return listPlaces(KIND, found, (i) => {
    const a = people[i];
    const { own, of } = sides[i];
    return {
      message:
        `Annotator “${short(table.annotators.text(a))}” is said to be of type “${short(table.knownTypes.text(table.knownType[a]))}”, but ` +
        `sides with the other types in ${of - own} of the ${of} comparisons on which they are divided. If annotators side with ` +
        `their own type at least half of the time, fewer than ${100 * FALSE_ALARM} % of datasets get this finding (corrected ` +
        `for ${count(people.length, 'annotator')}).`,
      positions: [placeOf(table, firstRecord(view, a))],
    };
  });
}

/** Whether annotators side with their type too seldom for the types to mean much: a one-sided test by annotator. */
function overall({ table }: DataView, sides: readonly Side[]): Finding[] {
  const used = sides.filter(({ of }) => of > 0);
  let [own, all, square, sum] = [0, 0, 0, 0];
  for (const side of used) {
    const excess = side.own - WORTH * side.of;
    own += side.own;
    all += side.of;
    sum += excess;
    square += excess * excess;
  }
  if (used.length < FEWEST_ANNOTATORS || sum > -Z * Math.sqrt(square)) return [];
  return [
    finding(
      { ...KIND, source: 'One-sided normal test over annotators' },
      {
        message:
          `Annotators side with their own known type in ${own} of the ${all} judgements on which the ${table.knownTypes.size} types are ` +
          `divided (${Math.round((100 * own) / all)} %; half would be chance). The known types hardly divide these records. If they did so in ` +
          `at least ${100 * WORTH} %, fewer than ${100 * FALSE_ALARM} % of datasets would get this finding.`,
        positions: [],
      },
    ),
  ];
}

interface Votes {
  /** Also by (a, b, −1), for all types together. */
  readonly table: VoteTable;
  /** Records before this one were counted. */
  readonly end: number;
  readonly complete: boolean;
}

function countVotes(table: RankingTable): Votes {
  let most = 0;
  let end = 0;
  for (; end < table.records && most < MOST_COMPARISONS; end++) {
    if (typeOf(table, end) >= 0) most += (table.start[end + 1] - table.start[end]) >> 1;
  }
  const counts = voteTable(2 * most);
  for (let r = 0; r < end; r++) {
    const type = typeOf(table, r);
    if (type < 0) continue;
    eachIndependentPair(table, r, (a, b, first) => {
      const votes = first ? counts.forA : counts.forB;
      votes[counts.id(a, b, type)]++;
      votes[counts.id(a, b, -1)]++;
    });
  }
  return { table: counts, end, complete: end === table.records };
}

function typeOf({ annotator, knownType }: RankingTable, r: number): number {
  return annotator[r] < 0 ? -1 : knownType[annotator[r]];
}

function sideOf(view: DataView, { table: counts, end }: Votes, a: number): Side {
  const { table } = view;
  const { forA, forB } = counts;
  const type = table.knownType[a];
  const mine = new Map<number, { forA: number; forB: number }>(); // by id of (x, y, type): to leave out
  const judged: { x: number; y: number; id: number; first: boolean }[] = [];
  for (const r of recordsOf(view, a)) {
    if (r >= end) continue;
    eachIndependentPair(table, r, (x, y, first) => {
      const id = counts.id(x, y, type);
      let votes = mine.get(id);
      if (!votes) mine.set(id, (votes = { forA: 0, forB: 0 }));
      if (first) votes.forA++;
      else votes.forB++;
      judged.push({ x, y, id, first });
    });
  }
  let own = 0;
  let of = 0;
  for (const { x, y, id, first } of judged) {
    const all = counts.id(x, y, -1);
    const votes = mine.get(id)!;
    const ours = majority(forA[id] - votes.forA, forB[id] - votes.forB);
    const theirs = majority(forA[all] - forA[id], forB[all] - forB[id]);
    if (ours === 0 || theirs === 0 || ours === theirs) continue;
    of++;
    if (first === ours > 0) own++;
  }
  return { own, of };
}

/** 1 for a, −1 for b, 0 where the votes are too few or even. */
function majority(forA: number, forB: number): number {
  return forA + forB < FEWEST ? 0 : Math.sign(forA - forB);
}

let units = new Float64Array(16); // of the record at hand; kept between records

/**
 * Comparisons of a record that share no response: its responses two by two, in the order of their ids and not of
 * their ranks. Under any model of random utility these are independent. With items, comparisons are of items.
 */
function eachIndependentPair(
  table: RankingTable,
  r: number,
  use: (a: number, b: number, aIsBetter: boolean) => void,
): void {
  const { from, to } = choiceSet(table, r);
  const { responseItem, option, level } = table;
  const unit = (i: number) => (responseItem ? responseItem[option[i]] : option[i]);
  if (units.length < to - from) units = new Float64Array(2 * (to - from));
  // sorting the unit and the place together keeps them together
  for (let i = from; i < to; i++) units[i - from] = unit(i) * 0x10000 + (i - from);
  const sorted = units.subarray(0, to - from);
  if (sorted.length > 2) sorted.sort();
  for (let k = 0; k + 1 < sorted.length; k += 2) {
    const [i, j] = [from + (sorted[k] % 0x10000), from + (sorted[k + 1] % 0x10000)];
    const [a, b] = [unit(i), unit(j)];
    if (level[i] !== level[j] && a !== b) use(Math.min(a, b), Math.max(a, b), level[i] < level[j] === a < b);
  }
}
