import * as vscode from 'vscode';
import { isGoing } from './run-record';
import type { RunRecord } from './run-record';
import { ago, nats, stateWord, timeLeft } from './words';

const ICONS: Readonly<Record<RunRecord['state'], readonly [icon: string, color: string]>> = {
  created: ['loading~spin', 'charts.blue'],
  running: ['loading~spin', 'charts.blue'],
  finished: ['pass-filled', 'testing.iconPassed'],
  failed: ['error', 'testing.iconFailed'],
  cancelled: ['circle-slash', 'disabledForeground'],
  dead: ['warning', 'list.warningForeground'],
};

export function runIcon(run: RunRecord): vscode.ThemeIcon {
  const [icon, color] = ICONS[run.state];
  return new vscode.ThemeIcon(run.pinned ? 'pinned' : icon, new vscode.ThemeColor(color));
}

/** Number of types, log-likelihood or progress, and when it started; in one line. */
export function describeRun(run: RunRecord): string {
  const parts: string[] = run.pinned ? [vscode.l10n.t('baseline')] : [];
  if (run.types !== undefined) parts.push(`K=${run.types}`);
  if (isGoing(run) && run.stopping) {
    parts.push(vscode.l10n.t('stopping …'));
  } else if (isGoing(run) && run.progress?.fraction !== undefined) {
    parts.push(`${Math.floor(run.progress.fraction * 100)} %`);
  } else if (run.logLikelihood !== undefined) {
    parts.push(nats(run.logLikelihood));
  }
  if (run.state !== 'finished' && !isGoing(run)) parts.push(stateWord(run.state));
  parts.push(ago(run.started));
  return parts.join(' · ');
}

/** A run in the tree. */
export function runItem(run: RunRecord): vscode.TreeItem {
  const item = new vscode.TreeItem(run.name);
  item.id = run.directory;
  item.description = describeRun(run);
  item.iconPath = runIcon(run);
  item.contextValue = contextOf(run);
  item.tooltip = tooltip(run);
  item.accessibilityInformation = { label: `${run.name}, ${stateWord(run.state)}, ${item.description}` };
  item.command = { command: 'emdpo.runs.open', title: vscode.l10n.t('Show Results'), arguments: [run] };
  return item;
}

/** What the menus of package.json look at. */
function contextOf(run: RunRecord): string {
  if (isGoing(run)) return 'running';
  if (run.state !== 'finished') return 'ended';
  return run.pinned ? 'finished-pinned' : 'finished';
}

function tooltip(run: RunRecord): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const line = (name: string, value: string | undefined) => {
    if (value !== undefined) text.appendText(`${name}: ${value}`).appendMarkdown('\n\n');
  };
  text.appendMarkdown('**').appendText(run.name).appendMarkdown('**\n\n');
  line(vscode.l10n.t('State'), stateWord(run.state));
  if (run.pinned) text.appendText(vscode.l10n.t('Others are compared with it.')).appendMarkdown('\n\n');
  line(vscode.l10n.t('Now'), run.progress?.title);
  line(
    vscode.l10n.t('Time'),
    run.progress?.secondsLeft === undefined ? undefined : timeLeft(run.progress.secondsLeft),
  );
  line(vscode.l10n.t('Types'), run.types?.toString());
  line(
    vscode.l10n.t('Log-likelihood'),
    run.logLikelihood === undefined ? undefined : nats(run.logLikelihood),
  );
  line(vscode.l10n.t('Started'), run.started.toLocaleString(vscode.env.language));
  line(vscode.l10n.t('Reason'), run.message);
  line(vscode.l10n.t('Dataset'), run.dataset);
  line(vscode.l10n.t('Folder'), run.directory);
  return text;
}
