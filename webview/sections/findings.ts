import type { Finding, Severity } from '../../src/protocol/finding';
import type { ValidationReport } from '../../src/protocol/validation';
import { badge } from '../controls';
import type { Child } from '../dom';
import { el } from '../dom';
import { counted, integer, list } from '../format';
import { placeLink } from '../place-link';
import type { View } from '../view';
import { section } from './parts';

const severities: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** Findings of one kind that are shown at first. */
const FIRST_ALIKE = 3;

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
  const byCode = new Map<string, Finding[]>();
  for (const finding of sorted) byCode.set(finding.code, [...(byCode.get(finding.code) ?? []), finding]);
  for (const [code, alike] of byCode) {
    items.append(...alike.slice(0, FIRST_ALIKE).map((finding) => findingItem(view, finding)));
    const rest = alike.slice(FIRST_ALIKE);
    if (rest.length === 0) continue;
    const more = el(
      'button',
      { type: 'button', class: 'plain more' },
      `Show ${integer(rest.length)} more of `,
    );
    more.append(el('code', {}, code));
    const place = el('li', { class: 'more' }, more);
    more.addEventListener('click', () => {
      place.replaceWith(...rest.map((finding) => findingItem(view, finding)));
    });
    items.append(place);
  }
  return section('Findings', el('p', { class: 'note' }, `${list(tally)}.`), items);
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
