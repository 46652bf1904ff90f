import type { AttributeAgreement } from '../../src/protocol/result';
import { el } from '../dom';
import { counted, fixed, integer } from '../format';
import { table } from '../table';
import type { View } from '../view';
import { facts, section } from './parts';

/** How far the found types agree with an attribute of annotators that the experiment names a file of. */
export function attributeSection(
  view: View,
  { name, values, adjustedRand, confusion, untold }: AttributeAgreement,
  types: readonly string[],
): HTMLElement {
  return section(
    `Against ${name}`,
    facts([{ word: 'adjustedRand', value: fixed(adjustedRand, 3) }]),
    table(view, {
      caption: `Annotators by ${name} (rows) and found type (columns)`,
      columns: [
        { title: name, heading: true },
        ...types.map((title, type) => ({ title, numeric: true, type })),
      ],
      rows: confusion.map((counts, i) => [
        { value: values[i], show: el('bdi', { dir: 'auto' }, values[i]) },
        ...counts.map((n) => ({ value: n, show: integer(n) })),
      ]),
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
