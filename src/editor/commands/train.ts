import path from 'node:path';
import * as vscode from 'vscode';
import { isExperimentName } from '../dataset-file';
import { pickFile, saveFirst } from '../pick-file';
import type { ResultsPanels } from '../panel/results-panels';
import { showProgress } from '../runs/progress-notification';
import { projectFolderOf } from '../runs/run-folders';
import type { RunList } from '../runs/run-list';
import { isGoing } from '../runs/run-record';
import { pickTypes } from './pick-types';
import { startRun } from '../runs/start-run';
import type { StartedRun, TrainingRequest } from '../runs/start-run';

export interface TrainOptions {
  /** Path of dist/emdpo.cjs. */
  readonly cli: string;
  readonly logFolder: string;
  readonly list: RunList;
  readonly panels: ResultsPanels;
  readonly stop: (directory: string) => void;
  readonly log: vscode.LogOutputChannel;
}

/** Starts a run on a dataset or an experiment, and shows it. Resolves when the run has started. */
export async function train(options: TrainOptions, given: unknown): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new Error(vscode.l10n.t('Training starts a process and writes files: trust this workspace first.'));
  }
  const uri = await pickFile(given, true);
  if (!uri) return;
  await saveFirst(uri);
  const request = await requestFor(uri);
  if (!request) return;
  const { list, log } = options;
  const run = await startRun(options.cli, options.logFolder, request);
  log.info(`Training ${request.file}: process ${run.pid} writes ${run.directory}.`);
  await list.refreshOne(run.directory);
  void showProgress(list, run.directory, request.name, options.stop);
  reportEarlyEnd(run, options);
  if (vscode.workspace.getConfiguration('emdpo').get<boolean>('showResultsOnTrain', true))
    openWhenReadable(run, options);
}

async function requestFor(uri: vscode.Uri): Promise<TrainingRequest | undefined> {
  const file = uri.fsPath;
  if (isExperimentName(uri)) {
    // the schema checker takes a while to load
    const { readExperiment } = await import('../../run/experiment');
    const experiment = await readExperiment(file);
    const dataset = experiment.dataset.path;
    await saveFirst(vscode.Uri.file(dataset));
    return { file, dataset, name: experiment.name, project: projectFolderOf(vscode.Uri.file(dataset)) };
  }
  const types = await pickTypes(uri, vscode.l10n.t('Train on {0}', path.basename(file)));
  if (types === undefined) return undefined;
  const name = path.basename(file).replace(/\.[^.]+$/, '');
  const { writtenReading } = await import('../../run/written-reading');
  const reading = await writtenReading(file);
  return { file, dataset: file, name, project: projectFolderOf(uri), types, reading };
}

/** Says why a process ended that could not write it into its run directory. */
function reportEarlyEnd({ directory, ended }: StartedRun, { list, log }: TrainOptions): void {
  ended.then(
    async ({ code, said }) => {
      if (said !== '') log.info(said);
      const run = await list.refreshOne(directory);
      if (code === 0 || run?.state !== 'created') return;
      void vscode.window.showErrorMessage(
        said || vscode.l10n.t('Training ended at once, with code {0}.', String(code)),
      );
    },
    (error: unknown) => {
      void vscode.window.showErrorMessage(String(error));
    },
  );
}

/** Opens the panel once the run has read its dataset, before which there is nothing to show. */
function openWhenReadable({ directory }: StartedRun, { list, panels }: TrainOptions): void {
  const look = () => {
    const run = list.get(directory);
    if (run?.dataset !== undefined) panels.open(directory);
    if (!run || run.dataset !== undefined || !isGoing(run)) watching.dispose();
  };
  const watching = list.onDidChange(look);
  look();
}
