import type { Scope, Verdict } from '../../src/protocol/finding';
import type { ScopeVerdict, ValidationReport } from '../../src/protocol/validation';
import { dropdown } from '../controls';
import { el } from '../dom';
import { counted } from '../format';
import { table } from '../table';
import { term } from '../term';
import type { View } from '../view';
import { empty } from './empty';
import { section } from './parts';

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

/** What theory says about telling types apart with this data, by scope and number of types. */
export function verdictsSection(view: View, { verdicts }: ValidationReport): HTMLElement {
  const title = 'Can this data tell types apart?';
  if (verdicts.length === 0) return section(title, empty('No verdict was computed for this dataset.'));
  const counts = [...new Set(verdicts.map((v) => v.types))].sort((a, b) => a - b);
  const scopes = [...new Set(verdicts.map((v) => v.scope))];
  const find = (scope: Scope, types: number) => verdicts.find((v) => v.scope === scope && v.types === types);
  const asked = view.snapshot.result?.fit.types ?? view.snapshot.manifest.experiment.types;
  const overview = table(view, {
    caption: 'Verdict by number of types and scope',
    captionHidden: true,
    columns: [
      { title: 'Types', heading: true, word: 'types' },
      ...scopes.map((scope) => ({ title: scopeNames[scope], word: 'verdict' as const })),
    ],
    rows: counts.map((n) => [
      { value: n, show: n === asked ? el('strong', {}, counted(n, 'type')) : counted(n, 'type') },
      ...scopes.map((scope) => {
        const verdict = find(scope, n)?.verdict;
        return verdict ? { value: verdictWords(verdict, scope), show: verdictMark(verdict, scope) } : null;
      }),
    ]),
  });
  const wanted = Number(view.choice('verdict-types') ?? asked);
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
    counts.includes(Number(asked))
      ? el('p', { class: 'headline' }, spoken(Number(asked), scopes, find))
      : null,
    overview,
    pick,
    reasons,
  );
}

/** The row of one number of types as a person would say it. */
function spoken(
  types: number,
  scopes: readonly Scope[],
  find: (scope: Scope, types: number) => ScopeVerdict | undefined,
): string {
  const parts = scopes.flatMap((scope) => {
    const found = find(scope, types);
    return found ? `${scopeNames[scope].toLowerCase()}: ${verdictWords(found.verdict, scope)}` : [];
  });
  return `With ${counted(types, 'type')} – ${parts.join('; ')}.`;
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
