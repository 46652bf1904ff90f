import { likelihoodChart } from '../charts/likelihood';
import { sharesOverTime } from '../charts/shares-over-time';
import { dropdown } from '../controls';
import { el } from '../dom';
import type { Figure } from '../figure';
import { figure } from '../figure';
import { fixed, percent } from '../format';
import { empty } from '../sections/empty';
import { eventLog } from '../sections/event-log';
import { lookBack } from '../sections/look-back';
import { section } from '../sections/parts';
import { statusLine } from '../sections/run-status';
import { lossFigures, movedFigure, pretrainingFigure, roundsOf } from '../sections/language-curves';
import { selectionSection } from '../sections/selection';
import { startsSection } from '../sections/starts';
import type { StartSeries, TrainingState } from '../training-state';
import { bestStart, fittedTypes, rankByShare, seriesOf } from '../training-state';
import type { View } from '../view';

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
  // while a run goes on, what comes has its place before it is there
  const going = view.snapshot.state === 'running';
  const curves = el('div', { class: going && 'curves' });
  let charts: Figure[] = [];
  let offered = '';

  const chosenTypes = () => {
    const fitted = fittedTypes(state);
    // a run that compared several is about the one it chose
    const wanted = Number(view.choice('fit') ?? view.snapshot.result?.fit.types ?? experiment.types);
    return fitted.includes(wanted) ? wanted : fitted[fitted.length - 1];
  };
  const best = () => keptStart(view, state, chosenTypes());
  const back = lookBack(view, stepName(view), chosenTypes, best, () => {
    for (const chart of charts) chart.redraw();
  });
  /** What there is to draw: more of it means other charts. */
  const drawable = () =>
    [
      fittedTypes(state).join(),
      state.pretraining.length > 0,
      roundsOf(state).length > 0,
      ...new Set(state.language.map((event) => (event.type === 'loss' ? event.policy : ''))),
    ].join(' ');
  const build = () => {
    const fitted = fittedTypes(state);
    offered = drawable();
    const losses = state.language.some((event) => event.type === 'loss');
    charts = [
      ...(state.pretraining.length > 0 ? [pretrainingFigure(view, state.pretraining)] : []),
      ...(losses ? lossFigures(view, state) : []),
      ...(fitted.length > 0
        ? [
            likelihoodFigure(view, state, chosenTypes, back.marked),
            sharesFigure(view, state, chosenTypes, back.marked),
          ]
        : []),
      ...(roundsOf(state).length > 0 ? [movedFigure(view, state)] : []),
    ];
    if (charts.length === 0) {
      curves.replaceChildren(empty('No iteration yet. The curve starts with the first one.'));
      return;
    }
    const options = fitted.map((k) => ({
      value: String(k),
      text: k === 1 ? '1 type (plain DPO)' : `${k} types`,
    }));
    const pick = dropdown('Fit of', options, String(chosenTypes()), (value) => {
      view.choose('fit', value);
      back.update();
      for (const chart of charts) chart.redraw();
    });
    curves.replaceChildren(
      fitted.length > 1 || (going && fitted.length > 0) ? pick : '',
      el('div', { class: 'charts' }, ...charts.map((c) => c.element)),
      fitted.length > 0 ? back.element : '',
    );
  };
  const update = () => {
    status.update();
    log.update(state.log);
    back.update();
    if (drawable() !== offered) build();
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

/** The start that the run kept, or the best so far. */
function keptStart({ snapshot }: View, state: TrainingState, types: number): StartSeries | undefined {
  const series = seriesOf(state, types);
  const { history } = snapshot;
  return (
    (history?.types === types && series.find(({ start }) => start === history.start)) || bestStart(series)
  );
}

/** EM iterates; with language models an iteration is a round of training. */
function stepName({ snapshot }: View): 'round' | 'iteration' {
  return snapshot.manifest.experiment.policy.kind === 'transformer' ? 'round' : 'iteration';
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

function likelihoodFigure(
  view: View,
  state: TrainingState,
  types: () => number,
  marked: () => number | undefined,
): Figure {
  const { policy } = view.snapshot.manifest.experiment;
  const rounds = policy.kind === 'transformer';
  const crossFit = rounds && policy.crossFit;
  const step = stepName(view);
  return figure(view, {
    title: `Log-likelihood by ${step}`,
    word: 'logLikelihood',
    note: rounds
      ? crossFit
        ? 'Cross-fitted: each record is scored by policies trained on the other half of its annotator’s. Training goes on from the best start.'
        : 'Of the records that the policies were trained on. Training goes on from the best start.'
      : 'One line a start. The strong one has the highest objective so far.',
    height: 230,
    draw: (width) => {
      const series = seriesOf(state, types());
      return likelihoodChart(series, keptStart(view, state, types()), step, width, marked());
    },
    numbers: () => ({
      caption: `Log-likelihood by ${step} and start`,
      columns: [
        { title: 'Start', numeric: true, heading: true, word: 'starts' },
        { title: capital(step), numeric: true, word: rounds ? 'round' : 'iterations' },
        { title: 'Log-likelihood', numeric: true, word: 'logLikelihood' },
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

function sharesFigure(
  view: View,
  state: TrainingState,
  types: () => number,
  marked: () => number | undefined,
): Figure {
  const points = () => keptStart(view, state, types())?.points ?? [];
  const order = () => rankByShare(points(), view.snapshot.result);
  const step = stepName(view);
  const names = () => {
    const { result } = view.snapshot;
    const k = types();
    return result && result.types.length === k
      ? result.types.map((t) => t.name)
      : Array.from({ length: k }, (_, i) => `type ${i + 1}`);
  };
  return figure(view, {
    title: `Shares by ${step}`,
    word: 'share',
    note: 'Of the start with the highest objective. A share that falls to 0 is a type that vanished.',
    height: 200,
    draw: (width) => sharesOverTime(points(), order(), names(), step, width, marked()),
    numbers: () => {
      const places = order();
      return {
        caption: `Shares by ${step}`,
        columns: [
          {
            title: capital(step),
            numeric: true,
            heading: true,
            word: step === 'round' ? ('round' as const) : ('iterations' as const),
          },
          ...names().map((title, type) => ({ title, numeric: true, type, word: 'share' as const })),
          { title: 'Effective types', numeric: true, word: 'effectiveTypes' as const },
        ],
        rows: points().map((p) => [
          p.iteration,
          ...names().map((_, rank) => {
            const value = p.shares[places.indexOf(rank)];
            return { value, show: percent(value) };
          }),
          { value: p.effectiveTypes, show: fixed(p.effectiveTypes, 2) },
        ]),
      };
    },
  });
}
