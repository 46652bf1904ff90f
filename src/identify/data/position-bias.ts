import type { Finding } from '../../protocol/finding';
import { count, placeOf, short } from '../words';
import { firstRecord, type DataView } from './data-view';
import { finding, listPlaces, type Kind } from './places';
import { chance, FALSE_ALARM, TEST_SOURCES } from './significance';
import type { PositionCount } from './shown-choices';

const KIND: Kind = {
  code: 'data/position-bias',
  severity: 'warning',
  source: TEST_SOURCES.binomial,
  fix: 'This holds if responses are listed in the order shown and that order was drawn by lot. Draw it by lot for each record, and look at what these annotators did.',
};

/** A displayed position that is chosen more often than chance allows, in all records or by one annotator. */
export function positionBias(view: DataView): Finding[] {
  const { table, shown } = view;
  if (!shown?.overall) return [];
  if (shown.listedByRank) return shown.overallStandsOut ? [listedByRank(shown.overall)] : [];
  if (shown.order === 'fixed') return [];
  const people = shown.standOut.filter((a) => !isConstant(shown.byAnnotator[a]));
  const byAnnotator = listPlaces(KIND, people, (a) => ({
    message: `Annotator “${short(table.annotators.text(a))}” chose ${describe(shown.byAnnotator[a]!)} ${rate(table.annotators.size)}`,
    positions: [placeOf(table, firstRecord(view, a))],
  }));
  if (!shown.overallStandsOut) return byAnnotator;
  const overall = finding(KIND, {
    message: `Over all annotators, the best response was ${describe(shown.overall)} ${rate(table.annotators.size)}`,
    positions: [],
  });
  return [overall, ...byAnnotator];
}

/** Whether the annotator chose this position every time: constant-choice says so. */
export function isConstant(each: PositionCount | undefined): boolean {
  return each !== undefined && each.chosen === each.of;
}

/** "the response shown first in 40 of 50 records (80 %, 50 % by chance: 1 in 20,000)." */
export function describe({ position, chosen, of, chance: expected, pValue }: PositionCount): string {
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  return (
    `the response ${shownAt(position)} in ${chosen} of ${count(of, 'record')}: ${percent(chosen / of)}, where chance gives ` +
    `${percent(expected)} and so much or more ${pValue < 1e-12 ? 'in ' : ''}${chance(pValue)}.`
  );
}

function shownAt(position: number): string {
  const words = ['shown first', 'shown second', 'shown third'];
  return position < words.length ? words[position] : `shown at place ${position + 1}`;
}

/** The false-alarm rate, in words. */
export function rate(annotators: number): string {
  return `In data without such a fault, fewer than ${100 * FALSE_ALARM} % of datasets get this finding (corrected for ${count(annotators, 'annotator')}).`;
}

function listedByRank({ position, of }: PositionCount): Finding {
  return finding(
    { ...KIND, severity: 'information' },
    {
      message:
        `In all ${of} records that name one best response, it is listed ${position === 0 ? 'first' : `at place ${position + 1}`}: the file ` +
        `seems to list responses by their rank and not in the order shown. Whether position played a part cannot be tested.`,
      positions: [],
      fix: 'If the order shown is known, write `responses` in that order and give the preference in `ranking`.',
    },
  );
}
