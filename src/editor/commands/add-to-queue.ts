import path from 'node:path';
import * as vscode from 'vscode';
import { addToQueue } from '../../run/queue/change-queue';
import type { TypesChoice } from '../../protocol/experiment';
import type { ExperimentPart } from '../../run/experiment';
import type { Addition } from '../../run/queue/change-queue';
import { isExperimentName } from '../dataset-file';
import { pickFile, saveFirst } from '../pick-file';
import { isWorkedThrough } from '../queue/queue-list';
import type { QueueList } from '../queue/queue-list';
import { queueFolderOf } from '../runs/run-folders';
import { pickTypes } from './pick-types';

/**
 * Adds datasets and experiments at the end of the queue, as they are now: all that are selected in the Explorer, or the
 * one that is called on, in front or chosen.
 */
export async function addFilesToQueue(
  queues: QueueList,
  run: (project: string) => Promise<void>,
  given: unknown,
  selected: unknown,
): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new Error(vscode.l10n.t('Training starts a process and writes files: trust this workspace first.'));
  }
  const files = await filesGiven(given, selected);
  const datasets = files.filter((uri) => !isExperimentName(uri));
  const types = datasets.length > 0 ? await pickTypes(datasets[0], titleFor(datasets)) : undefined;
  if (files.length === 0 || (datasets.length > 0 && types === undefined)) return;
  const byProject = new Map<string, Addition[]>();
  // the schema checker takes a while to load
  const { readExperiment } = await import('../../run/experiment');
  for (const uri of files) {
    await saveFirst(uri);
    const request = await readExperiment(uri.fsPath, isExperimentName(uri) ? {} : await alone(uri, types));
    const dataset = vscode.Uri.file(request.dataset.path);
    await saveFirst(dataset);
    const project = queueFolderOf(uri, dataset);
    byProject.set(project, [...(byProject.get(project) ?? []), { file: uri.fsPath, request }]);
  }
  for (const [project, additions] of byProject) {
    const added = await addToQueue(project, additions);
    await queues.refresh(project);
    void tellAndOffer(
      queues,
      run,
      project,
      added.map(({ request }) => request.name),
    );
  }
}

/** What a dataset alone is trained with: read as an experiment beside it says. */
async function alone({ fsPath }: vscode.Uri, types: TypesChoice | undefined): Promise<ExperimentPart> {
  const { writtenReading } = await import('../../run/written-reading');
  const reading = await writtenReading(fsPath);
  return { types, dataset: { form: reading?.form, columns: reading?.columns } };
}

async function filesGiven(given: unknown, selected: unknown): Promise<vscode.Uri[]> {
  const several = Array.isArray(selected) ? selected.filter((each) => each instanceof vscode.Uri) : [];
  if (several.length > 1) return Promise.all(several.map((uri) => pickFile(uri, true))).then(defined);
  return defined([await pickFile(given, true)]);
}

function defined(files: readonly (vscode.Uri | undefined)[]): vscode.Uri[] {
  return files.filter((uri) => uri !== undefined);
}

function titleFor(datasets: readonly vscode.Uri[]): string {
  return datasets.length === 1
    ? vscode.l10n.t('Train on {0}, in its turn', path.basename(datasets[0].fsPath))
    : vscode.l10n.t('Train on {0} datasets, one after another', datasets.length);
}

async function tellAndOffer(
  queues: QueueList,
  run: (project: string) => Promise<void>,
  project: string,
  names: readonly string[],
): Promise<void> {
  const said =
    names.length === 1
      ? vscode.l10n.t('{0} was added to the queue.', names[0])
      : vscode.l10n.t('{0} experiments were added to the queue.', names.length);
  const queue = queues.all.find((each) => each.project === project);
  if (queue && isWorkedThrough(queue)) {
    vscode.window.setStatusBarMessage(said, 5000);
    return;
  }
  const start = vscode.l10n.t('Run Queue');
  if ((await vscode.window.showInformationMessage(said, start)) === start) await run(project);
}
