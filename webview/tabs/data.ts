import type { DatasetSummary } from '../../src/protocol/validation';
import { el } from '../dom';
import { counted, integer } from '../format';
import { adviceSection } from '../sections/advice';
import { collectionSections } from '../sections/collection';
import { empty } from '../sections/empty';
import { findingsSection } from '../sections/findings';
import { informationSection } from '../sections/information';
import { facts, section } from '../sections/parts';
import { verdictsSection } from '../sections/verdicts';
import type { View } from '../view';

/** What the data is, and what it can tell apart. */
export function dataTab(view: View): HTMLElement {
  const { manifest, validation, state } = view.snapshot;
  const dataset = datasetSection(validation?.dataset ?? manifest.dataset, manifest.dataset.path);
  if (!validation) {
    const missing =
      state === 'running' || state === 'created'
        ? 'The dataset is being checked. What it can tell appears here in a moment.'
        : 'This run has no validation yet. Check the dataset with “EM-DPO: Validate Dataset” or “emdpo validate FILE”.';
    return el('div', {}, dataset, empty(missing));
  }
  return el(
    'div',
    {},
    dataset,
    verdictsSection(view, validation),
    findingsSection(view, validation),
    ...collectionSections(view, validation),
    informationSection(view, validation),
    adviceSection(view, validation),
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
          : el(
              'ul',
              {},
              ...unused.map(([reason, n]) =>
                el('li', {}, `${counted(n, 'record')}: `, el('bdi', { dir: 'auto' }, reason)),
              ),
            ),
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
