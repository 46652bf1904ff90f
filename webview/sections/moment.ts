import type { IterationHistory, IterationRegret } from '../../src/protocol/history';
import { crowdOf } from '../annotators/crowd';
import { assignmentStrip } from '../charts/assignment-strip';
import { el } from '../dom';
import { counted, integer, nats, natsAlike, percent } from '../format';
import type { Moment } from '../iterations';
import { countsOf, momentAt } from '../iterations';
import { swatch, table } from '../table';
import { term } from '../term';
import { heatColour } from '../theme';
import type { View } from '../view';
import { whoMoved } from './who-moved';

export interface MomentView {
  readonly element: HTMLElement;
  /** Shows assignments and regrets as they were; the last ones without an iteration. */
  show(iteration: number | undefined): void;
}

/** Assignments and regrets of the types as they were at an iteration. */
export function momentView(view: View, history: IterationHistory): MomentView {
  const { types, step, annotators } = history;
  const { result, posterior } = view.snapshot;
  const names = result?.types.map(({ name }) => name) ?? [];
  const order = posterior ? crowdOf(posterior, names).order : [];
  const strip = assignmentStrip(order, types);
  const list = whoMoved(view, names);
  const moved = el('p', {});
  const counts = el('ul', { class: 'legend counts' });
  const regret = el('div', { class: 'then' });
  let shown: number | undefined;
  const show = (iteration: number | undefined) => {
    const moment = momentAt(history, iteration);
    if (!moment || moment.entry.iteration === shown) return;
    shown = moment.entry.iteration;
    const told = movedSentence(moment, step, annotators);
    moved.textContent = told;
    counts.replaceChildren(
      ...countsOf(moment, types).map(({ members, came, went }, k) =>
        el(
          'li',
          {},
          swatch(k),
          el('bdi', { dir: 'auto' }, names[k]),
          ` ${integer(members)}`,
          moment.before ? el('span', { class: 'muted' }, ` +${integer(came)} −${integer(went)}`) : null,
        ),
      ),
    );
    strip.show(moment, `Most probable type of each annotator, in the order of the Types tab. ${told}`);
    list.show(moment);
    regret.replaceChildren(...regretThen(view, moment, history, names));
  };
  return {
    element: el(
      'div',
      { class: 'moment' },
      el(
        'div',
        {},
        el('h3', {}, term('assignments')),
        moved,
        strip.element,
        counts,
        annotators > order.length
          ? el('p', { class: 'note' }, `Of the first ${integer(order.length)} annotators.`)
          : null,
        list.element,
        el('p', { class: 'note' }, keptSentence(history)),
      ),
      regret,
    ),
    show,
  };
}

function movedSentence({ entry, before }: Moment, step: string, annotators: number): string {
  const { iteration, moved } = entry;
  if (!before || moved === null) return `At ${step} ${iteration}, the first that was kept.`;
  const share = annotators > 0 ? moved / annotators : 0;
  return `At ${step} ${iteration}, ${integer(moved)} of ${counted(annotators, 'annotator')} (${percent(share)}) have another most probable type than at ${step} ${before.entry.iteration}.`;
}

function keptSentence({ step, kept, entries }: IterationHistory): string {
  if (step === 'iteration')
    return `Each of the first 20 iterations is kept, then each 10 % further on: ${counted(entries.length, 'iteration')} in all.`;
  return kept === 0
    ? 'The run kept the assignments of its start: under those of no round were the records held out likelier.'
    : `The run kept the assignments of round ${kept}.`;
}

function regretThen(
  view: View,
  { entry: { iteration, regret } }: Moment,
  { step }: IterationHistory,
  names: readonly string[],
): HTMLElement[] {
  const title = el('h3', {}, term('regretMatrix'));
  if (!regret) {
    const why = `Regret was not sampled at each ${step}: that takes responses of every policy. The Regret tab has it for the policies that the run kept.`;
    return [title, el('p', { class: 'note' }, why)];
  }
  return [
    title,
    weightsSentence(regret, names),
    regretTable(view, regret, `${step} ${iteration}`, names),
    el(
      'p',
      { class: 'note' },
      'In nats: what the type in the row loses when the type in the column answers.',
    ),
  ];
}

function weightsSentence({ weights, value }: IterationRegret, names: readonly string[]): HTMLElement {
  return el(
    'p',
    {},
    'Of the policies as they were then, the fairest mixture draws ',
    ...weights.flatMap((w, k) => [
      k === 0 ? '' : k === weights.length - 1 ? ' and ' : ', ',
      el('span', { class: 'whole' }, `${percent(w)} from `, swatch(k), el('bdi', { dir: 'auto' }, names[k])),
    ]),
    `. Its worst-off type regrets ${nats(value)} nats.`,
  );
}

function regretTable(
  view: View,
  { matrix, weights }: IterationRegret,
  when: string,
  names: readonly string[],
): HTMLElement {
  const show = natsAlike(matrix.flat());
  const largest = Math.max(...matrix.flat().map(Math.abs), Number.MIN_VALUE);
  return table(view, {
    caption: `Regret in nats at ${when}: of the type in the row under the policy in the column`,
    captionHidden: true,
    columns: [
      { title: 'Type', heading: true, word: 'typeName' },
      ...names.map((title, type) => ({ title, numeric: true, type, word: 'regretMatrix' as const })),
      { title: 'Fair weight', numeric: true, word: 'weights' },
    ],
    rows: matrix.map((row, i) => [
      names[i],
      ...row.map((value) => ({ value, show: show(value), tint: heatColour(value / largest) })),
      { value: weights[i], show: percent(weights[i]) },
    ]),
  });
}
