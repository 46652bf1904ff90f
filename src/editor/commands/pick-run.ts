import * as vscode from 'vscode';
import type { RunList } from '../runs/run-list';
import type { RunRecord } from '../runs/run-record';
import { describeRun, runIcon } from '../runs/run-item';

/** A tree item of the runs view, or anything that names a run's directory. */
export function directoryOf(given: unknown): string | undefined {
  if (given instanceof vscode.Uri) return given.fsPath;
  if (
    typeof given === 'object' &&
    given !== null &&
    'directory' in given &&
    typeof given.directory === 'string'
  ) {
    return given.directory;
  }
  return undefined;
}

/**
 * The runs that a command of the list was called on: all that are selected where the one it was called on is among them,
 * else that one.
 *
 * @param selected the second argument of such a command
 */
export function runsGiven(given: unknown, selected: unknown): string[] {
  const one = directoryOf(given);
  const several = Array.isArray(selected)
    ? selected.map(directoryOf).filter((each) => each !== undefined)
    : [];
  if (one === undefined) return several;
  return several.includes(one) ? several : [one];
}

/**
 * The run a command is about: the one it was called on, else the only one that suits, else one that is chosen.
 *
 * @param none what to say when no run suits
 * @returns `undefined` when nothing was chosen
 * @throws `none` as a sentence
 */
export async function pickRun(
  list: RunList,
  given: unknown,
  suits: (run: RunRecord) => boolean,
  none: string,
): Promise<string | undefined> {
  const directory = directoryOf(given);
  if (directory !== undefined) return directory;
  await list.refresh();
  const runs = list.all.filter(suits);
  if (runs.length === 0) throw new Error(none);
  if (runs.length === 1) return runs[0].directory;
  const items = runs.map((run) => ({
    run,
    label: run.name,
    description: describeRun(run),
    iconPath: runIcon(run),
  }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which run?') });
  return chosen?.run.directory;
}
