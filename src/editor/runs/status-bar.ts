import * as vscode from 'vscode';
import type { RunList } from './run-list';
import { isGoing } from './run-record';
import { timeLeft } from './words';

/** What is going on, while something is: one item at the left of the status bar. */
export function createStatusBar(list: RunList): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('emdpo.training', vscode.StatusBarAlignment.Left);
  item.name = vscode.l10n.t('EM-DPO Training');
  const show = () => {
    const going = list.all.filter(isGoing);
    if (going.length === 0) {
      item.hide();
      return;
    }
    const [run] = going;
    const percent =
      run.progress?.fraction === undefined ? '' : ` ${Math.floor(run.progress.fraction * 100)} %`;
    item.text =
      going.length > 1
        ? `$(sync~spin) ${vscode.l10n.t('EM-DPO: {0} runs', going.length)}`
        : `$(sync~spin) EM-DPO${percent}`;
    if (run.stopping && going.length === 1) item.text = `$(sync~spin) ${vscode.l10n.t('EM-DPO: stopping …')}`;
    const left = run.progress?.secondsLeft;
    const what = [run.name, run.progress?.title, left === undefined ? undefined : timeLeft(left)];
    item.tooltip = what.filter((part) => part !== undefined).join(' · ');
    item.accessibilityInformation = { label: `EM-DPO: ${item.tooltip}` };
    item.command =
      going.length > 1
        ? { command: 'emdpo.runs.focus', title: '' }
        : { command: 'emdpo.showResults', title: '', arguments: [vscode.Uri.file(run.directory)] };
    item.show();
  };
  show();
  return vscode.Disposable.from(item, list.onDidChange(show));
}
