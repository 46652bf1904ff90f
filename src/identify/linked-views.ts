import type { RankingTable } from '../dataset/table';
import { random } from '../random';
import { choiceSet } from './choice-set';
import { digraph, weakComponents } from './graph';
import { independent, kruskalRank, noViews, rowsOf, together, type Rows } from './kruskal';
import { recordsByAnnotator, sizeOf, type Questions } from './questions';
import type { Unit } from './win-graph';

/** Which questions a mixture of K types is identified on, by what the same people answered to several of them. */
export interface LinkedViews {
  /** Questions that show by themselves what the types are; 0 where no such set was found. */
  readonly core: number;
  /** Questions about which the types' rewards are then determined, the core among them. */
  readonly determined: number;
  /** Questions that at least two people answered. */
  readonly shared: number;
  /** Whether the determined questions tie all things together, so that no reward of a type is left open. */
  readonly all: boolean;
  /** The fewest people that a step of the argument rests on. */
  readonly support: number;
}

/** Lists side by side: list i is `value[start[i]] … value[start[i + 1] − 1]`. There may be millions, most of them empty. */
interface Lists {
  readonly start: Uint32Array;
  readonly value: Int32Array;
}

/** Who answered what, in the form in which links are searched. */
interface Answers {
  /** Annotators who answered each question, capped. */
  readonly judges: Lists;
  /** Questions that each annotator answered, capped. */
  readonly answered: Lists;
  /** Places of each question that all its judges decided. */
  readonly depth: Uint16Array;
}

/** Larger numbers of types are left undecided: all subsets of types are tried. */
const MOST_TYPES = 8;
/** Share of the people that a step must rest on, and the least number of them. */
const SUPPORT = { share: 0.01, people: 2 };
/** Outcomes of a group of views at which no more views are added to it. */
const MOST_OUTCOMES = 512;
/** What is looked at: wider choice sets, and answers beyond these, are left aside. */
const MOST_OPTIONS = 64;
const MOST_ANSWERS = 200;
const MOST_JUDGES = 400;
/** Steps of the search for one number of types. */
const BUDGET = 3e7;
const SEED = 20251015;

/**
 * Prepares the search and returns it, by number of types.
 *
 * A core of questions that the same people all answered, in three groups with Kruskal ranks Σ rank ≥ 2K + 2, identifies
 * shares and rewards on these questions (Kruskal 1977; Allman, Matias, Rhodes 2009). From there on, a question that
 * people answered together with a group of determined questions of rank K is determined too, by solving a linear system.
 * Ranks are taken at one Plackett-Luce mixture drawn at random: rank is lower semicontinuous and probabilities are
 * analytic in the rewards, so that it holds for all rewards but a set of measure zero.
 */
export function linkedViews(
  table: RankingTable,
  asked: Questions,
  unit: Unit,
): (types: number) => LinkedViews {
  const answers = answersOf(table, asked);
  const people = longerThan(answers.answered, 0);
  const least = Math.max(SUPPORT.people, Math.ceil(SUPPORT.share * people));
  const shared = longerThan(answers.judges, 1);
  const known = new Map<number, LinkedViews>();
  return (types) => {
    let result = known.get(types);
    if (!result) {
      const search = types < 2 || types > MOST_TYPES ? undefined : searchLinks(asked, answers, types, least);
      const determined = search?.determined ?? [];
      result = {
        core: search?.core ?? 0,
        determined: determined.length,
        shared,
        all: determined.length > 0 && tiesAll(table, asked, unit, determined),
        support: search?.support ?? 0,
      };
      known.set(types, result);
    }
    return result;
  };
}

function answersOf(table: RankingTable, asked: Questions): Answers {
  const depth = new Uint16Array(asked.count).fill(0xffff);
  const judges = new Uint32Array(asked.count); // of each question, so far
  const last = new Int32Array(asked.count).fill(-1); // who answered each question last
  const { start: own, record } = recordsByAnnotator(table);
  const start = new Uint32Array(table.annotators.size + 1);
  const value = new Int32Array(record.length);
  for (let a = 0; a < table.annotators.size; a++) {
    let end = start[a];
    for (let i = own[a]; i < own[a + 1] && end - start[a] < MOST_ANSWERS; i++) {
      const q = asked.of[record[i]];
      // of a question that one record asks nothing is kept: often that is nearly all of them
      if (q < 0 || asked.asked[q] < 2 || sizeOf(asked, q) > MOST_OPTIONS) continue;
      const places = choiceSet(table, record[i]).depth;
      // a tie in the first place is no outcome of the model; a second answer to the same question is left aside
      if (places === 0 || last[q] === a || judges[q] >= MOST_JUDGES) continue;
      last[q] = a;
      value[end++] = q;
      judges[q]++;
      if (places < depth[q]) depth[q] = places;
    }
    start[a + 1] = end;
  }
  const answered = { start, value: value.slice(0, start[table.annotators.size]) };
  return { judges: turned(answered, judges), answered, depth };
}

/** The numbers of the lists in which each value stands. @param count of each value */
function turned({ start, value }: Lists, count: Uint32Array): Lists {
  const begin = new Uint32Array(count.length + 1);
  for (let v = 0; v < count.length; v++) begin[v + 1] = begin[v] + count[v];
  const next = begin.slice(0, count.length);
  const list = new Int32Array(value.length);
  for (let i = 0; i + 1 < start.length; i++) {
    for (let at = start[i]; at < start[i + 1]; at++) list[next[value[at]]++] = i;
  }
  return { start: begin, value: list };
}

const lengthOf = ({ start }: Lists, i: number) => start[i + 1] - start[i];

/** How many lists have more than `length` values. */
function longerThan({ start }: Lists, length: number): number {
  let lists = 0;
  for (let i = 0; i + 1 < start.length; i++) if (start[i + 1] - start[i] > length) lists++;
  return lists;
}

function searchLinks(
  asked: Questions,
  { judges, answered, depth }: Answers,
  types: number,
  least: number,
): { core: number; determined: number[]; support: number } | undefined {
  if (longerThan(judges, least - 1) === 0) return undefined;
  const draw = random(SEED, types);
  const rewards = Array.from({ length: types }, () => new Float64Array(highest(asked.thing) + 1));
  for (const reward of rewards) for (let i = 0; i < reward.length; i++) reward[i] = 1.5 * draw.normal();
  const rowsKnown: Rows[] = [];
  const rows = (q: number): Rows =>
    (rowsKnown[q] ??= rowsOf(
      { things: Array.from(asked.thing.subarray(asked.start[q], asked.start[q + 1])), depth: depth[q] },
      rewards,
    ));
  let spent = 0;
  const tally = new Uint32Array(asked.count);
  /** The question that most of these people answered, among those that fit, and how many; −1 when fewer than `least`. */
  const commonest = (people: readonly number[], fits: (q: number) => boolean): number => {
    let best = -1;
    for (const a of people) {
      for (let at = answered.start[a]; at < answered.start[a + 1]; at++) {
        const q = answered.value[at];
        spent++;
        if (!fits(q)) continue;
        tally[q]++;
        if (best < 0 || tally[q] > tally[best] || (tally[q] === tally[best] && q < best)) best = q;
      }
    }
    const enough = best >= 0 && tally[best] >= least;
    for (const a of people) {
      for (let at = answered.start[a]; at < answered.start[a + 1]; at++) tally[answered.value[at]] = 0;
    }
    return enough ? best : -1;
  };
  const hasAnswered = (a: number, q: number) => {
    let at = answered.start[a];
    while (at < answered.start[a + 1] && answered.value[at] !== q) at++;
    return at < answered.start[a + 1];
  };
  const those = (people: readonly number[], q: number) => people.filter((a) => hasAnswered(a, q));

  let people: readonly number[] = Array.from(answered.start.subarray(1), (_, a) => a).filter(
    (a) => lengthOf(answered, a) > 0,
  );
  const determined: number[] = [];
  const groups: Rows[] = [noViews(types), noViews(types), noViews(types)];
  const ranks = groups.map(kruskalRank);
  while (ranks.reduce((a, b) => a + b, 0) < 2 * types + 2) {
    const q = commonest(people, (other) => !determined.includes(other));
    if (q < 0) return undefined;
    const open = [0, 1, 2].filter(
      (g) => ranks[g] < types && groups[g][0].length * rows(q)[0].length <= MOST_OUTCOMES,
    );
    if (open.length === 0) return undefined;
    const g = open.reduce((best, other) => (ranks[other] < ranks[best] ? other : best));
    groups[g] = together(groups[g], rows(q));
    ranks[g] = kruskalRank(groups[g]);
    people = those(people, q);
    determined.push(q);
  }
  const core = determined.length;
  let support = people.length;

  const isDetermined = new Uint8Array(asked.count);
  for (const q of determined) isDetermined[q] = 1;
  /** People who answered q and a group of determined questions of rank K; 0 where there are none. */
  const linked = (q: number): number => {
    let who: readonly number[] = Array.from(judges.value.subarray(judges.start[q], judges.start[q + 1]));
    let group = noViews(types);
    const used: number[] = [];
    while (!independent(group)) {
      const next = commonest(who, (other) => isDetermined[other] === 1 && !used.includes(other));
      if (next < 0 || group[0].length * rows(next)[0].length > MOST_OUTCOMES) return 0;
      group = together(group, rows(next));
      used.push(next);
      who = those(who, next);
    }
    return who.length;
  };
  for (let grew = true; grew;) {
    grew = false;
    for (let q = 0; q < asked.count && spent < BUDGET; q++) {
      if (isDetermined[q] === 1 || lengthOf(judges, q) < least) continue;
      const by = linked(q);
      if (by === 0) continue;
      isDetermined[q] = 1;
      determined.push(q);
      support = Math.min(support, by);
      grew = true;
    }
  }
  return { core, determined, support };
}

/** Whether these questions join all things that share a scale. */
function tiesAll(table: RankingTable, asked: Questions, unit: Unit, these: readonly number[]): boolean {
  const from: number[] = [];
  const to: number[] = [];
  for (const q of these) {
    for (let i = asked.start[q] + 1; i < asked.start[q + 1]; i++) {
      from.push(asked.thing[asked.start[q]]);
      to.push(asked.thing[i]);
    }
  }
  const things = unit === 'items' ? table.items!.size : table.responses.size;
  const needed = unit === 'items' ? 1 : table.prompts.size;
  return weakComponents(digraph(things, from, to)).count === needed;
}

function highest(values: Int32Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
