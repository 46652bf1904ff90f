import type { RunResult, SelectionRow } from '../../src/protocol/result';
import { el } from '../dom';
import { fixed, integer } from '../format';
import { table } from '../table';
import type { View } from '../view';
import type { WordId } from '../words';
import { section } from './parts';

/** Fits with other numbers of types, with the criteria that were computed. */
export function selectionSection(view: View, { selection, fit, recommendation }: RunResult): HTMLElement {
  const criterion = (title: string, word: WordId, read: (row: SelectionRow) => number | null) => ({
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
    criterion('± s.e.', 'annotatorError', (row) => row.heldOutStandardError),
    criterion('Behind the best', 'behindBest', (row) => row.behindBest ?? null),
    criterion('± s.e.', 'annotatorError', (row) => row.behindBestStandardError ?? null),
  ].filter((c) => c.given);
  return section(
    'Number of types',
    ...(recommendation?.reasons ?? []).map((reason) => el('p', { class: 'headline' }, reason)),
    recommendation?.by === 'embeddings'
      ? el(
          'p',
          { class: 'note' },
          'The number was chosen by a log-linear model on the reference model’s embeddings of the responses: the table is of its fits. The language models were then trained for that number alone.',
        )
      : null,
    fit.prior > 0 && fit.policy !== 'transformer'
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
