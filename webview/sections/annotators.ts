import type { PosteriorTable } from '../../src/protocol/panel';
import { entropyHistogram } from '../charts/entropy';
import { dominant, orderAnnotators, posteriorMap } from '../charts/posterior-map';
import { el } from '../dom';
import { figure } from '../figure';
import { counted, integer, nats, percent } from '../format';
import { table } from '../table';
import { term } from '../term';
import { typeColour } from '../theme';
import type { View } from '../view';
import { section } from './parts';

const FIRST_ANNOTATORS = 100;

/** Who belongs to which type, and how surely. */
export function annotatorsSection(
  view: View,
  posterior: PosteriorTable,
  names: readonly string[],
): HTMLElement {
  const { annotators, gamma, entropy, types, total } = posterior;
  const histogram = figure(view, {
    title: 'How surely annotators are placed',
    word: 'entropy',
    note: 'Annotators by the entropy of their posterior. All at the left: every one is placed surely.',
    height: 170,
    draw: (width) => entropyHistogram(entropy, types, width),
  });
  const order = orderAnnotators(posterior);
  const list = el('details', { class: 'numbers' }, el('summary', {}, 'Annotators one by one'));
  const row = (h: number) => [
    { value: annotators[h], show: el('bdi', { dir: 'auto' }, annotators[h]) },
    names[dominant(gamma, types, h)],
    ...names.map((_, k) => ({
      value: gamma[h * types + k],
      show: percent(gamma[h * types + k]),
      tint: tint(gamma[h * types + k], k),
    })),
    { value: entropy[h], show: nats(entropy[h]) },
  ];
  let count = Math.min(FIRST_ANNOTATORS, order.length);
  const show = () => {
    const shown = table(view, {
      caption: `Posterior of ${integer(count)} of ${counted(order.length, 'annotator')}`,
      columns: [
        { title: 'Annotator', heading: true },
        { title: 'Type' },
        ...names.map((title, type) => ({ title, numeric: true, type })),
        { title: 'Entropy', numeric: true, word: 'entropy' as const },
      ],
      rows: order.slice(0, count).map(row),
    });
    list.replaceChildren(list.children[0], shown);
    if (count < order.length) {
      const next = Math.min(order.length, count * 4);
      const more = el('button', { type: 'button', class: 'plain' }, `Show ${integer(next)}`);
      more.addEventListener('click', () => {
        count = next;
        show();
      });
      list.append(more);
    }
  };
  list.addEventListener('toggle', () => {
    if (list.open && list.children.length === 1) show();
  });
  return section(
    'Who is in them',
    total > annotators.length
      ? el(
          'p',
          { class: 'note' },
          `The first ${integer(annotators.length)} of ${integer(total)} annotators; posterior.csv in the run directory holds all.`,
        )
      : null,
    el('h3', {}, term('posterior', 'Posterior of each annotator')),
    el('p', { class: 'note' }, 'A column an annotator, ordered by type; the stronger the colour, the surer.'),
    posteriorMap(posterior, names),
    list,
    histogram.element,
  );
}

const tint = (amount: number, type: number) =>
  `color-mix(in srgb, ${typeColour(type)} ${Math.round(amount * 30)}%, transparent)`;
