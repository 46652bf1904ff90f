import { dominant, listed, SORTS } from '../annotators/crowd';
import type { Crowd, Sort } from '../annotators/crowd';
import type { Pointer } from '../annotators/pointer';
import { dropdown } from '../controls';
import { el } from '../dom';
import { textField } from '../fields';
import { counted, csv, integer, nats, percent } from '../format';
import { swatch } from '../table';
import { typeColour } from '../theme';
import type { View } from '../view';
import { copy } from '../view';
import { virtualGrid } from '../virtual-grid';

/** Every annotator on a row of their own: found by name, sorted, opened by a click or Enter. */
export function annotatorList(view: View, crowd: Crowd, pointer: Pointer): HTMLElement {
  const { annotators, gamma, entropy, types, names, order } = crowd;
  const kept = view.choice('annotators by');
  let sort: Sort = kept !== undefined && kept in SORTS ? (kept as Sort) : 'type';
  let rows: readonly number[] = [];
  const grid = virtualGrid({
    label: 'Annotators and their posteriors',
    columns: [
      { title: 'Annotator', width: 11, grows: true },
      { title: 'Type', width: 9 },
      ...names.map((title, type) => ({ title, width: 7, numeric: true, type })),
      { title: 'Entropy', width: 5, numeric: true },
    ],
    cells: (i) => {
      const h = rows[i];
      const best = dominant(gamma, types, h);
      return [
        el('bdi', { dir: 'auto', class: 'link' }, annotators[h]),
        el('span', {}, swatch(best), el('bdi', { dir: 'auto' }, names[best])),
        ...names.map((_, k) => tinted(gamma[h * types + k], k)),
        nats(entropy[h]),
      ];
    },
    onOpen: (i, from) => {
      pointer.choose(rows[i], from);
    },
  });
  const found = el('p', { class: 'note', role: 'status' });
  const show = () => {
    rows = listed(crowd, sort, field.read());
    grid.fill(rows.length);
    found.textContent =
      rows.length === order.length
        ? counted(order.length, 'annotator')
        : `${integer(rows.length)} of ${counted(order.length, 'annotator')}`;
  };
  const field = textField('Find by name', 'search', show);
  const sorting = dropdown(
    'Sorted',
    Object.entries(SORTS).map(([value, text]) => ({ value, text })),
    sort,
    (value) => {
      sort = value as Sort;
      view.choose('annotators by', value);
      show();
    },
  );
  const copying = el('button', { type: 'button', class: 'plain tool' }, 'Copy as CSV');
  copying.addEventListener('click', () => {
    const heading = ['annotator', ...names, 'entropy'];
    const row = (h: number) => [annotators[h], ...gamma.slice(h * types, (h + 1) * types), entropy[h]];
    void copy(view, csv([heading, ...rows.map(row)]));
  });
  show();
  return el(
    'div',
    { class: 'people' },
    el('h3', {}, 'Annotators one by one'),
    el('div', { class: 'find' }, field.element, sorting, found),
    grid.element,
    el('div', { class: 'tools' }, copying),
  );
}

function tinted(amount: number, type: number): HTMLElement {
  const cell = el('span', { class: 'tinted' }, percent(amount));
  cell.style.background = `color-mix(in srgb, ${typeColour(type)} ${Math.round(amount * 30)}%, transparent)`;
  return cell;
}
