import type { Estimate, Metric, RunComparison, Setting } from '../../src/protocol/comparison';
import { heading, letter, others } from '../compared';
import { el } from '../dom';
import { fixed, integer, interval, percent, signed } from '../format';
import type { Cell, Column } from '../table';
import { table } from '../table';
import { dataText } from '../text';
import { term } from '../term';
import type { View } from '../view';
import type { WordId } from '../words';
import { section } from './parts';

/** How a measure is shown; its name comes from src/run/compare/metrics.ts. */
interface Manner {
  readonly word?: WordId;
  readonly show: (value: number) => string;
  /** The difference to the baseline. */
  readonly change: (difference: number) => string;
}

const decimals = (digits: number, word?: WordId): Manner => ({
  word,
  show: (value) => fixed(value, digits),
  change: (difference) => signed(difference, digits),
});

const MANNERS: Readonly<Record<string, Manner>> = {
  types: { word: 'types', show: integer, change: (difference) => signed(difference, 0) },
  'log-likelihood': decimals(2, 'logLikelihood'),
  BIC: decimals(1, 'bic'),
  ICL: decimals(1, 'icl'),
  'held-out log-likelihood': decimals(2, 'heldOut'),
  'effective types': decimals(2, 'effectiveTypes'),
  'mean entropy of the posteriors': decimals(3, 'entropy'),
  'share of annotators certain to .9': {
    word: 'certain',
    show: (value) => percent(value),
    change: (difference) => `${signed(difference * 100, 1)} points`,
  },
  'agreement with known types': decimals(3, 'adjustedRand'),
  'min-max regret': decimals(3, 'value'),
};

/** What was set otherwise, and what came of it. */
export function measuresSections(view: View, comparison: RunComparison): HTMLElement[] {
  return [settingsSection(view, comparison), metricsSection(view, comparison)];
}

function settingsSection(view: View, comparison: RunComparison): HTMLElement {
  const { settings, runs } = comparison;
  if (settings.length === 0) {
    return section(
      'Settings that differ',
      el('p', {}, 'None. On the same device such runs find the same, bit for bit.'),
    );
  }
  return section(
    'Settings that differ',
    table(view, {
      caption: 'Settings that differ, as experiment files name them',
      captionHidden: true,
      columns: [
        { title: 'Setting', heading: true, word: 'setting' },
        ...runs.map((_, i) => ({ title: heading(comparison, i), word: 'runName' as const })),
      ],
      rows: settings.map(({ key, values }: Setting) => [
        { value: key, show: el('code', {}, key) },
        // JSON has no undefined: what a run does not have may arrive as null
        ...runs.map((_, i): Cell => {
          const value = values.at(i);
          if (value === undefined || value === null) return null;
          const text = typeof value === 'string' ? value : JSON.stringify(value);
          return { value: text, show: dataText(text, 60) };
        }),
      ]),
    }),
  );
}

function metricsSection(view: View, comparison: RunComparison): HTMLElement {
  const { metrics, runs, baseline, cautions } = comparison;
  const withIntervals = runs.map((_, i) => metrics.some(({ values }) => values[i].interval !== undefined));
  const columns: Column[] = [
    { title: 'Measure', heading: true, word: 'measure' },
    ...runs.flatMap((_, i): Column[] => [
      { title: heading(comparison, i), numeric: true, word: 'runName' },
      ...(withIntervals[i]
        ? [{ title: `Interval of ${letter(i)}`, numeric: true, word: 'runInterval' as const }]
        : []),
    ]),
    ...others(comparison).map((i) => ({
      title: `${letter(i)} − ${letter(baseline)}`,
      numeric: true,
      word: 'difference' as const,
    })),
  ];
  return section(
    'Side by side',
    ...cautions.map((caution) => el('p', { class: 'caution' }, caution)),
    table(view, {
      caption: 'Measures of each run, and their differences from the baseline',
      captionHidden: true,
      columns,
      rows: metrics.map((metric) => metricRow(metric, comparison, withIntervals)),
    }),
    withIntervals.some(Boolean)
      ? el(
          'p',
          { class: 'note' },
          'Intervals are 95 % ones, unless another level is given. They are of each run alone: overlapping ones do not mean that two runs agree.',
        )
      : null,
  );
}

function metricRow({ name, values }: Metric, comparison: RunComparison, withIntervals: boolean[]): Cell[] {
  const { word, show, change } = MANNERS[name] ?? decimals(3);
  const reference = values[comparison.baseline].value;
  return [
    { value: name, show: word ? term(word, capital(name)) : capital(name) },
    ...values.flatMap((estimate, i): Cell[] => [
      estimate.value === null ? null : { value: estimate.value, show: show(estimate.value) },
      ...(withIntervals[i] ? [ends(estimate, show)] : []),
    ]),
    ...others(comparison).map((i): Cell => {
      const { value } = values[i];
      return value === null || reference === null
        ? null
        : { value: value - reference, show: change(value - reference) };
    }),
  ];
}

/** The two ends of an estimate's interval, with its level where that is not the usual one. */
export function ends(estimate: Estimate, show: (value: number) => string): Cell {
  if (!estimate.interval) return null;
  return { value: estimate.interval.join(' to ') + levelOf(estimate), show: endsInWords(estimate, show) };
}

export function endsInWords(estimate: Estimate, show: (value: number) => string): string {
  return estimate.interval ? interval(estimate.interval, show) + levelOf(estimate) : '';
}

function levelOf({ level = 0.95 }: Estimate): string {
  return level === 0.95 ? '' : ` (${percent(level, 0)})`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
