import type { RunEvent } from '../../src/protocol/event';
import type { RunResult, SelectionRow } from '../../src/protocol/result';
import { likelihoodChart } from '../charts/likelihood';
import { rankByLastShare, sharesOverTime } from '../charts/shares-over-time';
import { dropdown } from '../controls';
import { el } from '../dom';
import type { Figure } from '../figure';
import { figure } from '../figure';
import { clock, counted, duration, fixed, integer, percent } from '../format';
import { table } from '../table';
import { term } from '../term';
import type { TrainingState } from '../training-state';
import { bestStart, fittedTypes, seriesOf } from '../training-state';
import type { View } from '../view';
import type { WordId } from '../words';
import { empty } from './empty';
import { section } from './parts';

export interface TrainingTab {
  readonly element: HTMLElement;
  /** Shows events that came in; keeps every element where it is. */
  update(): void;
}

/** How EM went or is going: live while the run is. */
export function trainingTab(view: View, state: TrainingState): TrainingTab {
  const { experiment } = view.snapshot.manifest;
  const status = statusLine(view, state);
  const log = eventLog();
  const curves = el('div', {});
  let charts: Figure[] = [];
  let offered = '';

  const chosenTypes = () => {
    const fitted = fittedTypes(state);
    const wanted = Number(view.choice('fit') ?? experiment.types);
    return fitted.includes(wanted) ? wanted : fitted[fitted.length - 1];
  };
  const build = () => {
    const fitted = fittedTypes(state);
    offered = fitted.join();
    if (fitted.length === 0) {
      curves.replaceChildren(empty('No iteration yet. The curve starts with the first one.'));
      charts = [];
      return;
    }
    const options = fitted.map((k) => ({
      value: String(k),
      text: k === 1 ? '1 type (plain DPO)' : `${k} types`,
    }));
    const pick = dropdown('Fit of', options, String(chosenTypes()), (value) => {
      view.choose('fit', value);
      for (const chart of charts) chart.redraw();
    });
    charts = [likelihoodFigure(view, state, chosenTypes), sharesFigure(view, state, chosenTypes)];
    curves.replaceChildren(
      fitted.length > 1 ? pick : '',
      el('div', { class: 'charts' }, ...charts.map((c) => c.element)),
    );
  };
  const update = () => {
    status.update();
    log.update(state.log);
    if (fittedTypes(state).join() !== offered) build();
    else for (const chart of charts) chart.redraw();
  };
  build();
  status.update();
  log.update(state.log);
  const { result } = view.snapshot;
  return {
    element: el(
      'div',
      {},
      status.element,
      section('How the fit went', curves),
      result ? startsSection(view, result) : null,
      result && result.selection.length > 0 ? selectionSection(view, result) : null,
      result && result.treatment.length > 0
        ? section('How the data was treated', el('ul', {}, ...result.treatment.map((s) => el('li', {}, s))))
        : null,
      log.element,
    ),
    update,
  };
}

/** Phase, progress, device and time in one line of fixed height. */
function statusLine(view: View, state: TrainingState) {
  const bar = el('progress', { max: 1, 'aria-label': 'Progress of this phase' });
  const phase = el('span', { class: 'strong' });
  const detail = el('span', { class: 'muted number' });
  const element = el('div', { class: 'status' }, el('p', {}, phase), el('p', {}, detail), bar);
  const update = () => {
    const { progress, device, latest, ended } = state;
    const going = view.snapshot.state === 'running' && !ended;
    phase.textContent = going ? (state.phase ?? 'Starting') : endSentence(ended, view.snapshot.state);
    const parts = [
      progress ? `${integer(progress.done)} of ${integer(progress.total)}` : '',
      progress?.secondsLeft !== undefined ? `${duration(progress.secondsLeft)} left` : '',
      going && latest ? `log-likelihood ${fixed(latest.logLikelihood, 2)}` : '',
      device ? `${device.device}, ${counted(device.threads, 'thread')}` : view.snapshot.manifest.device,
    ];
    detail.textContent = parts.filter((p) => p !== '').join(' · ');
    if (progress && progress.total > 0) bar.value = progress.done / progress.total;
    else if (going) bar.removeAttribute('value');
    bar.classList.toggle('away', !going);
  };
  return { element, update };
}

function endSentence(ended: RunEvent | undefined, state: string): string {
  switch (ended?.type) {
    case 'finished':
      return `Finished after ${duration(ended.seconds)}.`;
    case 'failed':
      return `Failed: ${ended.message}`;
    case 'cancelled':
      return 'Stopped.';
    default:
      return state === 'created'
        ? 'Waiting for the first event.'
        : state === 'dead'
          ? 'The process ended without finishing.'
          : 'Ended.';
  }
}

function likelihoodFigure(view: View, state: TrainingState, types: () => number): Figure {
  return figure(view, {
    title: 'Log-likelihood by iteration',
    word: 'logLikelihood',
    note: 'One line a start. The strong one has the highest objective so far.',
    height: 230,
    draw: (width) => {
      const series = seriesOf(state, types());
      return likelihoodChart(series, bestStart(series), width);
    },
    numbers: () => ({
      caption: 'Log-likelihood by iteration and start',
      columns: [
        { title: 'Start', numeric: true, heading: true },
        { title: 'Iteration', numeric: true },
        { title: 'Log-likelihood', numeric: true },
        { title: 'Objective', numeric: true, word: 'objective' },
      ],
      rows: seriesOf(state, types()).flatMap((s) =>
        s.points.map((p) => [
          s.start + 1,
          p.iteration,
          { value: p.logLikelihood, show: fixed(p.logLikelihood, 3) },
          { value: p.objective, show: fixed(p.objective, 3) },
        ]),
      ),
    }),
  });
}

function sharesFigure(view: View, state: TrainingState, types: () => number): Figure {
  const points = () => bestStart(seriesOf(state, types()))?.points ?? [];
  const names = () => {
    const { result } = view.snapshot;
    const k = types();
    return result && result.types.length === k
      ? result.types.map((t) => t.name)
      : Array.from({ length: k }, (_, i) => `type ${i + 1}`);
  };
  return figure(view, {
    title: 'Shares by iteration',
    word: 'share',
    note: 'Of the start with the highest objective. A share that falls to 0 is a type that vanished.',
    height: 200,
    draw: (width) => sharesOverTime(points(), names(), width),
    numbers: () => {
      const order = rankByLastShare(points());
      return {
        caption: 'Shares by iteration',
        columns: [
          { title: 'Iteration', numeric: true, heading: true },
          ...names().map((title, type) => ({ title, numeric: true, type })),
          { title: 'Effective types', numeric: true, word: 'effectiveTypes' as const },
        ],
        rows: points().map((p) => [
          p.iteration,
          ...names().map((_, rank) => {
            const value = p.shares[order.indexOf(rank)];
            return { value, show: percent(value) };
          }),
          { value: p.effectiveTypes, show: fixed(p.effectiveTypes, 2) },
        ]),
      };
    },
  });
}

function startsSection(view: View, { starts }: RunResult): HTMLElement {
  const best = Math.max(...starts.map((s) => s.objective));
  const bestIndex = starts.findIndex((s) => s.objective === best);
  const agree = starts.filter((s) => s.agreement >= 0.95).length;
  return section(
    'Starts',
    el(
      'p',
      { class: 'note' },
      `${agree} of ${counted(starts.length, 'start')} found the same groups as the best one (`,
      term('agreement', 'agreement'),
      ' of at least 0.95).',
    ),
    table(view, {
      caption: 'Starting points and where they ended',
      captionHidden: true,
      columns: [
        { title: 'Start', heading: true, numeric: true },
        { title: 'Kind' },
        { title: 'Log-likelihood', numeric: true, word: 'logLikelihood' },
        { title: 'Objective', numeric: true, word: 'objective' },
        { title: 'Below best', numeric: true },
        { title: 'Iterations', numeric: true, word: 'iterations' },
        { title: 'Converged', word: 'converged' },
        { title: 'Agreement', numeric: true, word: 'agreement' },
      ],
      rows: starts.map((s, i) => [
        i + 1,
        s.kind === 'agreement' ? 'agreement clusters' : 'random',
        { value: s.logLikelihood, show: fixed(s.logLikelihood, 2) },
        { value: s.objective, show: fixed(s.objective, 2) },
        { value: best - s.objective, show: i === bestIndex ? 'best' : fixed(best - s.objective, 2) },
        s.iterations,
        s.converged ? 'yes' : 'no',
        { value: s.agreement, show: fixed(s.agreement, 2) },
      ]),
    }),
  );
}

function selectionSection(view: View, { selection, fit }: RunResult): HTMLElement {
  const criterion = (
    title: string,
    word: WordId | undefined,
    read: (row: SelectionRow) => number | null,
  ) => ({
    column: { title, word, numeric: true },
    cell: (row: SelectionRow) => {
      const value = read(row);
      return value === null ? null : { value, show: fixed(value, 1) };
    },
    given: selection.some((row) => read(row) !== null),
  });
  const criteria = [
    criterion('BIC', 'bic', (row) => row.bic),
    criterion('ICL', 'icl', (row) => row.icl),
    criterion('Held-out', 'heldOut', (row) => row.heldOut),
    criterion('± s.e.', undefined, (row) => row.heldOutStandardError),
  ].filter((c) => c.given);
  return section(
    'Number of types',
    fit.prior > 0
      ? el(
          'p',
          { class: 'note' },
          `BIC and ICL compare maximum-likelihood fits: set the prior to 0 to see them. This run’s is ${fit.prior}.`,
        )
      : null,
    table(view, {
      caption: 'Fits with other numbers of types',
      captionHidden: true,
      columns: [
        { title: 'Types', heading: true, numeric: true, word: 'types' },
        { title: 'Log-likelihood', numeric: true, word: 'logLikelihood' },
        { title: 'Parameters', numeric: true, word: 'parameters' },
        ...criteria.map((c) => c.column),
      ],
      rows: selection.map((row) => [
        row.types,
        { value: row.logLikelihood, show: fixed(row.logLikelihood, 2) },
        { value: row.parameters, show: integer(row.parameters) },
        ...criteria.map((c) => c.cell(row)),
      ]),
    }),
  );
}

/** Events as a person reads them, newest first, folded away. */
function eventLog() {
  const items = el('ol', { class: 'log', reversed: true });
  const summary = el('summary', {}, 'Events');
  let last: RunEvent | undefined;
  const update = (log: readonly RunEvent[]) => {
    const newest = log[log.length - 1] as RunEvent | undefined;
    if (newest === last) return;
    last = newest;
    summary.textContent = `Events (${log.length})`;
    items.replaceChildren(
      ...[...log]
        .reverse()
        .map((e) =>
          el('li', { class: e.type }, el('time', { datetime: e.time }, clock(e.time)), ' ', eventSentence(e)),
        ),
    );
  };
  return { element: el('details', { class: 'events' }, summary, items), update };
}

function eventSentence(event: RunEvent): string {
  switch (event.type) {
    case 'started':
      return `Started with ${counted(event.types, 'type')} (process ${event.pid}).`;
    case 'phase':
      return event.title;
    case 'device':
      return `Runs on ${event.device} with ${counted(event.threads, 'thread')}.`;
    case 'warning':
      return `Warning: ${event.message}`;
    case 'finished':
      return `Finished after ${duration(event.seconds)} with log-likelihood ${fixed(event.logLikelihood, 2)}.`;
    case 'failed':
      return `Failed: ${event.message}`;
    case 'cancelled':
      return 'Stopped.';
    case 'em':
    case 'progress':
      return event.type;
  }
}
