import type { Child } from './dom';
import { el, uniqueId } from './dom';
import { swatch } from './table';
import { term } from './term';
import type { WordId } from './words';

/** Height of a row in CSS pixels; panel.css has the same. */
const ROW = 28;

/** Rows kept above and below those that are seen. */
const SPARE = 8;

interface Line extends Pick<GridLine, 'show'> {
  readonly element: HTMLElement;
}

export interface GridColumn {
  readonly title: string;
  /** The definition that the heading shows. */
  readonly word: WordId;
  /** In em. */
  readonly width: number;
  /** Takes what room is left. */
  readonly grows?: boolean;
  readonly numeric?: boolean;
  /** Index of the type whose colour marks the heading. */
  readonly type?: number;
}

export interface GridLine {
  readonly cells: readonly Child[];
  /** Puts a row into the cells. */
  readonly show: (row: number) => void;
}

export interface GridOptions {
  readonly label: string;
  readonly columns: readonly GridColumn[];
  /** Makes the cells of a line, once: lines that scroll out of sight come in again with other rows. */
  readonly line: () => GridLine;
  /** The row that the arrow keys are on, or a click. */
  readonly onOpen: (row: number, grid: HTMLElement) => void;
}

export interface VirtualGrid {
  readonly element: HTMLElement;
  /** Shows other rows, from the first on. */
  fill(rows: number): void;
  /** Draws the rows that are seen again. */
  redraw(): void;
}

/**
 * A table of any number of rows, of which only those that are seen exist. One stop of the Tab key: arrow keys, Page Up,
 * Page Down, Home and End move through the rows, and Enter opens one.
 */
export function virtualGrid({ label, columns, line, onOpen }: GridOptions): VirtualGrid {
  const id = uniqueId('grid');
  let count = 0;
  let active = -1;
  let from = 0;
  let to = 0;
  const body = el('div', { class: 'rows', role: 'rowgroup' });
  const heading = (column: GridColumn) =>
    el(
      'span',
      { role: 'columnheader', class: column.numeric === true && 'number' },
      column.type !== undefined && swatch(column.type),
      term(column.word, column.title),
    );
  const head = el('div', { class: 'row head', role: 'row', 'aria-rowindex': 1 }, ...columns.map(heading));
  const grid = el(
    'div',
    { class: 'grid', role: 'grid', tabindex: 0, 'aria-label': label, 'aria-colcount': columns.length },
    el('div', { role: 'rowgroup' }, head),
    body,
  );
  // no track depends on what is in it, so that rows align though each is a grid of its own
  const tracks = columns.map(({ width, grows }) =>
    grows === true ? `minmax(${width}em, 1fr)` : `${width}em`,
  );
  const least = columns.reduce((sum, { width }) => sum + width + 1, 1);
  grid.style.setProperty('--grid-columns', tracks.join(' '));
  grid.style.setProperty('--grid-width', `${least}em`);

  const makeLine = (): Line => {
    const { cells, show } = line();
    const element = el(
      'div',
      { class: 'row', role: 'row' },
      ...cells.map((cell, j) =>
        el('span', { role: 'gridcell', class: columns[j].numeric === true && 'number' }, cell),
      ),
    );
    return { element, show };
  };
  const put = ({ element, show }: Line, i: number) => {
    element.id = `${id}-${i}`;
    element.className = i === active ? 'row active' : 'row';
    element.setAttribute('aria-rowindex', String(i + 2));
    element.setAttribute('aria-selected', String(i === active));
    element.style.top = `${i * ROW}px`;
    show(i);
  };
  /** Those of the rows that are in the page, in order. */
  let lines: Line[] = [];
  const draw = (again: boolean) => {
    const first = Math.max(0, Math.floor(grid.scrollTop / ROW) - SPARE);
    const last = Math.min(count, Math.ceil((grid.scrollTop + grid.clientHeight) / ROW) + SPARE);
    if (!again && first === from && last === to) return;
    // rows that are seen before and after stay as they are
    const overlap = !again && last > from && first < to;
    const keepFrom = overlap ? Math.max(from, first) : first;
    const keepTo = overlap ? Math.min(to, last) : first;
    const kept = lines.slice(keepFrom - from, keepTo - from);
    const free = lines.filter((each) => !kept.includes(each));
    const take = (start: number, end: number) =>
      Array.from({ length: Math.max(0, end - start) }, (_, n) => {
        const next = free.pop() ?? makeLine();
        put(next, start + n);
        return next;
      });
    const [above, below] = [take(first, keepFrom), take(keepTo, last)];
    for (const { element } of free) element.remove();
    // in the order in which they are read
    body.prepend(...above.map(({ element }) => element));
    body.append(...below.map(({ element }) => element));
    lines = [...above, ...kept, ...below];
    [from, to] = [first, last];
  };
  const go = (i: number) => {
    if (count === 0) return;
    active = Math.max(0, Math.min(count - 1, i));
    const room = grid.clientHeight - 2 * ROW; // under the heading
    if (active * ROW < grid.scrollTop) grid.scrollTop = active * ROW;
    else if (active * ROW > grid.scrollTop + room) grid.scrollTop = active * ROW - room;
    draw(true);
    grid.setAttribute('aria-activedescendant', `${id}-${active}`);
  };
  const open = (i: number) => {
    if (i < 0 || i >= count) return;
    go(i);
    onOpen(i, grid);
  };
  grid.addEventListener('scroll', () => {
    draw(false);
  });
  grid.addEventListener('click', (event) => {
    const hit = event.target instanceof Element ? event.target.closest('.rows > .row') : null;
    if (hit) open(Number(hit.getAttribute('aria-rowindex')) - 2);
  });
  grid.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      open(active);
      return;
    }
    const page = Math.max(1, Math.floor(grid.clientHeight / ROW) - 2);
    const next = {
      ...{ ArrowUp: active - 1, ArrowDown: active + 1, PageUp: active - page, PageDown: active + page },
      ...{ Home: 0, End: count - 1 },
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    go(next);
  });
  new ResizeObserver(() => {
    draw(false);
  }).observe(grid);
  return {
    element: grid,
    fill(rows) {
      [count, active] = [rows, -1];
      grid.setAttribute('aria-rowcount', String(rows + 1));
      grid.removeAttribute('aria-activedescendant');
      // a group of rows without a row is no group
      body.setAttribute('role', rows > 0 ? 'rowgroup' : 'presentation');
      body.style.height = `${rows * ROW}px`;
      grid.scrollTop = 0;
      draw(true);
    },
    redraw: () => {
      draw(true);
    },
  };
}
