import type { Baseline, Comparison, RunResult, Yardstick } from '../../src/protocol/result';
import { badge } from '../controls';
import { el } from '../dom';
import { fixed, integer, interval, list, nats, natsAlike, percent } from '../format';
import type { Cell, Column } from '../table';
import { table } from '../table';
import type { View } from '../view';
import { section } from './parts';

const YARDSTICKS: Readonly<Record<Yardstick, string>> = {
  true: 'the true rewards that the dataset was simulated from',
  known: 'policies fitted to the types that the dataset names',
  fitted: 'the policies of the types found',
};
const ALSO: Readonly<Record<Yardstick, string>> = {
  true: 'Worst, true types',
  known: 'Worst, named types',
  fitted: 'Worst, found types',
};

/** EM-DPO with min-max beside other methods on the same records; where the run compared them. */
export function baselinesSection(view: View, { baselines, comparison }: RunResult): HTMLElement | undefined {
  if (!baselines || !comparison) return undefined;
  return section(
    'Against other methods',
    el('p', {}, verdict(baselines)),
    el(
      'p',
      { class: 'note' },
      'All methods saw the same records from the same seed. Regrets are against ',
      `${YARDSTICKS[comparison.yardstick]}. `,
      comparison.heldOutRecords > 0
        ? `Predictions are of ${integer(comparison.heldOutRecords)} records that no method learnt from.`
        : 'No annotator has two records, so that none could be held out.',
      baselines.some(({ kind }) => kind === 'oracle')
        ? ' The oracle is told every annotator’s type: it shows what can be had, and does not compete.'
        : '',
      baselines.some(({ standardError }) => standardError !== undefined)
        ? ' Each regret has its standard error, from the responses that were drawn.'
        : '',
    ),
    regretTable(view, baselines, comparison),
    comparison.heldOutRecords > 0 ? predictionTable(view, baselines, comparison) : null,
    ...comparison.notes.map((note) => el('p', { class: 'note' }, note)),
  );
}

/** What the intervals settle, and what they leave open. */
function verdict(baselines: readonly Baseline[]): string {
  const [first, ...others] = baselines.filter(({ kind }) => kind !== 'oracle');
  const named = (which: (b: Baseline) => boolean) => others.filter(which).map(({ name }) => name);
  const fairer = named((b) => above(b) === 1);
  const less = named((b) => above(b) === -1);
  const open = named((b) => above(b) === 0);
  const best = baselines
    .filter(({ kind }) => kind !== 'oracle')
    .reduce((a, b) => (b.worst < a.worst ? b : a));
  const sentences = [
    best === first
      ? `${first.name} has the smallest worst regret: ${nats(first.worst)} nats.`
      : `${capital(best.name)} has the smallest worst regret here, ${nats(best.worst)} nats; ${first.name} has ${nats(first.worst)}.`,
    fairer.length > 0
      ? `${first.name} is fairer than ${list(fairer)}, for nearly all draws of the prompts.`
      : '',
    less.length > 0 ? `It is less fair than ${list(less)}.` : '',
    open.length > 0 ? `These prompts do not settle it against ${list(open)}.` : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** 1: worse than the first method throughout the interval; −1: better; 0: open; undefined where there is no interval. */
function above({ worstAgainstFirst }: Baseline): number | undefined {
  if (!worstAgainstFirst) return undefined;
  const [low, high] = worstAgainstFirst;
  return low > 0 ? 1 : high < 0 ? -1 : 0;
}

function regretTable(view: View, baselines: readonly Baseline[], { types }: Comparison): HTMLElement {
  const shown = natsAlike(baselines.flatMap((b) => [...b.regret, ...b.also.map(({ worst }) => worst)]));
  const intervals = baselines.some((b) => b.worstInterval !== undefined);
  const ends = (both: readonly [number, number] | undefined): Cell =>
    both ? { value: both.join(' to '), show: interval(both, shown) } : null;
  const columns: Column[] = [
    { title: 'Method', heading: true, word: 'method' },
    { title: 'Worst', numeric: true, word: 'worst' },
    ...(intervals
      ? [
          { title: '95 % interval', numeric: true, word: 'promptInterval' as const },
          { title: 'Against EM-DPO with min-max', numeric: true, word: 'againstMinMax' as const },
        ]
      : []),
    ...types.map((title) => ({ title, numeric: true, word: 'regret' as const })),
    ...baselines[0].also.map(({ yardstick }) => ({
      title: ALSO[yardstick],
      numeric: true,
      word: 'yardstick' as const,
    })),
  ];
  return table(view, {
    caption: 'Regret of every type under the single policy of every method',
    captionHidden: true,
    columns,
    rows: baselines.map((b) => [
      label(b),
      { value: b.worst, show: shown(b.worst) },
      ...(intervals ? [ends(b.worstInterval), ends(b.worstAgainstFirst)] : []),
      ...b.regret.map((r, i) => {
        const error = b.standardError?.[i];
        const text = error === undefined ? shown(r) : `${shown(r)} ± ${shown(error)}`;
        return { value: r, show: r === b.worst ? el('strong', {}, text) : text };
      }),
      ...b.also.map(({ worst }) => ({ value: worst, show: shown(worst) })),
    ]),
  });
}

function predictionTable(view: View, baselines: readonly Baseline[], { groups }: Comparison): HTMLElement {
  // the uniform mixture weighs the same types differently, so that it predicts the same
  const rows = baselines.filter(({ kind }) => kind !== 'em-uniform');
  const name = (b: Baseline) =>
    b.kind === 'plain-dpo' ? capital(b.name) : capital(b.name.replace(/ with min-max$/, ''));
  return table(view, {
    caption: 'How well each method’s types predict the records held out',
    columns: [
      { title: 'Types of', heading: true, word: 'method' },
      { title: 'Held-out log-likelihood', numeric: true, word: 'heldOutRecords' },
      ...groups.map((group) => ({
        title: `Pairs right, ${group}`,
        numeric: true,
        word: 'pairsRight' as const,
      })),
      { title: 'Adjusted Rand', numeric: true, word: 'adjustedRand' },
    ],
    rows: rows.map((b) => [
      name(b),
      cell(b.heldOutLogLikelihood, (v) => fixed(v, 2)),
      ...b.accuracy.map((share) => cell(share, percent)),
      cell(b.adjustedRand, (v) => fixed(v, 3)),
    ]),
  });
}

function label(b: Baseline): Cell {
  const name = capital(b.name);
  return {
    value: name,
    show: el('span', {}, name, ...(b.kind === 'oracle' ? [' ', badge('told the types')] : [])),
  };
}

function cell(value: number | null, show: (value: number) => string): Cell {
  return value === null ? null : { value, show: show(value) };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
