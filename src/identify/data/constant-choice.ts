import type { Finding } from '../../protocol/finding';
import { choiceSet } from '../choice-set';
import { count, placeOf, short } from '../words';
import { firstRecord, type DataView } from './data-view';
import { listPlaces, type Kind } from './places';
import { describe, isConstant, rate } from './position-bias';
import { holm, hypergeometricTail, TEST_SOURCES } from './significance';

const KIND: Kind = {
  code: 'data/constant-choice',
  severity: 'warning',
  fix: 'Look at these records; an annotator who did not read them is better left out.',
};

/** Annotators who give the same answer whatever is shown: the same displayed position, or a tie of everything. */
export function constantChoice(view: DataView): Finding[] {
  return [...samePosition(view), ...alwaysTied(view)];
}

function samePosition(view: DataView): Finding[] {
  const { table, shown } = view;
  if (!shown || shown.order === 'fixed' || shown.listedByRank) return [];
  const people = shown.standOut.filter((a) => isConstant(shown.byAnnotator[a]));
  return listPlaces({ ...KIND, source: TEST_SOURCES.binomial }, people, (a) => ({
    message:
      `Annotator “${short(table.annotators.text(a))}” always chose the same place: ${describe(shown.byAnnotator[a]!)} ` +
      rate(table.annotators.size),
    positions: [placeOf(table, firstRecord(view, a))],
  }));
}

/** Compared with how often the others tie everything, by Fisher's exact test. */
function alwaysTied(view: DataView): Finding[] {
  const { table } = view;
  const people = table.annotators.size;
  const total = view.order.length;
  const records = (a: number) => view.start[a + 1] - view.start[a];
  const tied = new Uint32Array(people);
  for (const r of view.order) if (tiesAll(view, r)) tied[table.annotator[r]]++;
  const marked = tied.reduce((sum, each) => sum + each, 0);
  const always = Array.from({ length: people }, (_, a) => tied[a] > 0 && tied[a] === records(a));
  const pValues = always.map((is, a) => (is ? hypergeometricTail(tied[a], records(a), marked, total) : 1));
  const found = holm(pValues).filter((a) => always[a]);
  return listPlaces({ ...KIND, source: TEST_SOURCES.hypergeometric }, found, (a) => ({
    message:
      `Annotator “${short(table.annotators.text(a))}” tied everything in all of ${count(tied[a], 'record')}; the others did so in ` +
      `${marked - tied[a]} of ${total - tied[a]}. Such records say nothing. ${rate(people)}`,
    positions: [placeOf(table, firstRecord(view, a))],
  }));
}

/** Whether record r ties its whole choice set. */
export function tiesAll({ table }: DataView, r: number): boolean {
  const { from, to } = choiceSet(table, r);
  return to - from >= 2 && table.level[to - 1] === table.level[from];
}
