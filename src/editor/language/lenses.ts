import * as vscode from 'vscode';
import type { ScopeVerdict, ValidationReport } from '../../protocol/validation';
import type { Validator } from '../diagnostics/validator';

export const PLAN_COMMAND = 'emdpo.planCollection';
export const VERDICTS_COMMAND = 'emdpo.showVerdicts';

/** Above the first line of a dataset: what is in it, whether types can be told apart, and what to do next. */
export function datasetLenses(validator: Pick<Validator, 'last' | 'onDidValidate'>): vscode.CodeLensProvider {
  return {
    onDidChangeCodeLenses: validator.onDidValidate,
    provideCodeLenses({ uri }) {
      const report = validator.last(uri)?.report;
      if (!report || report.dataset.records === 0) return [];
      const top = new vscode.Range(0, 0, 0, 0);
      const lens = (title: string, command: string, tooltip: string) =>
        new vscode.CodeLens(top, { title, command, tooltip, arguments: [uri] });
      return [
        lens(summary(report), VERDICTS_COMMAND, vscode.l10n.t('Show why, and under which assumptions')),
        lens(vscode.l10n.t('Train'), 'emdpo.train', vscode.l10n.t('Find the types of annotators')),
        lens(
          vscode.l10n.t('What to collect'),
          PLAN_COMMAND,
          vscode.l10n.t('Plan what to collect so that every share is known'),
        ),
      ];
    },
  };
}

function summary({ dataset, mixtures = [] }: ValidationReport): string {
  const number = new Intl.NumberFormat(vscode.env.language);
  return [
    vscode.l10n.t('{0} records', number.format(dataset.records)),
    vscode.l10n.t('{0} annotators', number.format(dataset.annotators)),
    toldApart(mixtures),
  ].join(' · ');
}

/** For which numbers of types, from 2 up without a gap, a theorem says that they can be told apart. */
function toldApart(mixtures: readonly ScopeVerdict[]): string {
  let most = 1;
  const verdictOf = (types: number) => mixtures.find((each) => each.types === types)?.verdict;
  while (verdictOf(most + 1) === 'sufficient-generic') most++;
  if (most > 1) return vscode.l10n.t('types can be told apart for K ≤ {0} (generically; assumptions)', most);
  if (verdictOf(2) === 'necessary-fails') return vscode.l10n.t('two types cannot be told apart in general');
  return vscode.l10n.t('not known whether types can be told apart');
}
