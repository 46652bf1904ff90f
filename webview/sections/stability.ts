import type { RunResult } from '../../src/protocol/result';
import type { BootstrapSummary, Calibration, Interval, Switching } from '../../src/protocol/stability';
import { el } from '../dom';
import { counted, fixed, integer, interval, percent } from '../format';
import type { Cell } from '../table';
import { swatch, table } from '../table';
import { term } from '../term';
import type { View } from '../view';
import { facts, section } from './parts';

/** How much shares, coefficients and assignments would move with other annotators, and whether certainties come true. */
export function stabilitySection(view: View, result: RunResult): HTMLElement | null {
  const { stability } = result;
  if (!stability) return null;
  const { bootstrap, calibration } = stability;
  return el(
    'div',
    {},
    bootstrap ? bootstrapSection(view, result, bootstrap) : null,
    calibration ? calibrationSection(view, calibration) : null,
  );
}

/** CSV gets it as text: one cell holds both ends. */
export function intervalCell(ends: Interval, show: (value: number) => string): Cell {
  return { value: ends.join(' to '), show: interval(ends, show) };
}

/** “90 % interval”. */
export function intervalTitle({ level }: BootstrapSummary): string {
  return `${percent(level, 0)} interval`;
}

function bootstrapSection(view: View, { types, fit }: RunResult, bootstrap: BootstrapSummary): HTMLElement {
  const { replicates, switching, shares, lost, matching } = bootstrap;
  const names = types.map((t) => t.name);
  return section(
    'With other annotators',
    el(
      'p',
      { class: 'note' },
      `The fit was repeated ${integer(replicates)} times on annotators drawn with replacement (`,
      term('bootstrap', 'bootstrap'),
      '). Regrets stand with their intervals on the Regret tab.',
      matching === 'nearest-first'
        ? ' With so many types, each was matched with the nearest one instead of by the best assignment of all.'
        : '',
    ),
    facts([
      {
        word: 'switching',
        value: percent(switching.count / Math.max(fit.annotators, 1), 0),
        note: `${integer(switching.count)} of ${counted(fit.annotators, 'annotator')}, in at least ${percent(switching.often, 0)} of the replicates`,
      },
    ]),
    table(view, {
      caption: 'Shares with their intervals',
      captionHidden: true,
      columns: [
        { title: 'Type', heading: true, word: 'typeName' },
        { title: 'Share', numeric: true, word: 'share' },
        { title: intervalTitle(bootstrap), numeric: true, word: 'bootstrap' },
        { title: 'Lost', numeric: true, word: 'lost' },
      ],
      rows: types.map((t, k) => [
        typeCell(names, k),
        { value: t.share, show: percent(t.share) },
        intervalCell(shares[k], percent),
        { value: lost[k], show: percent(lost[k], 0) },
      ]),
    }),
    switchingTable(view, switching, names),
  );
}

function typeCell(names: readonly string[], type: number): Cell {
  return { value: names[type], show: el('span', {}, swatch(type), el('bdi', { dir: 'auto' }, names[type])) };
}

function switchingTable(
  view: View,
  { annotators, count }: Switching,
  names: readonly string[],
): HTMLElement | null {
  if (annotators.length === 0) return null;
  const title = count > annotators.length ? `The ${annotators.length} who switch most often` : 'Who switches';
  return folded(title, () =>
    table(view, {
      caption: 'Annotators who are of another type in some replicates',
      captionHidden: true,
      columns: [
        { title: 'Annotator', heading: true, word: 'annotator' },
        { title: 'Type', word: 'typeName' },
        { title: 'Most often also', word: 'alsoType' },
        { title: 'Of another type', numeric: true, word: 'switching' },
      ],
      rows: annotators.map(({ annotator, type, to, share }) => [
        { value: annotator, show: el('bdi', { dir: 'auto' }, annotator) },
        typeCell(names, type),
        typeCell(names, to),
        { value: share, show: percent(share, 0) },
      ]),
    }),
  );
}

/** Made when first opened. */
function folded(title: string, make: () => HTMLElement): HTMLElement {
  const details = el('details', { class: 'numbers' }, el('summary', {}, title));
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length === 1) details.append(make());
  });
  return details;
}

function calibrationSection(view: View, calibration: Calibration): HTMLElement {
  const { predictions, annotators, unsplit, tied, stated, observed } = calibration;
  const left = [
    unsplit > 0 ? `${counted(unsplit, 'annotator')} could not be split.` : '',
    tied > 0 ? `${counted(tied, 'ranking')} without a single best response were not predicted.` : '',
  ].filter((sentence) => sentence !== '');
  return section(
    'Do stated certainties come true?',
    el(
      'p',
      { class: 'note' },
      `Half of an annotator’s rankings placed the annotator among types fitted to others; of the other half, which response comes first was predicted: ${integer(predictions)} predictions for ${counted(annotators, 'annotator')}. ${left.join(' ')}`,
    ),
    facts([
      {
        word: 'calibrationError',
        value: `${fixed(100 * calibration.expectedError, 1)} points`,
        note: `${fixed(100 * calibration.errorByChance, 1)} by chance alone`,
      },
      {
        word: 'calibration',
        label: 'Came true',
        value: percent(observed),
        note: `where ${percent(stated)} were stated`,
      },
    ]),
    table(view, {
      caption: 'Stated probabilities and how often they came true',
      captionHidden: true,
      columns: [
        { title: 'Stated', heading: true, word: 'calibration' },
        { title: 'Predictions', numeric: true, word: 'predictions' },
        { title: 'Stated, mean', numeric: true, word: 'statedMean' },
        { title: 'Came true', numeric: true, word: 'calibration' },
        { title: '± s.e.', numeric: true, word: 'chanceError' },
      ],
      rows: calibration.bins.map((bin) => {
        const error = Math.sqrt((bin.stated * (1 - bin.stated)) / bin.predictions);
        return [
          `${fixed(100 * bin.from, 0)} to ${percent(bin.to, 0)}`,
          { value: bin.predictions, show: integer(bin.predictions) },
          { value: bin.stated, show: percent(bin.stated) },
          { value: bin.observed, show: percent(bin.observed) },
          { value: error, show: percent(error) },
        ];
      }),
    }),
  );
}
