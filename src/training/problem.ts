import { connectAlternatives, type Components } from '../compute/components';
import { UNRANKED_LEVEL } from '../compute/kernels/levels';
import type { Rankings } from '../compute/kernels/rankings';
import { UNRANKED, type RankingTable } from '../dataset/table';
import type { TieTreatment, UnrankedTreatment } from '../protocol/experiment';
import { sequencePool } from '../compute/sequences';
import { UnfitDataError } from '../unfit-data-error';

/**
 * A dataset made ready for EM: equal rankings are kept once, and annotators with the same rankings (their
 * *profile*) share one posterior, so that the cost of an iteration follows the number of distinct ones.
 */
export interface Problem {
  readonly rankings: Rankings;
  /** Line of the first record with each ranking. */
  readonly rankingLine: Uint32Array;
  readonly components: Components;
  /** N: annotators with at least one record that is used. */
  readonly annotators: number;
  readonly records: number;
  readonly profiles: number;
  /** Annotators with each profile. */
  readonly profileCount: Float64Array;
  /** Entries of profile p: `profileStart[p] … profileStart[p + 1] − 1`. */
  readonly profileStart: Uint32Array;
  readonly profileRanking: Int32Array;
  /** Summed weight of the profile's records with that ranking. */
  readonly profileWeight: Float64Array;
  /** Profile of each annotator of the table, then of each record without an annotator; −1 where nothing is used. */
  readonly profileOf: Int32Array;
  /** Record behind each entry of `profileOf` beyond the table's annotators. */
  readonly anonymousRecord: Int32Array;
  readonly treatment: Treatment;
}

export interface Treatment {
  readonly unranked: UnrankedTreatment;
  readonly ties: TieTreatment;
  /** Records left out because they hold a tie (`ties: drop`). */
  readonly droppedTies: number;
  /** Records left out because fewer than two options remain (`unranked: absent`). */
  readonly droppedSingle: number;
  /** Records without an annotator: each counts as an annotator of its own. */
  readonly anonymous: number;
  /** Annotators left without any record by the two rules above. */
  readonly emptied: number;
}

export interface ProblemOptions {
  readonly unranked: UnrankedTreatment;
  readonly ties: TieTreatment;
}

/**
 * @param alternativeOf alternative of each response: itself, or its item
 * @throws Error with a sentence when no record can be used
 */
export function makeProblem(
  table: RankingTable,
  alternativeOf: Int32Array,
  alternatives: number,
  options: ProblemOptions,
): Problem {
  const pool = sequencePool();
  const rankingOf = new Int32Array(table.records).fill(-1);
  let longest = 0;
  for (let r = 0; r < table.records; r++) longest = Math.max(longest, table.start[r + 1] - table.start[r]);
  const code = new Int32Array(longest);
  let droppedTies = 0;
  let droppedSingle = 0;
  for (let r = 0; r < table.records; r++) {
    const length = encodeRecord(table, r, alternativeOf, options.unranked, code);
    if (options.ties === 'drop' && hasTie(code, length)) droppedTies++;
    else if (length < 2) droppedSingle++;
    else rankingOf[r] = pool.id(code, 0, length);
  }
  const rankings = decode(pool.finish(), alternatives);
  const voices = recordsByAnnotator(table, rankingOf);
  const profiles = collapse(table, rankingOf, voices);
  if (profiles.annotators === 0) {
    throw new UnfitDataError(
      `No record can be used for training: of ${table.records} records, ${droppedTies} hold a tie (ties: drop) and ` +
        `${droppedSingle} have fewer than two options left (unranked: absent).`,
    );
  }
  return {
    rankings,
    rankingLine: firstLines(table, rankingOf, rankings.count),
    components: connectAlternatives(rankings),
    records: table.records - droppedTies - droppedSingle,
    ...profiles,
    anonymousRecord: voices.anonymousRecord,
    treatment: {
      unranked: options.unranked,
      ties: options.ties,
      droppedTies,
      droppedSingle,
      anonymous: voices.anonymousRecord.length,
      emptied: profiles.profileOf.reduce((sum, p) => sum + (p < 0 ? 1 : 0), 0),
    },
  };
}

function firstLines(table: RankingTable, rankingOf: Int32Array, rankings: number): Uint32Array {
  const line = new Uint32Array(rankings);
  for (let r = table.records - 1; r >= 0; r--) if (rankingOf[r] >= 0) line[rankingOf[r]] = table.line[r];
  return line;
}

const TIED = 1;
const IS_UNRANKED = 2;

/**
 * Writes one integer for each option, 4 × alternative + flags (tied with the one before; unranked), ties and
 * unranked options in a canonical order, so that equal rankings have equal codes.
 */
function encodeRecord(
  table: RankingTable,
  r: number,
  alternativeOf: Int32Array,
  unranked: UnrankedTreatment,
  code: Int32Array,
): number {
  let length = 0;
  const from = table.start[r];
  const to = table.start[r + 1];
  for (let i = from; i < to;) {
    const level = table.level[i];
    let end = i;
    while (end < to && table.level[end] === level) end++;
    if (level === UNRANKED && unranked === 'absent') break;
    const group = code.subarray(length, length + end - i);
    for (let j = i; j < end; j++) group[j - i] = alternativeOf[table.option[j]];
    group.sort();
    for (let j = 0; j < group.length; j++) {
      group[j] = group[j] * 4 + (level === UNRANKED ? IS_UNRANKED : j > 0 ? TIED : 0);
    }
    length += group.length;
    i = end;
  }
  return length;
}

function hasTie(code: Int32Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (code[i] & TIED) return true;
  return false;
}

function decode(sequences: { start: Uint32Array; values: Int32Array }, alternatives: number): Rankings {
  const { start, values } = sequences;
  const count = start.length - 1;
  const option = values.map((v) => v >> 2);
  const level = new Uint16Array(values.length);
  const tied = new Uint8Array(count);
  let largest = 0;
  for (let r = 0; r < count; r++) {
    largest = Math.max(largest, start[r + 1] - start[r]);
    let current = -1;
    for (let i = start[r]; i < start[r + 1]; i++) {
      if (values[i] & IS_UNRANKED) level[i] = UNRANKED_LEVEL;
      else {
        if (values[i] & TIED) tied[r] = 1;
        else current++;
        level[i] = current;
      }
    }
  }
  return { count, alternatives, start, option, level, tied, largest };
}

interface Voices {
  /** Used records by annotator, then anonymous ones: CSR. */
  readonly start: Uint32Array;
  readonly record: Int32Array;
  readonly anonymousRecord: Int32Array;
}

function recordsByAnnotator(table: RankingTable, rankingOf: Int32Array): Voices {
  const named = table.annotators.size;
  const anonymousRecord: number[] = [];
  for (let r = 0; r < table.records; r++) {
    if (table.annotator[r] < 0 && rankingOf[r] >= 0) anonymousRecord.push(r);
  }
  const start = new Uint32Array(named + anonymousRecord.length + 1);
  for (let r = 0; r < table.records; r++) {
    if (rankingOf[r] >= 0 && table.annotator[r] >= 0) start[table.annotator[r] + 1]++;
  }
  for (let i = 0; i < anonymousRecord.length; i++) start[named + i + 1] = 1;
  for (let i = 1; i < start.length; i++) start[i] += start[i - 1];
  const next = start.slice();
  const record = new Int32Array(start[start.length - 1]);
  let anonymous = named;
  for (let r = 0; r < table.records; r++) {
    if (rankingOf[r] < 0) continue;
    const voice = table.annotator[r] >= 0 ? table.annotator[r] : anonymous++;
    record[next[voice]++] = r;
  }
  return { start, record, anonymousRecord: Int32Array.from(anonymousRecord) };
}

type Profiles = Pick<
  Problem,
  | 'annotators'
  | 'profiles'
  | 'profileCount'
  | 'profileStart'
  | 'profileRanking'
  | 'profileWeight'
  | 'profileOf'
>;

/** Annotators with the same multiset of rankings share a profile; weights other than 1 keep theirs apart. */
function collapse(table: RankingTable, rankingOf: Int32Array, voices: Voices): Profiles {
  const people = voices.start.length - 1;
  const profileOf = new Int32Array(people).fill(-1);
  const pool = sequencePool();
  const counts: number[] = [];
  const weights: number[] = [];
  const starts: number[] = [0];
  const rankings: number[] = [];
  let annotators = 0;
  for (let h = 0; h < people; h++) {
    const records = voices.record.subarray(voices.start[h], voices.start[h + 1]);
    if (records.length === 0) continue;
    annotators++;
    const order = Array.from(records).sort(
      (a, b) => rankingOf[a] - rankingOf[b] || table.weight[a] - table.weight[b],
    );
    const key = new Int32Array(3 * order.length);
    const bits = new Float64Array(1);
    const words = new Int32Array(bits.buffer);
    order.forEach((r, i) => {
      bits[0] = table.weight[r];
      key.set([rankingOf[r], words[0], words[1]], 3 * i);
    });
    const known = pool.count;
    const profile = pool.id(key, 0, key.length);
    profileOf[h] = profile;
    if (profile < known) {
      counts[profile]++;
      continue;
    }
    counts.push(1);
    for (const r of order) {
      if (rankings.length > starts[profile] && rankings[rankings.length - 1] === rankingOf[r]) {
        weights[weights.length - 1] += table.weight[r];
      } else {
        rankings.push(rankingOf[r]);
        weights.push(table.weight[r]);
      }
    }
    starts.push(rankings.length);
  }
  return {
    annotators,
    profiles: counts.length,
    profileCount: Float64Array.from(counts),
    profileStart: Uint32Array.from(starts),
    profileRanking: Int32Array.from(rankings),
    profileWeight: Float64Array.from(weights),
    profileOf,
  };
}
