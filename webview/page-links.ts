import { el } from './dom';
import type { View } from './view';
import { sentence } from './view';
import { pageOf } from './word-pages';
import type { WordId } from './words';

let open: ((page: string) => void) | undefined;

/** Lets links open pages where the host can; in a report they are names of files. */
export function linkPages(view: View): void {
  open = view.host.can('openPage')
    ? (page) => {
        view.host.request('openPage', { page }).catch((error: unknown) => {
          view.say(`docs/${page}.md could not be opened: ${sentence(error)}`);
        });
      }
    : undefined;
}

/** Where more about a word stands. */
export function pageLink(word: WordId): HTMLElement {
  const page = pageOf(word);
  const name = `docs/${page}.md`;
  if (!open) return el('span', { class: 'muted page' }, `More: ${name}`);
  return el(
    'button',
    { type: 'button', class: 'plain link page', onclick: () => open?.(page) },
    `More: ${name}`,
  );
}
