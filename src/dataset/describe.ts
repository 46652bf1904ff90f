import { quoted } from './response-columns';
import { UNRANKED, type RankingTable } from './table';

/** A record as a person reads it: `"A" ≻ "B" ~ "C" | not ranked: "D"`, long texts shortened. */
export function describeRecord(table: RankingTable, record: number, longest = 40): string {
  let ranked = '';
  const unranked: string[] = [];
  for (let i = table.start[record]; i < table.start[record + 1]; i++) {
    const text = quoted(table.responses.text(table.option[i]), longest);
    if (table.level[i] === UNRANKED) unranked.push(text);
    else if (ranked === '') ranked = text;
    else ranked += (table.level[i] === table.level[i - 1] ? ' ~ ' : ' ≻ ') + text;
  }
  if (unranked.length === 0) return ranked;
  const label = table.unranked === 'offered' ? 'not ranked' : 'not offered';
  return `${ranked} | ${label}: ${unranked.join(', ')}`;
}
