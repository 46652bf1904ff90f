import type { RunResult } from '../../src/protocol/result';
import { el } from '../dom';
import { counted, fixed } from '../format';
import { table } from '../table';
import { term } from '../term';
import type { View } from '../view';
import { section } from './parts';

/** Where each starting point ended, and whether it found the same groups. */
export function startsSection(view: View, { starts }: RunResult): HTMLElement {
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
