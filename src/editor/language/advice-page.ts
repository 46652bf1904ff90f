import * as vscode from 'vscode';
import type { Advice, AdvicePlan } from '../../protocol/validation';
import { plain } from './plain';

/** What to collect next, best first, as Markdown. @param plan absent where none could be made */
export function advicePage(plan: AdvicePlan | undefined): string {
  const title = `# ${vscode.l10n.t('What to collect')}`;
  if (!plan) {
    const why = vscode.l10n.t(
      'There is no plan for this dataset: it names no annotator who decides anything, or has too many rewards for the test of its design.',
    );
    return `${title}\n\n${why}`;
  }
  const { types, target, shareError, singular, reached, at, options } = plan;
  const where =
    at === 'generic'
      ? vscode.l10n.t('at random parameters')
      : vscode.l10n.t('in the worst case of two types that want the opposite');
  const goal = vscode.l10n.t(
    'The goal: every share of {0} types known to {1}, {2}.',
    types,
    error(target),
    where,
  );
  const now =
    shareError === null
      ? vscode.l10n.t('Now the shares cannot be known: {0} directions have no information.', singular)
      : vscode.l10n.t('Now they are known to {0}.', error(shareError));
  if (reached) return [title, goal, now, vscode.l10n.t('Nothing more is needed.')].join('\n\n');
  if (options.length === 0)
    return [title, goal, now, vscode.l10n.t('None of the collections that were tried helps.')].join('\n\n');
  const header = [
    vscode.l10n.t('What to collect'),
    vscode.l10n.t('Judgements'),
    vscode.l10n.t('Shares known to'),
    vscode.l10n.t('Enough'),
  ];
  const rows = options.map((option) => [
    plain(option.message),
    new Intl.NumberFormat(vscode.env.language).format(option.judgements),
    option.shareError === null ? vscode.l10n.t('not bounded') : error(option.shareError),
    option.reaches ? vscode.l10n.t('yes') : vscode.l10n.t('no'),
  ]);
  const table = [header, ['---', '---:', '---:', '---'], ...rows].map((row) => `| ${row.join(' | ')} |`);
  const note = vscode.l10n.t(
    'Best first. A pair or a favourite is one judgement, a ranking of three is two. These are expected standard errors of a local test: they assume the model and the number of types.',
  );
  return [title, goal, now, table.join('\n'), note, ...options.flatMap(meant)].join('\n\n');
}

/** Names that a page shows of one collection; `emdpo validate --json` lists them all. */
const MOST_NAMES = 200;

/** Everybody and everything that a collection means by name. */
function meant({ message, annotators, prompts, pairs }: Advice): string[] {
  const names = annotators ?? prompts ?? pairs?.map(([a, b]) => `${a} – ${b}`) ?? [];
  if (names.length === 0) return [];
  const shown = names.slice(0, MOST_NAMES).map((name) => `- ${plain(name)}`);
  const left = names.length - shown.length;
  const rest =
    left > 0 ? [`- ${vscode.l10n.t('and {0} more: emdpo validate --advise --json lists them', left)}`] : [];
  return [`## ${plain(message)}`, [...shown, ...rest].join('\n')];
}

function error(share: number): string {
  return `±${(100 * share).toFixed(1)} %`;
}
