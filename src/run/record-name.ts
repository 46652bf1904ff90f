import type { RankingTable } from '../dataset/table';

/** The name of a record that names no annotator: its line and, from the second record of a line on, its number there. */
export function recordName({ line }: Pick<RankingTable, 'line'>, record: number): string {
  let first = record;
  while (first > 0 && line[first - 1] === line[record]) first--;
  return first === record ? `line ${line[record]}` : `line ${line[record]} (${record - first + 1})`;
}
