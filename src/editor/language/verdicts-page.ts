import * as vscode from 'vscode';
import type { ScopeVerdict, ValidationReport } from '../../protocol/validation';
import { plain } from './plain';

/** For which numbers of types a mixture can be recovered from a dataset, why, and what that assumes; as Markdown. */
export function verdictsPage({ mixtures = [], verdicts }: ValidationReport): string {
  const asked = verdicts.filter(({ scope }) => scope !== 'finite-mixture');
  return [
    `# ${vscode.l10n.t('Can this dataset tell types apart?')}`,
    `## ${vscode.l10n.t('By number of types')}`,
    ...mixtures.flatMap((each) => verdictText(`K = ${each.types}`, each)),
    ...(asked.length > 0 ? [`## ${vscode.l10n.t('Further questions, for K = {0}', asked[0].types)}`] : []),
    ...asked.flatMap((each) => verdictText(each.scope, each)),
  ].join('\n\n');
}

function verdictText(title: string, { verdict, because, sources, assumptions }: ScopeVerdict): string[] {
  const words: Record<ScopeVerdict['verdict'], string> = {
    'necessary-fails': vscode.l10n.t('they cannot'),
    'sufficient-generic': vscode.l10n.t('generically they can'),
    unknown: vscode.l10n.t('not known'),
  };
  return [
    `### ${title}: ${words[verdict]}`,
    ...because.map(plain),
    ...(assumptions.length > 0
      ? [
          `${vscode.l10n.t('Only if (data cannot show it):')}\n\n${assumptions.map((a) => `- ${plain(a)}`).join('\n')}`,
        ]
      : []),
    ...(sources.length > 0 ? [vscode.l10n.t('Source: {0}', plain(sources.join('; ')))] : []),
  ];
}
