import * as vscode from 'vscode';
import type { Phase } from '../../protocol/event';
import type { RunState } from '../../protocol/run';

/** How much longer, the way a person says it. */
export function timeLeft(seconds: number): string {
  if (seconds < 10) return vscode.l10n.t('a few seconds left');
  if (seconds < 55) return vscode.l10n.t('about {0} s left', Math.ceil(seconds / 10) * 10);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return vscode.l10n.t('about {0} min left', Math.max(1, minutes));
  return vscode.l10n.t('about {0} h left', (seconds / 3600).toFixed(1));
}

/** How long ago, for a list. */
export function ago(date: Date, now = new Date()): string {
  const minutes = Math.floor((now.getTime() - date.getTime()) / 60_000);
  if (minutes < 1) return vscode.l10n.t('just now');
  if (minutes < 60) return vscode.l10n.t('{0} min ago', minutes);
  if (minutes < 24 * 60) return vscode.l10n.t('{0} h ago', Math.floor(minutes / 60));
  return date.toLocaleDateString(vscode.env.language, { year: 'numeric', month: 'short', day: 'numeric' });
}

export function stateWord(state: RunState): string {
  const words: Record<RunState, string> = {
    created: vscode.l10n.t('starting'),
    running: vscode.l10n.t('running'),
    finished: vscode.l10n.t('finished'),
    failed: vscode.l10n.t('failed'),
    cancelled: vscode.l10n.t('stopped'),
    dead: vscode.l10n.t('ended without finishing'),
  };
  return words[state];
}

export function phaseWord(phase: Phase): string {
  const words: Record<Phase, string> = {
    reading: vscode.l10n.t('Reading the dataset'),
    validating: vscode.l10n.t('Validating'),
    fitting: vscode.l10n.t('Fitting types'),
    selecting: vscode.l10n.t('Comparing numbers of types'),
    aggregating: vscode.l10n.t('Finding the fair policy'),
    stability: vscode.l10n.t('Testing how stable the types are'),
    writing: vscode.l10n.t('Writing the results'),
  };
  return words[phase];
}

/** A log-likelihood, in nats, as lists show it. */
export function nats(value: number): string {
  return value.toLocaleString(vscode.env.language, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
}
