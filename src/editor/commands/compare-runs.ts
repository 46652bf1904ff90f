import * as vscode from 'vscode';
import type { ResultsPanels } from '../panel/results-panels';
import { describeRun, runIcon } from '../runs/run-item';
import type { RunList } from '../runs/run-list';
import type { RunRecord } from '../runs/run-record';

/** Opens the panel of a run on its Compare tab, with others beside it: those selected, the pinned one, or those chosen. */
export async function compareChosen(
  list: RunList,
  panels: ResultsPanels,
  directories: readonly string[],
): Promise<void> {
  await list.refresh();
  const finished = list.all.filter((run) => run.state === 'finished');
  const given = directories.map((directory) => named(list, directory));
  if (given.length > 1) {
    open(panels, given);
    return;
  }
  const others = finished.filter((run) => run.directory !== given.at(0)?.directory);
  if (others.length === 0 || finished.length < 2) {
    throw new Error(
      vscode.l10n.t(
        'It takes two finished runs to compare. Train again with something changed: “EM-DPO: Duplicate Run with Changes” makes an experiment to edit.',
      ),
    );
  }
  const pinned = others.find((run) => run.pinned);
  if (given.length === 1 && pinned) {
    open(panels, [given[0], pinned]);
    return;
  }
  const chosen = await choose(given.length === 1 ? others : finished, given);
  if (chosen.length > 0) open(panels, [...given, ...chosen]);
}

function named(list: RunList, directory: string): RunRecord {
  const run = list.get(directory);
  if (!run) throw new Error(vscode.l10n.t('The run is gone: {0}', directory));
  if (run.state === 'finished') return run;
  throw new Error(vscode.l10n.t('{0} has not finished: there is nothing to compare yet.', run.name));
}

/** In the panel of the first that is not the baseline, which the others are measured by. */
function open(panels: ResultsPanels, runs: readonly RunRecord[]): void {
  const own = runs.find((run) => !run.pinned) ?? runs[0];
  const others = runs.filter((run) => run !== own);
  panels.open(
    own.directory,
    others.map(({ directory }) => directory),
  );
}

async function choose(runs: readonly RunRecord[], given: readonly RunRecord[]): Promise<RunRecord[]> {
  const items = runs.map((run) => ({
    run,
    label: run.name,
    description: describeRun(run),
    iconPath: runIcon(run),
    picked: run.pinned === true,
  }));
  const needed = 2 - given.length;
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title:
      given.length === 1 ? vscode.l10n.t('Compare {0} with …', given[0].name) : vscode.l10n.t('Compare Runs'),
    placeHolder:
      needed === 1
        ? vscode.l10n.t('Runs of the same dataset; one or more')
        : vscode.l10n.t('Runs of the same dataset; two or more'),
  });
  if (!chosen) return [];
  if (chosen.length < needed) throw new Error(vscode.l10n.t('Choose at least two runs to compare.'));
  return chosen.map(({ run }) => run);
}
