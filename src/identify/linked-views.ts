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

/** Who answered what, in the form in which links are searched. */
interface Answers {
  /** Annotators who answered each question, capped. */
  readonly judges: readonly (readonly number[])[];
  /** Questions that each annotator answered, capped. */
  readonly answered: readonly (readonly number[])[];
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
  const people = answers.answered.reduce((sum, list) => sum + (list.length > 0 ? 1 : 0), 0);
  const least = Math.max(SUPPORT.people, Math.ceil(SUPPORT.share * people));
  const shared = answers.judges.reduce((sum, judges) => sum + (judges.length >= 2 ? 1 : 0), 0);
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
  // of a question that one person answered nothing is kept: often that is nearly all of them
  const nobody: number[] = [];
  const judges = Array.from(asked.asked, (n): number[] => (n < 2 ? nobody : []));
  const depth = new Uint16Array(asked.count).fill(0xffff);
  const { start, record } = recordsByAnnotator(table);
  const answered = Array.from({ length: table.annotators.size }, (_, a) => {
    const own: number[] = [];
    for (let i = start[a]; i < start[a + 1] && own.length < MOST_ANSWERS; i++) {
      const q = asked.of[record[i]];
      if (q < 0 || asked.asked[q] < 2 || sizeOf(asked, q) > MOST_OPTIONS) continue;
      const places = choiceSet(table, record[i]).depth;
      // a tie in the first place is no outcome of the model; a second answer to the same question is left aside
      if (places === 0 || own.includes(q) || judges[q].length >= MOST_JUDGES) continue;
      own.push(q);
      judges[q].push(a);
      depth[q] = Math.min(depth[q], places);
    }
    return own;
  });
  return { judges, answered, depth };
}

function searchLinks(
  asked: Questions,
  { judges, answered, depth }: Answers,
  types: number,
  least: number,
): { core: number; determined: number[]; support: number } | undefined {
  if (judges.every((list) => list.length < least)) return undefined;
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
      for (const q of answered[a]) {
        spent++;
        if (!fits(q)) continue;
        tally[q]++;
        if (best < 0 || tally[q] > tally[best] || (tally[q] === tally[best] && q < best)) best = q;
      }
    }
    const enough = best >= 0 && tally[best] >= least;
    for (const a of people) for (const q of answered[a]) tally[q] = 0;
    return enough ? best : -1;
  };
  const those = (people: readonly number[], q: number) => people.filter((a) => answered[a].includes(q));

  let people: readonly number[] = answered.flatMap((own, a) => (own.length > 0 ? [a] : []));
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
    let who: readonly number[] = judges[q];
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
      if (isDetermined[q] === 1 || judges[q].length < least) continue;
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
