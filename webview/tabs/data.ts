import type { Finding, Position, Scope, Severity, Verdict } from '../../src/protocol/finding';
import type { DatasetSummary, ScopeVerdict, ValidationReport } from '../../src/protocol/validation';
import { badge, dropdown } from '../controls';
import type { Child } from '../dom';
import { el } from '../dom';
import { counted, integer, list, scientific } from '../format';
import { term } from '../term';
import { table } from '../table';
import type { View } from '../view';
import { sentence } from '../view';
import { facts, section } from './parts';
import { empty } from './empty';

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

const scopeNames: Record<Scope, string> = {
  form: 'Form of the file',
  data: 'Quality of the data',
  nonparametric: 'Any distribution of types',
  'finite-mixture': 'A finite number of types',
  'linear-reward': 'Rewards linear in features',
  fit: 'Existence of the fit',
};
const verdictNames: Record<Verdict, string> = {
  'necessary-fails': 'cannot be identified',
  'sufficient-generic': 'identified, generically',
  unknown: 'unknown',
};
/** Of the fit, the question is not whether types are identified but whether a finite optimum exists. */
const fitNames: Record<Verdict, string> = {
  'necessary-fails': 'no finite optimum',
  'sufficient-generic': 'a unique finite optimum',
  unknown: 'unknown',
};
const verdictWords = (verdict: Verdict, scope: Scope) => (scope === 'fit' ? fitNames : verdictNames)[verdict];
const verdictSigns: Record<Verdict, string> = {
  'necessary-fails': '✕',
  'sufficient-generic': '✓',
  unknown: '?',
};

function verdictsSection(view: View, { verdicts }: ValidationReport): HTMLElement {
  const title = 'Can this data tell types apart?';
  if (verdicts.length === 0) return section(title, empty('No verdict was computed for this dataset.'));
  const counts = [...new Set(verdicts.map((v) => v.types))].sort((a, b) => a - b);
  const scopes = [...new Set(verdicts.map((v) => v.scope))];
  const find = (scope: Scope, types: number) => verdicts.find((v) => v.scope === scope && v.types === types);
  const overview = table(view, {
    caption: 'Verdict by scope and number of types',
    captionHidden: true,
    columns: [{ title: 'Scope', heading: true }, ...counts.map((n) => ({ title: counted(n, 'type') }))],
    rows: scopes.map((scope) => [
      scopeNames[scope],
      ...counts.map((n) => {
        const verdict = find(scope, n)?.verdict;
        return verdict ? { value: verdictWords(verdict, scope), show: verdictMark(verdict, scope) } : null;
      }),
    ]),
  });
  const wanted = Number(view.choice('verdict-types') ?? view.snapshot.manifest.experiment.types);
  let chosen = counts.includes(wanted) ? wanted : counts[0];
  const reasons = el('div', { 'aria-live': 'polite' });
  const show = () => {
    reasons.replaceChildren(...scopes.flatMap((scope) => find(scope, chosen) ?? []).map(verdictReasons));
  };
  show();
  const pick =
    counts.length > 1
      ? dropdown(
          'Reasons for',
          counts.map((n) => ({ value: String(n), text: counted(n, 'type') })),
          String(chosen),
          (value) => {
            chosen = Number(value);
            view.choose('verdict-types', value);
            show();
          },
        )
      : null;
  return section(
    title,
    el(
      'p',
      { class: 'note' },
      'Each ',
      term('verdict', 'verdict'),
      ' holds within its scope only and under its assumptions.',
    ),
    overview,
    pick,
    reasons,
  );
}

function verdictMark(verdict: Verdict, scope: Scope): HTMLElement {
  return el(
    'span',
    { class: `verdict ${verdict}` },
    el('span', { class: 'sign', 'aria-hidden': 'true' }, verdictSigns[verdict]),
    verdictWords(verdict, scope),
  );
}

function verdictReasons(v: ScopeVerdict): HTMLElement {
  return el(
    'article',
    { class: 'reasons' },
    el('h3', {}, `${scopeNames[v.scope]}, ${counted(v.types, 'type')}: `, verdictMark(v.verdict, v.scope)),
    ...v.because.map((s) => el('p', {}, s)),
    v.assumptions.length > 0
      ? el(
          'details',
          {},
          el('summary', {}, `Assumes ${counted(v.assumptions.length, 'thing')} that the data cannot show`),
          el('ul', {}, ...v.assumptions.map((s) => el('li', {}, s))),
        )
      : null,
    v.sources.length > 0 ? el('p', { class: 'note' }, `Source: ${v.sources.join('; ')}`) : null,
  );
}

const severities: readonly Severity[] = ['error', 'warning', 'information', 'hint'];
const FIRST_FINDINGS = 50;
const FIRST_POSITIONS = 8;

function findingsSection(view: View, { findings }: ValidationReport): HTMLElement {
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
      ],
      rows: design.map((d) => [
        d.at,
        d.types,
        d.rank,
        d.parameters,
        { value: d.smallestEigenvalue, show: scientific(d.smallestEigenvalue) },
        { value: d.condition, show: scientific(d.condition) },
      ]),
    }),
  );
}
