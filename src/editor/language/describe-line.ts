import { choiceSet, depthOf, type Depth } from '../../identify/choice-set';
import { describeRecord } from '../../dataset/describe';
import type { RankingTable } from '../../dataset/table';

/** Characters of a response that are shown. */
const LONGEST = 80;

/** What is known of the annotator of a record, over the whole dataset. */
export interface AnnotatorProfile {
  readonly name: string;
  readonly records: number;
  /** Records by how far they rank their choice set. */
  readonly kinds: Readonly<Partial<Record<Depth, number>>>;
  /** Records in which some responses are tied. */
  readonly withTies: number;
  /** The known type, where the file gives one. */
  readonly knownType?: string;
}

/** The record that a line holds; the first one where it stands for several. */
export interface RecordDescription {
  /** The ranking as a person reads it, best first. */
  readonly ranking: string;
  readonly prompt: string;
  /** Records of the line: more than one where it says how many people gave the ranking. */
  readonly records: number;
  /** Absent where the line stands for several annotators, or names none. */
  readonly annotator?: AnnotatorProfile;
  /** As runs name whoever gave it: `line 12` where the file names nobody; absent where the line stands for several annotators. */
  readonly person?: string;
}

/** The record on a line (1-based), or undefined where none begins there. */
export function describeLine(table: RankingTable, line: number): RecordDescription | undefined {
  const first = firstAtOrAfter(table, line);
  if (first >= table.records || table.line[first] !== line) return undefined;
  let end = first + 1;
  while (end < table.records && table.line[end] === line) end++;
  const annotator = table.annotator[first];
  return {
    ranking: describeRecord(table, first, LONGEST),
    prompt: table.prompts.text(table.prompt[first]).slice(0, 10 * LONGEST),
    records: end - first,
    ...(end === first + 1 && annotator >= 0 && { annotator: profileOf(table, annotator) }),
    ...(end === first + 1 && { person: annotator >= 0 ? table.annotators.text(annotator) : `line ${line}` }),
  };
}

/** Records lie in the order of their lines. */
function firstAtOrAfter({ line, records }: RankingTable, wanted: number): number {
  let low = 0;
  let high = records;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (line[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function profileOf(table: RankingTable, annotator: number): AnnotatorProfile {
  const kinds: Partial<Record<Depth, number>> = {};
  let records = 0;
  let withTies = 0;
  for (let r = 0; r < table.records; r++) {
    if (table.annotator[r] !== annotator) continue;
    const set = choiceSet(table, r);
    const depth = depthOf(set);
    records++;
    kinds[depth] = (kinds[depth] ?? 0) + 1;
    if (hasTie(table, set.from, set.from + set.ranked)) withTies++;
  }
  const type = table.knownType[annotator];
  return {
    name: table.annotators.text(annotator).slice(0, LONGEST),
    records,
    kinds,
    withTies,
    ...(type >= 0 && { knownType: table.knownTypes.text(type) }),
  };
}

function hasTie({ level }: RankingTable, from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) if (level[i] === level[i - 1]) return true;
  return false;
}
