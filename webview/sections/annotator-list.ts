import { dominant, listed, SORTS } from '../annotators/crowd';
import type { Crowd, Sort } from '../annotators/crowd';
import type { Pointer } from '../annotators/pointer';
import { dropdown } from '../controls';
import { el } from '../dom';
import { textField } from '../fields';
import { counted, csv, integer, nats, percent } from '../format';
import { paintSwatch, swatch } from '../table';
import { typeColour } from '../theme';
import type { View } from '../view';
import { copy, fileName, save } from '../view';
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
      { title: 'Annotator', word: 'annotator', width: 11, grows: true },
      { title: 'Type', word: 'typeName', width: 9 },
      ...names.map((title, type) => ({ title, word: 'posterior' as const, width: 7, numeric: true, type })),
      { title: 'Entropy', word: 'entropy', width: 5, numeric: true },
    ],
    line: () => {
      const name = el('bdi', { dir: 'auto', class: 'link' });
      const typeOf = el('bdi', { dir: 'auto' });
      const mark = swatch(0);
      const shares = names.map((_, k) => tinted(k));
      const doubt = el('span');
      return {
        cells: [name, el('span', {}, mark, typeOf), ...shares.map(({ element }) => element), doubt],
        show: (i) => {
          const h = rows[i];
          const best = dominant(gamma, types, h);
          name.textContent = annotators[h];
          typeOf.textContent = names[best];
          paintSwatch(mark, best);
          shares.forEach(({ show: put }, k) => {
            put(gamma[h * types + k]);
          });
          doubt.textContent = nats(entropy[h]);
        },
      };
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
  const values = () => {
    const row = (h: number) => [annotators[h], ...gamma.slice(h * types, (h + 1) * types), entropy[h]];
    return csv([['annotator', ...names, 'entropy'], ...rows.map(row)]);
  };
  const tool = (label: string, onclick: () => void) =>
    el('button', { type: 'button', class: 'plain tool', onclick }, label);
  show();
  return el(
    'div',
    { class: 'people' },
    el('h3', {}, 'Annotators one by one'),
    el('div', { class: 'find' }, field.element, sorting, found),
    grid.element,
    el(
      'div',
      { class: 'tools' },
      tool('Copy as CSV', () => void copy(view, values())),
      tool('Save as CSV', () => void save(view, fileName(view, 'annotators', 'csv'), values())),
    ),
  );
}

/** A share, the stronger in the colour of its type the larger it is. */
function tinted(type: number): { readonly element: HTMLElement; readonly show: (amount: number) => void } {
  const element = el('span', { class: 'tinted' });
  return {
    element,
    show: (amount) => {
      element.textContent = percent(amount);
      const part = Math.round(amount * 30);
      element.style.backgroundColor = `color-mix(in srgb, ${typeColour(type)} ${part}%, transparent)`;
    },
  };
}
