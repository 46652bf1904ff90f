import type { Scope } from '../protocol/finding';
import type { ScopeVerdict } from '../protocol/validation';
import { wrap } from './terminal';

/** No bare yes: its star leads to the assumptions. */
const words = {
  'necessary-fails': 'fails',
  'sufficient-generic': 'yes*',
  unknown: 'not known',
} as const;

const questions: Partial<Record<Scope, string>> = {
  nonparametric: 'any distribution of types',
  'finite-mixture': 'K types, their shares and rewards',
  'linear-reward': 'rewards that are linear in the features',
  fit: 'one finite best fit without a prior',
};

/**
 * Verdicts by scope: one line with the numbers of types that share a verdict, and under it each reason once, with the
 * numbers of types that it is about; below all scopes the assumptions that a yes* rests on.
 *
 * @param width columns of the terminal
 */
export function printVerdicts(verdicts: readonly ScopeVerdict[], width: number): string {
  const scopes = [...new Set(verdicts.map((v) => v.scope))];
  const blocks = scopes.map((scope) =>
    scopeText(
      scope,
      verdicts.filter((v) => v.scope === scope),
      width,
    ),
  );
  const foot = footnote(verdicts, width);
  const title = 'Can this dataset tell types apart? By scope and number of types K:';
  return [title, ...blocks, ...foot, 'What the words mean: docs/identifiability.md'].join('\n');
}

function scopeText(scope: Scope, verdicts: readonly ScopeVerdict[], width: number): string {
  const summary = runs(verdicts, (v) => words[v.verdict]).map(([label, word]) => `${label} ${word}`);
  const name = `  ${scope} (${questions[scope] ?? 'types'})`;
  const line = `${name}: ${summary.join(', ')}`;
  const sentences = [...new Set(verdicts.flatMap((v) => v.because))].map((because) => {
    const about = verdicts.filter((v) => v.because.includes(because)).map((v) => v.types);
    const everywhere = about.length === verdicts.length;
    return `      ${wrap(everywhere ? because : `${ranges(about)}: ${because}`, width, '      ')}`;
  });
  return [line, ...sentences].join('\n');
}

/** Neighbouring numbers of types with the same word, as "K=2..4". */
function runs(verdicts: readonly ScopeVerdict[], word: (v: ScopeVerdict) => string): [string, string][] {
  const groups: { types: number[]; word: string }[] = [];
  for (const v of verdicts) {
    const last = groups.at(-1);
    if (last?.word === word(v) && last.types.at(-1) === v.types - 1) last.types.push(v.types);
    else groups.push({ types: [v.types], word: word(v) });
  }
  return groups.map((group) => [ranges(group.types), group.word]);
}

/** "K=1", "K=2..4", "K=1, 3..4". */
function ranges(types: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const k of types) {
    const last = parts.at(-1);
    if (last?.[1] === k - 1) last[1] = k;
    else parts.push([k, k]);
  }
  return 'K=' + parts.map(([from, to]) => (from === to ? String(from) : `${from}..${to}`)).join(', ');
}

function footnote(verdicts: readonly ScopeVerdict[], width: number): string[] {
  const yes = verdicts.filter((v) => v.verdict === 'sufficient-generic');
  if (yes.length === 0) return [];
  const assumptions = [...new Set(yes.flatMap((v) => v.assumptions))];
  const head =
    assumptions.length === 0
      ? '* With enough annotators.'
      : '* With enough annotators, and only if (data cannot show it; --json says which verdict needs which):';
  return [`  ${wrap(head, width, '    ')}`, ...assumptions.map((a) => `    - ${wrap(a, width, '      ')}`)];
}
