import * as vscode from 'vscode';
import { MOST_AUTO_TYPES } from '../../protocol/experiment';

/**
 * Asks how many types to look for in a dataset that has no experiment file.
 *
 * @returns `undefined` when nothing was chosen
 */
export async function pickTypes(dataset: vscode.Uri, title: string): Promise<number | 'auto' | undefined> {
  const usual = vscode.workspace.getConfiguration('emdpo', dataset).get('types', 3);
  const counts = [usual, ...[1, 2, 3, 4, 5, 6].filter((types) => types !== usual)];
  const items = counts.map((types) => ({
    types,
    label: types === 1 ? vscode.l10n.t('1 type') : vscode.l10n.t('{0} types', types),
    description: types === 1 ? vscode.l10n.t('plain DPO: everybody wants the same') : undefined,
  }));
  const auto = {
    types: 'auto' as const,
    label: vscode.l10n.t('Let the data choose'),
    description: vscode.l10n.t('1 to {0} types, scored on annotators held out', MOST_AUTO_TYPES),
  };
  const chosen = await vscode.window.showQuickPick([...items, auto], {
    title,
    placeHolder: vscode.l10n.t('How many types of annotators? One policy is trained for each.'),
  });
  return chosen?.types;
}
