import { el } from './dom';
import { pageLink } from './page-links';
import type { WordId } from './words';
import { words } from './words';

/** All definitions in one place, for reading on and for print, where nothing can be hovered. */
export function glossary(): HTMLElement {
  const ids = Object.keys(words) as WordId[];
  const entries = ids.map((id) => ({ id, ...words[id] })).sort((a, b) => a.term.localeCompare(b.term));
  return el(
    'details',
    { class: 'glossary' },
    el('summary', {}, 'What the numbers mean'),
    el(
      'dl',
      {},
      ...entries.map(({ id, term, meaning, formula }) =>
        el(
          'div',
          {},
          el('dt', {}, term),
          el('dd', {}, meaning, formula !== undefined ? el('code', {}, formula) : null, pageLink(id)),
        ),
      ),
    ),
  );
}
