import type { Finding } from '../../protocol/finding';
import { choiceSet } from '../choice-set';
import { count, placeOf, short } from '../words';
import { tiesAll } from './constant-choice';
import { firstRecord, recordsOf, type DataView } from './data-view';
import { listPlaces, type Kind } from './places';
import { rate } from './position-bias';
import { holm, hypergeometricTail, TEST_SOURCES } from './significance';

const KIND: Kind = {
  code: 'data/tie-heavy',
  severity: 'information',
  source: TEST_SOURCES.hypergeometric,
  fix: 'Look at these records. A tie tells nothing about what is tied; many of them mean close responses, or an annotator who does not decide.',
};

/** Beyond the upper quartile by this many interquartile ranges a share is outlying (Tukey's fence). */
const FENCE = 1.5;

/** Annotators who tie far more often than the others: more than chance allows, and outside the spread of the rest. */
export function tieHeavy(view: DataView): Finding[] {
  const { table, start } = view;
  const ties = tiesOf(view);
  const total = view.order.length;
  const marked = ties.reduce((sum, each) => sum + each, 0);
  if (marked === 0) return [];
  const people = Array.from(ties, (_, a) => a).filter((a) => start[a + 1] > start[a]);
  const records = (a: number) => start[a + 1] - start[a];
  const share = (a: number) => ties[a] / records(a);
  const fence = upperFence(people.map(share));
  const pValues = people.map((a) => hypergeometricTail(ties[a], records(a), marked, total));
  const found = holm(pValues)
    .map((i) => people[i])
    .filter((a) => share(a) > fence && ties[a] > 0)
    // constant-choice says so
    .filter((a) => !recordsOf(view, a).every((r) => tiesAll(view, r)));
  return listPlaces(KIND, found, (a) => ({
    message:
      `Annotator “${short(table.annotators.text(a))}” tied responses in ${ties[a]} of ${count(records(a), 'record')} ` +
      `(${Math.round(100 * share(a))} %); the others did so in ${Math.round((100 * (marked - ties[a])) / Math.max(1, total - records(a)))} %. ` +
      rate(people.length),
    positions: [placeOf(table, firstRecord(view, a))],
  }));
}

/** Records of each named annotator that tie at least two ranked responses. */
function tiesOf({ table, order }: DataView): Uint32Array {
  const ties = new Uint32Array(table.annotators.size);
  for (const r of order) {
    const { from, ranked } = choiceSet(table, r);
    let i = from + 1;
    while (i < from + ranked && table.level[i] !== table.level[i - 1]) i++;
    if (i < from + ranked) ties[table.annotator[r]]++;
  }
  return ties;
}

function upperFence(shares: readonly number[]): number {
  const sorted = Float64Array.from(shares).sort();
  const quartile = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  return quartile(0.75) + FENCE * (quartile(0.75) - quartile(0.25));
}
