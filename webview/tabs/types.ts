import type { RunResult } from '../../src/protocol/result';
import { sharesChart, sharesHeight } from '../charts/shares';
import { el } from '../dom';
import { figure } from '../figure';
import { counted, fixed, integer, nats, percent } from '../format';
import { annotatorsSection } from '../sections/annotators';
import { attributeSection } from '../sections/attribute';
import { coefficientsSection } from '../sections/coefficients';
import { dividesSection } from '../sections/divides';
import { withoutResult } from '../sections/empty';
import { knownSection } from '../sections/known-types';
import { facts, section } from '../sections/parts';
import { intervalCell, intervalTitle, stabilitySection } from '../sections/stability';
import { typeNamesForm } from '../sections/type-names';
import { wantsSection } from '../sections/wants';
import type { View } from '../view';

/** Who the types are, what each wants, and what divides them. */
export function typesTab(view: View): HTMLElement {
  const { result, posterior } = view.snapshot;
  if (!result) return withoutResult(view.snapshot);
  return el(
    'div',
    {},
    sharesSection(view, result),
    stabilitySection(view, result),
    wantsSection(result),
    result.divides.length > 0 ? dividesSection(view, result) : null,
    result.types.some((t) => t.coefficients && t.coefficients.length > 0)
      ? coefficientsSection(view, result.types, result.stability?.bootstrap)
      : null,
    posterior && posterior.annotators.length > 0
      ? annotatorsSection(
          view,
          posterior,
          result.types,
          result.stability?.bootstrap?.switching.annotators ?? [],
        )
      : null,
    result.known
      ? knownSection(
          view,
          result.known,
          result.types.map((t) => t.name),
        )
      : null,
    result.attribute
      ? attributeSection(
          view,
          result.attribute,
          result.types.map((t) => t.name),
        )
      : null,
  );
}

function sharesSection(view: View, result: RunResult): HTMLElement {
  const { types, posterior, fit, stability } = result;
  const bootstrap = stability?.bootstrap;
  const chart = figure(view, {
    title: 'Share of each type',
    word: 'share',
    height: sharesHeight(types.length),
    note: bootstrap
      ? `The thin lines and the numbers in brackets are ${intervalTitle(bootstrap)}s, by bootstrap over annotators.`
      : undefined,
    draw: (width) => sharesChart(types, width, bootstrap?.shares),
    numbers: () => ({
      caption: 'Share of each type',
      columns: [
        { title: 'Type', heading: true, word: 'typeName' },
        { title: 'Share', numeric: true, word: 'share' },
        ...(bootstrap
          ? [{ title: intervalTitle(bootstrap), numeric: true, word: 'bootstrap' as const }]
          : []),
        { title: 'Annotators', numeric: true, word: 'members' },
      ],
      rows: types.map((t, k) => [
        t.name,
        { value: t.share, show: percent(t.share, 2) },
        ...(bootstrap ? [intervalCell(bootstrap.shares[k], percent)] : []),
        t.annotators,
      ]),
    }),
  });
  return section(
    'How many, and how large',
    facts([
      { word: 'effectiveTypes', value: fixed(posterior.effectiveTypes, 2), note: `of ${fit.types}` },
      {
        word: 'certain',
        value: percent(posterior.certain / fit.annotators, 0),
        note: `${integer(posterior.certain)} of ${counted(fit.annotators, 'annotator')}`,
      },
      { word: 'entropy', value: nats(posterior.meanEntropy), note: 'nats, mean over annotators' },
    ]),
    chart.element,
    typeNamesForm(view, result),
  );
}
