import type { Child } from './dom';
import { el } from './dom';
import { csv, markdown } from './format';
import { term } from './term';
import { typeColour } from './theme';
import type { View } from './view';
import { copy, fileName, save } from './view';
import type { WordId } from './words';

export type Value = string | number | null;

/** A raw value, which CSV gets in full, and how it is shown where that differs. */
export type Cell = Value | { readonly value: Value; readonly show: Child; readonly tint?: string };

export interface Column {
  readonly title: string;
  /** The definition that the heading shows. */
  readonly word: WordId;
  readonly numeric?: boolean;
  /** Identifies the row: read out before each of its cells. */
  readonly heading?: boolean;
  /** Index of the type whose colour marks the heading. */
  readonly type?: number;
}

export interface TableOptions {
  readonly caption: string;
  /** Captions that repeat the heading above are for screen readers only. */
  readonly captionHidden?: boolean;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly csv?: boolean;
}

const isPlain = (cell: Cell): cell is Value => cell === null || typeof cell !== 'object';

/** A real table: caption, column and row headings, scrolls by itself where it is too wide, copies as CSV. */
export function table(
  view: View,
  { caption, captionHidden, columns, rows, csv: offerCsv = true }: TableOptions,
): HTMLElement {
  const head = columns.map((column) =>
    el(
      'th',
      { scope: 'col', class: column.numeric === true && 'number' },
      column.type !== undefined && swatch(column.type),
      term(column.word, column.title),
    ),
  );
  const body = rows.map((row) => el('tr', {}, ...row.map((cell, i) => tableCell(cell, columns[i]))));
  const element = el(
    'table',
    {},
    el('caption', { class: captionHidden === true && 'hidden' }, caption),
    el('thead', {}, el('tr', {}, ...head)),
    el('tbody', {}, ...body),
  );
  const scroller = el(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: 0 },
    element,
  );
  if (!offerCsv) return scroller;
  return el('div', { class: 'table' }, scroller, exportTools(view, { caption, columns, rows }));
}

/** Buttons that give a table away: CSV holds the values in full precision, Markdown what the table shows. */
export function exportTools(
  view: View,
  { caption, columns, rows }: Pick<TableOptions, 'caption' | 'columns' | 'rows'>,
): HTMLElement {
  const values = () =>
    csv([
      columns.map((c) => c.title),
      ...rows.map((row) => row.map((cell) => (isPlain(cell) ? cell : cell.value))),
    ]);
  const shown = () =>
    markdown(
      columns,
      rows.map((row) => row.map(shownText)),
    );
  const tool = (label: string, onclick: () => void) =>
    el(
      'button',
      { type: 'button', class: 'plain tool', 'aria-label': `${label}: ${caption}`, onclick },
      label,
    );
  return el(
    'div',
    { class: 'tools' },
    tool('Copy as CSV', () => void copy(view, values())),
    tool('Copy as Markdown', () => void copy(view, shown())),
    tool('Save as CSV', () => void save(view, fileName(view, caption, 'csv'), values())),
  );
}

function shownText(cell: Cell): string {
  const show = isPlain(cell) ? cell : cell.show;
  if (show instanceof Node) return show.textContent ?? '';
  return show === null || show === undefined || show === false ? '–' : String(show);
}

function tableCell(cell: Cell, column: Column): HTMLElement {
  const show: Child = isPlain(cell) ? (cell ?? '–') : cell.show;
  const element = el(
    column.heading === true ? 'th' : 'td',
    { scope: column.heading === true && 'row', class: column.numeric === true && 'number' },
    show,
  );
  if (!isPlain(cell) && cell.tint !== undefined) element.style.background = cell.tint;
  return element;
}

/** A square of the type's colour; always beside the type's name, never instead of it. */
export function swatch(type: number): HTMLElement {
  const square = el('span', { class: 'swatch', 'aria-hidden': 'true' });
  paintSwatch(square, type);
  return square;
}

/** Gives a square the colour of another type. */
export function paintSwatch(square: HTMLElement, type: number): void {
  square.style.backgroundColor = typeColour(type);
}
