import { el } from '../dom';
import { sixAnswers } from '../six-answers';
import type { View } from '../view';

const CHOICE = 'inShort';

/** The six questions that a person comes with and their answers, above the tabs; folded away it stays so. */
export function inShort(view: View): HTMLElement | null {
  const answers = sixAnswers(view.snapshot);
  if (answers.length === 0) return null;
  const details = el(
    'details',
    { class: 'in-short', open: view.choice(CHOICE) !== 'folded' },
    el('summary', {}, 'In short'),
    el(
      'dl',
      {},
      ...answers.map(({ question, answer, tab }) =>
        el(
          'div',
          {},
          el('dt', {}, question),
          el(
            'dd',
            {},
            el('bdi', { dir: 'auto' }, answer.filter((sentence) => sentence !== '').join(' ')),
            ' ',
            el(
              'button',
              {
                type: 'button',
                class: 'plain more',
                'aria-label': `${question} More`,
                onclick: () => {
                  openTab(tab);
                },
              },
              'more',
            ),
          ),
        ),
      ),
    ),
  );
  details.addEventListener('toggle', () => {
    view.choose(CHOICE, details.open ? 'open' : 'folded');
  });
  return details;
}

function openTab(id: string): void {
  const tab = document.getElementById(`tab-${id}`);
  tab?.click();
  tab?.scrollIntoView({ block: 'nearest' });
}
