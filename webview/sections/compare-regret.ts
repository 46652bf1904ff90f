import type { RunComparison } from '../../src/protocol/comparison';
import { worstRegretsChart, worstRegretsHeight } from '../charts/worst-regrets';
import { heading, letter, policies } from '../compared';
import { el } from '../dom';
import { figure } from '../figure';
import { natsAlike } from '../format';
import type { Cell } from '../table';
import { table } from '../table';
import type { View } from '../view';
import { ends } from './compare-measures';
import { section } from './parts';

/** What every policy costs the worst-off type, and each type, in each run. */
export function regretSection(view: View, comparison: RunComparison): HTMLElement {
  const all = policies(comparison);
  const { runs, baseline } = comparison;
  const worst = all.flatMap(({ of }) => of.flatMap((candidate) => candidate?.worst.value ?? []));
  const nats = natsAlike(worst);
  const chart = figure(view, {
    title: 'Regret of the worst-off type under each policy',
    word: 'worst',
    note: 'Shorter is fairer. Each run measures regret by its own types; thin lines are intervals, where a run has them.',
    height: worstRegretsHeight(all.length, runs.length),
    draw: (width) => worstRegretsChart(comparison, width),
    numbers: () => ({
      caption: 'Regret of the worst-off type under each policy, in nats',
      columns: [
        { title: 'Policy', heading: true, word: 'policyName' },
        ...runs.flatMap((_, i) => [
          { title: heading(comparison, i), numeric: true, word: 'worst' as const },
          { title: `Interval of ${letter(i)}`, numeric: true, word: 'runInterval' as const },
        ]),
      ],
      rows: all.map(({ name, of }) => [
        name,
        ...of.flatMap((candidate): Cell[] => {
          if (candidate?.worst.value == null) return [null, null];
          const { value } = candidate.worst;
          return [{ value, show: nats(value) }, ends(candidate.worst, nats)];
        }),
      ]),
    }),
  });
  return section(
    'Regret',
    chart.element,
    el('h3', {}, `By type of ${letter(baseline)}`),
    byType(view, comparison),
  );
}

function byType(view: View, comparison: RunComparison): HTMLElement {
  const { runs, baseline } = comparison;
  const types = runs[baseline].types;
  const all = policies(comparison);
  const nats = natsAlike(
    all.flatMap(({ of }) => of.flatMap((each) => each?.regret.filter((r) => r !== null) ?? [])),
  );
  return table(view, {
    caption: `Regret of each type, in nats; – where a run has no type that corresponds to the one of ${letter(baseline)}`,
    columns: [
      { title: 'Policy', heading: true, word: 'policyName' },
      { title: 'Run', word: 'runName' },
      ...types.map((title, type) => ({ title, numeric: true, type, word: 'regret' as const })),
    ],
    rows: all.flatMap(({ name, of }) =>
      of.flatMap((candidate, i): Cell[][] => {
        if (!candidate) return [];
        const largest = Math.max(...candidate.regret.map((r) => r ?? -Infinity));
        return [
          [
            { value: name, show: el('bdi', { dir: 'auto' }, name) },
            letter(i),
            ...candidate.regret.map((r): Cell => {
              if (r === null) return null;
              return { value: r, show: r === largest && r > 0 ? el('strong', {}, nats(r)) : nats(r) };
            }),
          ],
        ];
      }),
    ),
  });
}
