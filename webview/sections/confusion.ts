import type { Child } from '../dom';
import { el } from '../dom';
import { integer, percent } from '../format';
import type { Cell } from '../table';
import { table } from '../table';
import { typeColour } from '../theme';
import type { View } from '../view';

export interface Confusion {
  readonly caption: string;
  /** What the rows are values of. */
  readonly title: string;
  readonly rows: readonly string[];
  /** Names of the types found. */
  readonly types: readonly string[];
  /** Rows × types: annotators. */
  readonly counts: readonly (readonly number[])[];
}

/** Annotators by some grouping and the type found: how many, and which part of the row. A last row of all to compare with. */
export function confusionTable(view: View, { caption, title, rows, types, counts }: Confusion): HTMLElement {
  const all = types.map((_, k) => counts.reduce((sum, row) => sum + row[k], 0));
  const line = (name: string, show: Child, own: readonly number[]): Cell[] => {
    const sum = own.reduce((total, n) => total + n, 0);
    return [
      { value: name, show },
      ...own.map((n, k) => ({ value: n, show: part(n, sum), tint: tint(sum > 0 ? n / sum : 0, k) })),
      { value: sum, show: integer(sum) },
    ];
  };
  return table(view, {
    caption,
    columns: [
      { title, heading: true, word: 'group' },
      ...types.map((name, type) => ({ title: name, numeric: true, type, word: 'foundType' as const })),
      { title: 'Annotators', numeric: true, word: 'groupSize' },
    ],
    rows: [
      ...rows.map((name, i) => line(name, el('bdi', { dir: 'auto' }, name), counts[i])),
      line('all', el('strong', {}, 'all'), all),
    ],
  });
}

function part(n: number, sum: number): string {
  return `${integer(n)} · ${sum > 0 ? percent(n / sum, 0) : '–'}`;
}

const tint = (amount: number, type: number) =>
  `color-mix(in srgb, ${typeColour(type)} ${Math.round(amount * 30)}%, transparent)`;
