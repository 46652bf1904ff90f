import type { Child } from '../dom';
import { el, uniqueId } from '../dom';
import { term } from '../term';
import type { WordId } from '../words';

/** A part of a tab under its own heading. */
export function section(title: string, ...children: readonly Child[]): HTMLElement {
  const id = uniqueId('section');
  return el('section', { 'aria-labelledby': id }, el('h2', { id }, title), ...children);
}

export interface Fact {
  readonly word: WordId;
  /** What it is called here, where the word's own term is too general. */
  readonly label?: string;
  readonly value: Child;
  readonly note?: Child;
}

/** Key figures in a row: the number, what it is, and a note under it. */
export function facts(entries: readonly (Fact | undefined)[]): HTMLElement {
  return el(
    'dl',
    { class: 'facts' },
    ...entries
      .filter((entry) => entry !== undefined)
      .map(({ word, label, value, note }) =>
        el(
          'div',
          {},
          el('dt', {}, term(word, label)),
          el('dd', {}, value),
          note ? el('dd', { class: 'note' }, note) : null,
        ),
      ),
  );
}
