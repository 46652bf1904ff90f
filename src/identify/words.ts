import type { RankingTable } from '../dataset/table';
import type { Position } from '../protocol/finding';

/** "1 prompt", "3 prompts". */
export function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? '' : 's'}`;
}

/** The first few of a list in quotes, each shortened, and how many more there are. */
export function list(texts: readonly string[], most = 4): string {
  const shown = texts.slice(0, most).map((text) => `“${short(text)}”`);
  const hidden = texts.length - shown.length;
  return shown.join(', ') + (hidden > 0 ? ` and ${hidden} more` : '');
}

/** A text on one line, cut to 40 characters. */
export function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = Array.from(line);
  return characters.length > 40 ? characters.slice(0, 39).join('') + '…' : line;
}

/** Where record r begins. */
export function placeOf(table: RankingTable, r: number): Position {
  return { line: table.line[r], column: 1 };
}

/** The first record that fits, as a list of at most one position. */
export function firstPlace(table: RankingTable, fits: (r: number) => boolean): Position[] {
  for (let r = 0; r < table.records; r++) if (fits(r)) return [placeOf(table, r)];
  return [];
}
