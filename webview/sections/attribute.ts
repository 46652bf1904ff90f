import type { AttributeAgreement } from '../../src/protocol/result';
import { el } from '../dom';
import { counted, fixed } from '../format';
import type { View } from '../view';
import { confusionTable } from './confusion';
import { facts, section } from './parts';

/** How far the found types agree with an attribute of annotators that the experiment names a file of. */
export function attributeSection(
  view: View,
  { name, values, adjustedRand, confusion, untold }: AttributeAgreement,
  types: readonly string[],
): HTMLElement {
  return section(
    `Against ${name}`,
    el(
      'p',
      { class: 'note' },
      'Where types and ',
      el('bdi', { dir: 'auto' }, name),
      ' have nothing to do with each other, every row has the same parts as the last.',
    ),
    facts([{ word: 'adjustedRand', value: fixed(adjustedRand, 3) }]),
    confusionTable(view, {
      caption: `Annotators by ${name} (rows) and found type (columns), with their part of the row`,
      title: name,
      rows: values,
      types,
      counts: confusion,
    }),
    untold > 0
      ? el(
          'p',
          { class: 'note' },
          `${counted(untold, 'annotator')} without it in the file ${untold === 1 ? 'is' : 'are'} left out.`,
        )
      : null,
  );
}
