import type { KnownTypeAgreement } from '../../src/protocol/result';
import { fixed, percent } from '../format';
import type { View } from '../view';
import { confusionTable } from './confusion';
import { facts, section } from './parts';

/** How far the found types agree with those that the dataset names. */
export function knownSection(
  view: View,
  { names, accuracy, adjustedRand, confusion }: KnownTypeAgreement,
  types: readonly string[],
): HTMLElement {
  return section(
    'Against the types that the dataset names',
    facts([
      { word: 'accuracy', value: percent(accuracy) },
      { word: 'adjustedRand', value: fixed(adjustedRand, 3) },
    ]),
    confusionTable(view, {
      caption: 'Annotators by known type (rows) and found type (columns), with their part of the row',
      title: 'Known type',
      rows: names,
      types,
      counts: confusion,
    }),
  );
}
