import type { RunResult, StartSummary } from '../../src/protocol/result';
import { el } from '../dom';
import { counted, fixed } from '../format';
import { table } from '../table';
import { term } from '../term';
import type { View } from '../view';
import { section } from './parts';

const kinds: Record<StartSummary['kind'], string> = {
  agreement: 'agreement clusters',
  random: 'random',
  outlier: 'outliers',
  split: 'a type split in two',
  embeddings: 'embeddings',
};

/** Where each starting point ended, and whether it found the same groups. */
export function startsSection(view: View, { starts }: RunResult): HTMLElement {
  const full = starts.filter((s): s is Required<StartSummary> => s.agreement !== undefined);
  return full.length === starts.length ? completed(view, full) : tried(view, starts);
}

function completed(view: View, starts: readonly Required<StartSummary>[]): HTMLElement {
  const best = Math.max(...starts.map((s) => s.objective));
  const bestIndex = starts.findIndex((s) => s.objective === best);
  const agree = starts.filter((s) => s.agreement >= 0.95).length;
  return section(
    'Starts',
    el(
      'p',
      { class: 'note' },
      `${agree} of ${counted(starts.length, 'start')} found the same groups as the best one: `,
      term('agreement', 'agreement'),
      ' of at least 0.95.',
    ),
    table(view, {
      caption: 'Starting points and where they ended',
      captionHidden: true,
      columns: [
        { title: 'Start', heading: true, numeric: true, word: 'starts' },
        { title: 'Kind', word: 'startKind' },
        { title: 'Log-likelihood', numeric: true, word: 'logLikelihood' },
        { title: 'Objective', numeric: true, word: 'objective' },
        { title: 'Below best', numeric: true, word: 'belowBest' },
        { title: 'Iterations', numeric: true, word: 'iterations' },
        { title: 'Converged', word: 'converged' },
        { title: 'Agreement', numeric: true, word: 'agreement' },
      ],
      rows: starts.map((s, i) => [
        i + 1,
        kinds[s.kind],
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

/** Language models go on from the best start only. */
function tried(view: View, starts: readonly StartSummary[]): HTMLElement {
  const best = Math.max(...starts.map((s) => s.logLikelihood));
  return section(
    'Starts',
    el('p', { class: 'note' }, 'Each start was tried for one round, and training went on from the best.'),
    table(view, {
      caption: 'Starting points and their likelihood after one round',
      captionHidden: true,
      columns: [
        { title: 'Start', heading: true, numeric: true, word: 'starts' },
        { title: 'Kind', word: 'startKind' },
        { title: 'Log-likelihood', numeric: true, word: 'logLikelihood' },
        { title: 'Below best', numeric: true, word: 'belowBest' },
      ],
      rows: starts.map((s, i) => [
        i + 1,
        kinds[s.kind],
        { value: s.logLikelihood, show: fixed(s.logLikelihood, 2) },
        {
          value: best - s.logLikelihood,
          show: s.logLikelihood === best ? 'best' : fixed(best - s.logLikelihood, 2),
        },
      ]),
    }),
  );
}
