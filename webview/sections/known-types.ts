import type { KnownTypeAgreement } from '../../src/protocol/result';
import { el } from '../dom';
import { fixed, integer, percent } from '../format';
import { table } from '../table';
import type { View } from '../view';
import { facts, section } from './parts';

/** How far the found types agree with those that the dataset names. */
export function knownSection(
  view: View,
  { names: known, accuracy, adjustedRand, confusion }: KnownTypeAgreement,
  names: readonly string[],
): HTMLElement {
  const largest = Math.max(1, ...confusion.flat());
  return section(
    'Against the types that the dataset names',
    facts([
      { word: 'accuracy', value: percent(accuracy) },
      { word: 'adjustedRand', value: fixed(adjustedRand, 3) },
    ]),
    table(view, {
      caption: 'Annotators by known type (rows) and found type (columns)',
      columns: [
        { title: 'Known type', heading: true },
        ...names.map((title, type) => ({ title, numeric: true, type })),
      ],
      rows: confusion.map((counts, i) => [
        { value: known[i], show: el('bdi', { dir: 'auto' }, known[i]) },
        ...counts.map((n) => ({
          value: n,
          show: integer(n),
          tint: n > 0 ? accentTint(n / largest) : undefined,
        })),
      ]),
    }),
  );
}

const accentTint = (amount: number) =>
  `color-mix(in srgb, var(--accent) ${Math.round(amount * 30)}%, transparent)`;
