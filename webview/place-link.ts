import type { Position } from '../src/protocol/finding';
import { el } from './dom';
import type { View } from './view';
import { sentence } from './view';

/** A place in the dataset: opens it where the host can, and is plain text elsewhere. */
export function placeLink(view: View, { line, column }: Position): HTMLElement {
  return placeText(view, { line, column }, `line ${line}:${column}`);
}

/** A record, by the line it begins on. */
export function lineLink(view: View, line: number): HTMLElement {
  return placeText(view, { line, column: 1 }, `line ${line}`);
}

function placeText(view: View, place: Position, text: string): HTMLElement {
  if (!view.host.can('openDataset')) return el('span', {}, text);
  const link = el('button', { type: 'button', class: 'plain link' }, text);
  link.addEventListener('click', () => {
    openPlace(view, place);
  });
  return link;
}

/** Shows a place of the dataset beside the panel; a failure is said, not thrown. */
export function openPlace(view: View, { line, column }: Position): void {
  view.host.request('openDataset', { line, column }).catch((error: unknown) => {
    view.say(`The dataset could not be opened: ${sentence(error)}`);
  });
}
