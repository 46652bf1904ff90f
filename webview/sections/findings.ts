import type { Finding, Position, Severity } from '../../src/protocol/finding';
import type { ValidationReport } from '../../src/protocol/validation';
import { badge } from '../controls';
import type { Child } from '../dom';
import { el } from '../dom';
import { counted, integer, list } from '../format';
import type { View } from '../view';
import { sentence } from '../view';
import { section } from './parts';

const severities: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

const FIRST_FINDINGS = 50;

const FIRST_POSITIONS = 8;

/** What validation found, errors first, each with its places in the file. */
export function findingsSection(view: View, { findings }: ValidationReport): HTMLElement {
  if (findings.length === 0)
    return section(
      'Findings',
      el('p', {}, 'Nothing to report: no finding in the form, the data or the design.'),
    );
  const sorted = [...findings].sort(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
  );
  const tally = severities
    .map((s) => [s, findings.filter((f) => f.severity === s).length] as const)
    .filter(([, n]) => n > 0)
    .map(([s, n]) => (s === 'information' ? `${n} for information` : counted(n, s)));
  const items = el('ul', { class: 'findings' });
  const show = (from: number, to: number) => {
    for (const finding of sorted.slice(from, to)) items.append(findingItem(view, finding));
  };
  show(0, FIRST_FINDINGS);
  const more = el(
    'button',
    { type: 'button', class: 'plain' },
    `Show all ${integer(sorted.length)} findings`,
  );
  more.addEventListener('click', () => {
    show(FIRST_FINDINGS, sorted.length);
    more.remove();
  });
  return section(
    'Findings',
    el('p', { class: 'note' }, `${list(tally)}.`),
    items,
    sorted.length > FIRST_FINDINGS ? more : null,
  );
}

function findingItem(view: View, finding: Finding): HTMLElement {
  const { positions, occurrences = positions.length } = finding;
  const shown = positions.slice(0, FIRST_POSITIONS);
  const places: Child[] = shown.flatMap((p, i) => [i > 0 ? ', ' : '', placeLink(view, p)]);
  if (occurrences > shown.length) places.push(` and ${integer(occurrences - shown.length)} more`);
  return el(
    'li',
    { class: finding.severity },
    el('div', { class: 'head' }, badge(finding.severity), ' ', el('code', {}, finding.code)),
    el('p', {}, el('bdi', { dir: 'auto' }, finding.message)),
    shown.length > 0 ? el('p', { class: 'places' }, ...places) : null,
    ...(finding.related ?? []).map((r) =>
      el('p', { class: 'places' }, el('bdi', { dir: 'auto' }, r.message), ' ', placeLink(view, r.position)),
    ),
    finding.fix !== undefined ? el('p', {}, el('strong', {}, 'What to do: '), finding.fix) : null,
    finding.source !== undefined ? el('p', { class: 'note' }, `Source: ${finding.source}`) : null,
  );
}

/** A place in the dataset: opens it where the host can, and is plain text elsewhere. */
function placeLink(view: View, { line, column }: Position): HTMLElement {
  const text = `line ${line}:${column}`;
  if (!view.host.can('openDataset')) return el('span', {}, text);
  const link = el('button', { type: 'button', class: 'plain link' }, text);
  link.addEventListener('click', () => {
    view.host.request('openDataset', { line, column }).catch((error: unknown) => {
      view.say(`The dataset could not be opened: ${sentence(error)}`);
    });
  });
  return link;
}
