import { UNRANKED, type RankingTable } from '../table';
import { losses, treatmentNote } from './losses';

/** A table as PrefLib's orders. */
export interface PreflibFile {
  readonly lines: Iterable<string>;
  readonly records: number;
  readonly lost: readonly string[];
}

/** Why a table cannot be written as PrefLib at all, as a sentence. */
export class NotPreflib extends Error {}

/**
 * The records of a table as PrefLib's orders over the responses to its one prompt, equal neighbours as one count, so that
 * the voters come back in the same order. Records whose choice sets are not all the responses are left out: PrefLib would
 * say of the others that they were offered.
 *
 * @throws NotPreflib when there are several prompts, whose responses PrefLib cannot tell apart
 */
export function preflibFile(table: RankingTable): PreflibFile {
  if (table.prompts.size !== 1) {
    throw new NotPreflib(`PrefLib holds rankings of one set of alternatives; this dataset has ${table.prompts.size} prompts.`); // prettier-ignore
  }
  const m = table.responses.size;
  const counts: { order: string; count: number }[] = [];
  let records = 0;
  for (let r = 0; r < table.records; r++) {
    if (table.start[r + 1] - table.start[r] !== m) continue;
    const order = orderOf(table, r);
    const last = counts.at(-1);
    if (last?.order === order) last.count++;
    else counts.push({ order, count: 1 });
    records++;
  }
  const names = Array.from({ length: m }, (_, y) => oneLine(table.responses.text(y)));
  const title = oneLine(table.prompts.text(0));
  const broken = names.filter((name, y) => name !== table.responses.text(y)).length + (title === table.prompts.text(0) ? 0 : 1); // prettier-ignore
  const left = table.records - records;
  return {
    records,
    lines: linesOf(title, names, records, counts),
    lost: [
      ...(left > 0
        ? [`${left} records are left out: not all ${m} responses were in their choice sets.`]
        : []),
      ...(broken > 0 ? [`${broken} texts lose line breaks or the space around them.`] : []),
      ...losses(table, []),
      ...treatmentNote(table),
    ],
  };
}

function* linesOf(
  title: string,
  names: readonly string[],
  records: number,
  counts: readonly { order: string; count: number }[],
): Generator<string> {
  yield `# TITLE: ${title}\n# NUMBER ALTERNATIVES: ${names.length}\n# NUMBER VOTERS: ${records}\n`;
  yield `# NUMBER UNIQUE ORDERS: ${new Set(counts.map(({ order }) => order)).size}\n`;
  for (const [y, name] of names.entries()) yield `# ALTERNATIVE NAME ${y + 1}: ${name}\n`;
  for (const { order, count } of counts) yield `${count}: ${order}\n`;
}

/** `1,4,{2,3}`; alternatives that are not ranked are left out. */
function orderOf({ start, option, level }: RankingTable, r: number): string {
  const groups: number[][] = [];
  for (let i = start[r]; i < start[r + 1]; i++) {
    if (level[i] !== UNRANKED) (groups[level[i]] ??= []).push(option[i] + 1);
  }
  return groups.map((tied) => (tied.length === 1 ? String(tied[0]) : `{${tied.join(',')}}`)).join(',');
}

const oneLine = (text: string) => text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
