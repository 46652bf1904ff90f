import type { DatasetSummary, ValidationReport } from '../../src/protocol/validation';
import { el } from '../dom';
import { counted, integer, percent, scientific } from '../format';
import { empty } from '../sections/empty';
import { findingsSection } from '../sections/findings';
import { facts, section } from '../sections/parts';
import { verdictsSection } from '../sections/verdicts';
import { table } from '../table';
import type { View } from '../view';

/** What the data is, and what it can tell apart. */
export function dataTab(view: View): HTMLElement {
  const { manifest, validation } = view.snapshot;
  const dataset = datasetSection(validation?.dataset ?? manifest.dataset, manifest.dataset.path);
  if (!validation) {
    const missing =
      'This run has no validation yet. Check the dataset with “EM-DPO: Validate Dataset” or “emdpo validate FILE”.';
    return el('div', {}, dataset, empty(missing));
  }
  return el(
    'div',
    {},
    dataset,
    verdictsSection(view, validation),
    findingsSection(view, validation),
    validation.design.length > 0 ? designSection(view, validation) : null,
  );
}

function datasetSection(data: DatasetSummary, path: string): HTMLElement {
  const unused = Object.entries(data.unused).filter(([, n]) => n > 0);
  const left = unused.reduce((sum, [, n]) => sum + n, 0);
  return section(
    'Dataset',
    el('p', { class: 'note' }, el('bdi', { class: 'path' }, path), ` · read as ${data.form}`),
    facts([
      { word: 'annotator', value: integer(data.annotators) },
      { word: 'record', value: integer(data.records) },
      { word: 'prompt', value: integer(data.prompts) },
      { word: 'response', value: integer(data.responses) },
      data.items > 0 ? { word: 'item', value: integer(data.items) } : undefined,
    ]),
    el(
      'div',
      { class: 'columns' },
      el(
        'div',
        {},
        el('h3', {}, 'What was not used'),
        unused.length === 0
          ? el('p', {}, 'Every record of the file was used.')
          : el('ul', {}, ...unused.map(([reason, n]) => el('li', {}, `${counted(n, 'record')}: ${reason}`))),
        left > 0
          ? el(
              'p',
              { class: 'note' },
              `${counted(left, 'record')} left out of ${integer(left + data.records)}.`,
            )
          : null,
      ),
      el(
        'div',
        {},
        el('h3', {}, 'What was assumed'),
        data.assumptions.length === 0
          ? el('p', {}, 'Nothing beyond what the file says.')
          : el('ul', {}, ...data.assumptions.map((s) => el('li', {}, s))),
      ),
    ),
  );
}

function designSection(view: View, { design }: ValidationReport): HTMLElement {
  return section(
    'Information in the design',
    el(
      'p',
      { class: 'note' },
      'Computed at parameters drawn at random (generic) and at the hardest point (symmetric: equal shares, opposite wishes).',
    ),
    table(view, {
      caption: 'Fisher information of the design',
      captionHidden: true,
      columns: [
        { title: 'At', heading: true },
        { title: 'Types', numeric: true, word: 'types' },
        { title: 'Rank', numeric: true, word: 'rank' },
        { title: 'Parameters', numeric: true, word: 'parameters' },
        { title: 'Smallest eigenvalue', numeric: true, word: 'eigenvalue' },
        { title: 'Condition', numeric: true, word: 'condition' },
        { title: 'Error of shares', numeric: true, word: 'shareError' },
        { title: 'Left open, or weakest', word: 'direction' },
      ],
      rows: design.map((d) => [
        d.at,
        d.types,
        d.rank,
        d.parameters,
        { value: d.smallestEigenvalue, show: scientific(d.smallestEigenvalue) },
        d.condition === null ? 'singular' : { value: d.condition, show: scientific(d.condition) },
        d.standardErrors ? `± ${percent(Math.max(0, ...d.standardErrors.shares))}` : 'unbounded',
        d.directions.join('; '),
      ]),
    }),
  );
}
