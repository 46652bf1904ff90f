import type { HeldOutEvent, PretrainingEvent } from '../../src/protocol/event';
import { lossChart } from '../charts/losses';
import type { LossChart } from '../charts/losses';
import { movedChart } from '../charts/moved';
import { pretrainingChart } from '../charts/pretraining';
import type { Figure } from '../figure';
import { figure } from '../figure';
import { fixed, percent } from '../format';
import type { LossCurves } from '../loss-curves';
import { lossCurves } from '../loss-curves';
import type { TableOptions } from '../table';
import { typeColour } from '../theme';
import type { TrainingState } from '../training-state';
import { typeOrder } from '../training-state';
import type { View } from '../view';
import type { WordId } from '../words';

const measures: readonly (LossChart & {
  readonly title: string;
  readonly word: WordId;
  readonly note: string;
})[] = [
  {
    ...{ title: 'Loss by step', word: 'loss', label: 'Loss of each policy by step', axis: 'nats a ranking' },
    note: 'What training makes small. Faint as it came, strong its running mean.',
    value: (point) => point.loss,
  },
  {
    ...{ title: 'Pairs told apart by step', word: 'pairAccuracy', axis: 'pairs (%)' },
    label: 'Share of pairs in which each policy prefers the better response, by step',
    note: 'The dashed line is chance.',
    value: (point) => point.accuracy * 100,
    baseline: 50,
  },
  {
    ...{ title: 'Drift by step', word: 'drift', axis: 'nats a response' },
    label: 'How much likelier the dataset’s responses have become than under the reference, by step',
    note: 'Far below 0, a policy makes the responses of the dataset unlikely altogether: train less, or raise β.',
    value: (point) => point.drift,
    baseline: 0,
  },
];

/** Losses, accuracies and drift of every language model by step. */
export function lossFigures(view: View, state: TrainingState): Figure[] {
  const curves = () => lossCurves(state.language);
  const { policies } = curves();
  const shown = policyNames(view, state, policies);
  const legend = shown.names;
  return measures.map((measure) =>
    figure(view, {
      ...{ title: measure.title, word: measure.word, note: measure.note, legend },
      height: 220,
      draw: (width) => {
        const now = curves();
        const { index } = policyNames(view, state, now.policies);
        return lossChart(now, measure, (policy) => typeColour(index.get(policy) ?? 0), width);
      },
      numbers: () => lossNumbers(curves(), policyNames(view, state, policies)),
    }),
  );
}

interface PolicyNames {
  /** Names in the order of their colours. */
  readonly names: readonly string[];
  /** Index into `names`. */
  readonly index: ReadonlyMap<string, number>;
}

/** Training counts types as its start found them; results count them by share. Plain DPO comes after them. */
function policyNames({ snapshot }: View, state: TrainingState, policies: readonly string[]): PolicyNames {
  const order = typeOrder(state, snapshot.result);
  const placed = policies.map((policy) => {
    const type = /^type (\d+)$/.exec(policy);
    const found = type ? Number(type[1]) - 1 : undefined;
    return found === undefined
      ? { policy, at: Infinity, name: policy.charAt(0).toUpperCase() + policy.slice(1) }
      : {
          policy,
          at: order[found] ?? found,
          name:
            snapshot.result?.types.at(order[found] ?? found)?.name ?? `type ${(order[found] ?? found) + 1}`,
        };
  });
  placed.sort((a, b) => a.at - b.at);
  return {
    names: placed.map(({ name }) => name),
    index: new Map(placed.map(({ policy }, i) => [policy, i])),
  };
}

function lossNumbers({ points }: LossCurves, { names, index }: PolicyNames): TableOptions {
  return {
    caption: 'Training of every policy by step',
    columns: [
      { title: 'Policy', heading: true, word: 'policyName' },
      { title: 'Round', numeric: true, word: 'round' },
      { title: 'Step', numeric: true, word: 'step' },
      { title: 'Loss', numeric: true, word: 'loss' },
      { title: 'Pairs told apart', numeric: true, word: 'pairAccuracy' },
      { title: 'Margin', numeric: true, word: 'margin' },
      { title: 'Drift', numeric: true, word: 'drift' },
    ],
    rows: points.map((point) => [
      names[index.get(point.policy) ?? 0],
      { value: point.round, show: point.round === 0 ? 'final' : point.round },
      point.step,
      { value: point.loss, show: fixed(point.loss, 3) },
      { value: point.accuracy, show: percent(point.accuracy) },
      { value: point.margin, show: fixed(point.margin, 3) },
      { value: point.drift, show: fixed(point.drift, 2) },
    ]),
  };
}

/** One E-step a round: of the starts that were tried in round 1 the one that went on. */
export function roundsOf({ language }: TrainingState): HeldOutEvent[] {
  const best = new Map<number, HeldOutEvent>();
  for (const event of language) {
    if (event.type !== 'heldOut') continue;
    const known = best.get(event.round);
    if (!known || event.logLikelihood > known.logLikelihood) best.set(event.round, event);
  }
  return [...best.values()].sort((a, b) => a.round - b.round);
}

export function movedFigure(view: View, state: TrainingState): Figure {
  return figure(view, {
    title: 'Assignments that moved, by round',
    word: 'moved',
    height: 200,
    draw: (width) => movedChart(roundsOf(state), width),
    numbers: () => ({
      caption: 'Assignments by round',
      columns: [
        { title: 'Round', numeric: true, heading: true, word: 'round' },
        { title: 'Log-likelihood', numeric: true, word: 'logLikelihood' },
        { title: 'Cross-fitted', word: 'crossFitted' },
        { title: 'Moved', numeric: true, word: 'moved' },
        { title: 'Effective types', numeric: true, word: 'effectiveTypes' },
      ],
      rows: roundsOf(state).map((event) => [
        event.round,
        { value: event.logLikelihood, show: fixed(event.logLikelihood, 2) },
        event.crossFitted ? 'yes' : 'no',
        { value: event.moved, show: percent(event.moved) },
        { value: event.effectiveTypes, show: fixed(event.effectiveTypes, 2) },
      ]),
    }),
  });
}

export function pretrainingFigure(view: View, passes: readonly PretrainingEvent[]): Figure {
  return figure(view, {
    title: 'Pretraining of the reference model',
    word: 'pretraining',
    height: 200,
    draw: (width) => pretrainingChart(passes, width),
    numbers: () => ({
      caption: 'Pretraining by pass, in nats per token',
      columns: [
        { title: 'Pass', numeric: true, heading: true, word: 'pass' },
        { title: 'Seen', numeric: true, word: 'seenLoss' },
        { title: 'Kept out', numeric: true, word: 'keptOutLoss' },
      ],
      rows: passes.map(({ pass, loss, heldOut }) => [
        pass,
        { value: loss, show: fixed(loss, 3) },
        heldOut === undefined ? null : { value: heldOut, show: fixed(heldOut, 3) },
      ]),
    }),
  });
}
