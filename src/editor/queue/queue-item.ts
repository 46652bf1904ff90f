import path from 'node:path';
import * as vscode from 'vscode';
import type { Queued } from '../../run/queue/read-queue';
import { ago } from '../runs/words';

/** An experiment in the list of a queue. */
export interface QueueNode {
  readonly project: string;
  readonly entry: Queued;
  /** Of those that wait, from 1; 0 for others. */
  readonly place: number;
}

const ICONS: Readonly<Record<Queued['state'], readonly [icon: string, color: string]>> = {
  waiting: ['clock', 'foreground'],
  running: ['loading~spin', 'charts.blue'],
  finished: ['pass-filled', 'testing.iconPassed'],
  failed: ['error', 'testing.iconFailed'],
  cancelled: ['circle-slash', 'disabledForeground'],
  dead: ['warning', 'list.warningForeground'],
};

/** @param folders whether to name the folder, as there are several queues */
export function queueItem({ project, entry, place }: QueueNode, folders: boolean): vscode.TreeItem {
  const { request, directory, state } = entry;
  const item = new vscode.TreeItem(request.name);
  item.id = `${project} ${entry.id}`;
  const parts = [stateWords(entry, place), `K=${[request.types].flat().join(',')}`];
  if (folders) parts.push(path.basename(project));
  item.description = parts.join(' · ');
  const [icon, color] = ICONS[state];
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  item.contextValue = state === 'waiting' ? (place === 1 ? 'waiting-next' : 'waiting') : contextOf(entry);
  item.tooltip = tooltip(entry);
  item.accessibilityInformation = { label: `${request.name}, ${item.description}` };
  if (state === 'running' && directory !== undefined) {
    const title = vscode.l10n.t('Show Results');
    item.command = { command: 'emdpo.runs.open', title, arguments: [{ directory }] };
  }
  return item;
}

function contextOf({ stage, state }: Queued): string {
  return stage === 'ended' ? 'over' : state;
}

function stateWords({ state, directory, stage }: Queued, place: number): string {
  if (state === 'running') return vscode.l10n.t('running');
  if (state === 'dead' && stage === 'started') return vscode.l10n.t('died, goes on with the queue');
  if (stage === 'ended') return vscode.l10n.t('failed');
  if (directory !== undefined) return vscode.l10n.t('{0}, goes on from where it was', place);
  return place === 1 ? vscode.l10n.t('next') : String(place);
}

function tooltip({ request, file, added, message }: Queued): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const line = (name: string, value: string | undefined) => {
    if (value !== undefined) text.appendText(`${name}: ${value}`).appendMarkdown('\n\n');
  };
  text.appendMarkdown('**').appendText(request.name).appendMarkdown('**\n\n');
  line(vscode.l10n.t('Reason'), message);
  line(vscode.l10n.t('Types'), [request.types].flat().join(', '));
  line(vscode.l10n.t('Policy'), request.policy.kind);
  line(vscode.l10n.t('Seed'), String(request.seed));
  line(vscode.l10n.t('Dataset'), request.dataset.path);
  line(vscode.l10n.t('Added'), ago(new Date(added)));
  line(vscode.l10n.t('From'), file);
  return text;
}
