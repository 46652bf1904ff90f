import type { SwitchingAnnotator } from '../../src/protocol/stability';
import { dominant } from '../annotators/crowd';
import { recallChosen, rememberChosen } from '../annotators/chosen';
import type { Crowd } from '../annotators/crowd';
import type { Pointer } from '../annotators/pointer';
import { el } from '../dom';
import { counted, nats, percent } from '../format';
import { meter } from '../meter';
import { swatch } from '../table';
import { term } from '../term';
import { typeColour } from '../theme';
import type { View } from '../view';
import { sentence } from '../view';
import { annotatorRecords } from './annotator-records';

/** Whoever was chosen: their posterior, and their records where the host can read them. Empty while nobody is. */
export function annotatorCard(
  view: View,
  crowd: Crowd,
  pointer: Pointer,
  switching: readonly SwitchingAnnotator[],
): HTMLElement {
  const card = el('article', { class: 'chosen', hidden: true });
  let back: HTMLElement | SVGElement | undefined;
  const close = () => {
    pointer.choose(undefined);
    back?.focus();
  };
  card.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
  pointer.onChoose((h, from) => {
    card.hidden = h === undefined;
    rememberChosen(view, h === undefined ? undefined : crowd.annotators[h]);
    if (h === undefined) {
      card.replaceChildren();
      return;
    }
    const title = el('h3', { tabindex: -1 }, el('bdi', { dir: 'auto' }, crowd.annotators[h]));
    const done = el('button', { type: 'button', class: 'plain tool' }, 'Close');
    done.addEventListener('click', close);
    card.replaceChildren(
      el('header', {}, title, done),
      posterior(crowd, h),
      ...switches(crowd, h, switching),
      records(view, crowd, h),
    );
    if (from === undefined) return;
    back = from;
    title.focus({ preventScroll: true });
    card.scrollIntoView({ block: 'nearest' });
  });
  const { annotator, bring } = recallChosen(view);
  const known = annotator === undefined ? -1 : crowd.annotators.indexOf(annotator);
  if (known >= 0) {
    // when the charts listen, and the page has its place
    requestAnimationFrame(() => {
      pointer.choose(known);
      if (bring) card.scrollIntoView({ block: 'start' });
    });
  } else if (bring) {
    view.say(`“${annotator}” is not among the annotators that this panel shows.`);
  }
  return card;
}

function posterior({ gamma, entropy, names, types }: Crowd, h: number): HTMLElement {
  const best = dominant(gamma, types, h);
  return el(
    'div',
    {},
    el(
      'ul',
      { class: 'posterior', 'aria-label': 'Posterior' },
      ...names.map((name, k) =>
        el(
          'li',
          { class: k === best && 'strong' },
          swatch(k),
          el('bdi', { dir: 'auto' }, name),
          meter(gamma[h * types + k], typeColour(k)),
          el('span', { class: 'number' }, percent(gamma[h * types + k])),
        ),
      ),
    ),
    el('p', { class: 'note' }, term('entropy', 'Entropy'), ` ${nats(entropy[h])} nats.`),
  );
}

function switches(
  { annotators, names }: Crowd,
  h: number,
  list: readonly SwitchingAnnotator[],
): HTMLElement[] {
  const found = list.find(({ annotator }) => annotator === annotators[h]);
  if (!found) return [];
  return [
    el(
      'p',
      { class: 'note' },
      `With other annotators in the data, they are of another type in ${percent(found.share, 0)} of the replicates, most often `,
      el('bdi', { dir: 'auto' }, names[found.to]),
      '.',
    ),
  ];
}

function records(view: View, { annotators, names }: Crowd, h: number): HTMLElement {
  if (!view.host.can('annotator')) {
    return el(
      'p',
      { class: 'note' },
      'Their records are in the dataset, which a report does not hold. Open this run in VS Code to read them beside what each type would have said.',
    );
  }
  const place = el('div', { 'aria-live': 'polite' }, el('p', { class: 'note' }, 'Reading their records…'));
  view.host.request('annotator', { annotator: annotators[h] }).then(
    (found) => {
      const what = counted(found.total, 'record');
      place.replaceChildren(el('h4', {}, `${what}, and what each type would have said`));
      place.append(annotatorRecords(view, found, names));
    },
    (error: unknown) => {
      place.replaceChildren(el('p', { role: 'alert' }, `Their records cannot be shown. ${sentence(error)}`));
    },
  );
  return place;
}
