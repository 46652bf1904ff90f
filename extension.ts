import path from 'node:path';
import * as vscode from 'vscode';
import { registerCommand, showError } from './src/editor/boundary';
import { addFilesToQueue } from './src/editor/commands/add-to-queue';
import { compareChosen } from './src/editor/commands/compare-runs';
import { createSample } from './src/editor/commands/create-sample';
import { deleteRunsAfterAsking } from './src/editor/commands/delete-run';
import { duplicateRun } from './src/editor/commands/duplicate-run';
import { ABSENT_COMMAND, newExperiment } from './src/editor/commands/new-experiment';
import { openReport } from './src/editor/commands/open-report';
import { moveQueued, removeQueued, runQueue, stopQueueAfterAsking } from './src/editor/commands/queue';
import { runsGiven } from './src/editor/commands/pick-run';
import { pinAsBaseline, unpinBaseline } from './src/editor/commands/pin-run';
import { renameAfterAsking } from './src/editor/commands/rename-run';
import { openRun, pickAndOpenReport, showAnnotator, showResults } from './src/editor/commands/results';
import { resume, resumeAndShow } from './src/editor/commands/resume';
import { revealRun } from './src/editor/commands/reveal-run';
import { setUpTensorFlow } from './src/editor/commands/set-up-tensorflow';
import { showDevices } from './src/editor/commands/show-devices';
import { stopAndShow, stopTraining } from './src/editor/commands/stop';
import { train } from './src/editor/commands/train';
import { validateDataset } from './src/editor/commands/validate';
import { EXPLAIN_COMMAND, explainFinding } from './src/editor/diagnostics/finding-pages';
import { createValidator } from './src/editor/diagnostics/validator';
import { createValidationWorker } from './src/editor/diagnostics/worker-client';
import { COPY_COMMAND, writeTypeFreeCopy } from './src/editor/language/copy-command';
import { COUNT_COMMAND, countFromZero } from './src/editor/language/count-from-zero';
import { createExplainedPages } from './src/editor/language/explained';
import { SHOW_ANNOTATOR_COMMAND } from './src/editor/language/membership';
import { PLAN_COMMAND, VERDICTS_COMMAND } from './src/editor/language/lenses';
import { planCollection, showVerdicts } from './src/editor/language/plan-collection';
import { MAP_COMMAND, mapColumns } from './src/editor/mapping/map-columns';
import { registerLanguageHelp } from './src/editor/language/register';
import { registerResultEditors } from './src/editor/panel/result-editors';
import { createResultsPanels } from './src/editor/panel/results-panels';
import { createQueueList } from './src/editor/queue/queue-list';
import { createQueueView } from './src/editor/queue/queue-view';
import { announceEnds } from './src/editor/runs/end-message';
import { createLatestResults } from './src/editor/runs/latest-results';
import { createRunList } from './src/editor/runs/run-list';
import { createRunsView } from './src/editor/runs/runs-view';
import { createStatusBar } from './src/editor/runs/status-bar';

/** What package.json's keybindings of the runs view give their commands. */
const SELECTED = 'selected';

/** Wires the parts. Opens no file: what is on disk is read when something asks for it. */
export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, globalStorageUri, logUri } = context;
  const log = vscode.window.createOutputChannel('EM-DPO', { log: true });
  const cli = path.join(extensionUri.fsPath, 'dist', 'emdpo.cjs');
  const tensorflow = path.join(globalStorageUri.fsPath, 'tensorflow');
  // for the command line, which every training and device test is a process of
  process.env.EMDPO_TENSORFLOW ??= tensorflow;
  const workers = () =>
    createValidationWorker(path.join(extensionUri.fsPath, 'dist', 'validation-worker.cjs'), log);
  const worker = workers();
  const validator = createValidator(worker, workers, log);
  const pages = createExplainedPages();
  const list = createRunList(log);
  const queues = createQueueList(list, log);
  const stop = (directory: string) => stopAndShow(list, log, directory);
  const report = (directory: string) => openReport(cli, directory);
  const orSay = (action: Promise<void>) => void action.catch((error: unknown) => showError(log, error));
  const going = {
    cli,
    logFolder: logUri.fsPath,
    list,
    stop: (run: string) => {
      orSay(stop(run));
    },
    log,
  };
  const actions = {
    cli,
    workers,
    stop,
    resume: (run: string) => resumeAndShow(going, run),
    openReport: report,
  };
  const panels = createResultsPanels(extensionUri, list, actions, log);
  const training = { ...going, panels };

  const view = createRunsView(list);
  // a key pressed in the list names no run, so that it is about those selected
  const chosen = (given: unknown, selected: unknown) =>
    given === SELECTED ? view.selection.map((run) => run.directory) : runsGiven(given, selected);
  const first = (given: unknown) => (given === SELECTED ? view.selection.at(0) : given);
  const commands: Record<string, (given: unknown, selected?: unknown) => unknown> = {
    'emdpo.validate': (given) => validateDataset(validator, log, given),
    'emdpo.train': (given) => train(training, given),
    'emdpo.resume': (given) => resume(going, given),
    'emdpo.stop': (given) => stopTraining(list, log, given),
    'emdpo.showResults': (given) => showResults(list, panels, given),
    'emdpo.createSample': () => createSample(extensionUri),
    'emdpo.newExperiment': (given) => newExperiment(given),
    [ABSENT_COMMAND]: (given) => newExperiment(given, 'absent'),
    'emdpo.openReport': (given) => pickAndOpenReport(list, report, given),
    'emdpo.showDevices': (given) => showDevices(cli, log, given),
    'emdpo.setUpTensorFlow': () => setUpTensorFlow(cli, tensorflow, log),
    'emdpo.showLog': () => {
      log.show();
    },
    'emdpo.runs.refresh': () => list.refresh(),
    'emdpo.runs.open': (given) => {
      openRun(panels, given);
    },
    'emdpo.runs.stop': (given) => stopTraining(list, log, given),
    'emdpo.runs.resume': (given) => resume(going, given),
    'emdpo.runs.reveal': revealRun,
    'emdpo.runs.openReport': (given) => pickAndOpenReport(list, report, given),
    'emdpo.compareRuns': (given, selected) => compareChosen(list, panels, chosen(given, selected)),
    'emdpo.runs.delete': (given, selected) => deleteRunsAfterAsking(list, panels, chosen(given, selected)),
    'emdpo.runs.rename': (given) => renameAfterAsking(list, first(given)),
    'emdpo.runs.duplicate': (given) => duplicateRun(list, first(given)),
    'emdpo.runs.pin': (given) => pinAsBaseline(list, first(given)),
    'emdpo.runs.unpin': (given) => unpinBaseline(list, first(given)),
    'emdpo.queue.add': (given, selected) =>
      addFilesToQueue(queues, (project) => runQueue(queues, cli, project), given, selected),
    'emdpo.queue.run': () => runQueue(queues, cli),
    'emdpo.queue.stop': () => stopQueueAfterAsking(queues, list),
    'emdpo.queue.remove': (given) => removeQueued(queues, given),
    'emdpo.queue.moveUp': (given) => moveQueued(queues, given, (now) => now - 1),
    'emdpo.queue.next': (given) => moveQueued(queues, given, () => 1),
    [SHOW_ANNOTATOR_COMMAND]: (given) => {
      showAnnotator(panels, given);
    },
    [PLAN_COMMAND]: (given) => planCollection(workers, pages, given),
    [VERDICTS_COMMAND]: (given) => showVerdicts(validator, pages, given),
    [MAP_COMMAND]: (given) => mapColumns(workers, given),
    [COPY_COMMAND]: (given) => writeTypeFreeCopy(workers, given),
    [COUNT_COMMAND]: countFromZero,
    [EXPLAIN_COMMAND]: (given) => explainFinding(extensionUri, given),
  };
  const ends = {
    showResults: panels.open,
    openReport: (run: string) => {
      orSay(report(run));
    },
    showLog: () => {
      log.show();
    },
  };
  context.subscriptions.push(
    log,
    worker,
    validator,
    pages,
    registerLanguageHelp(validator, worker, createLatestResults(list, log), log),
    list,
    panels,
    registerResultEditors(panels),
    view,
    queues,
    createQueueView(queues),
    createStatusBar(list),
  );
  context.subscriptions.push(announceEnds(list, ends));
  for (const [id, handler] of Object.entries(commands))
    context.subscriptions.push(registerCommand(log, id, handler));
  // a run outlives the window that started it
  setTimeout(() => {
    orSay(list.attach());
  }, 0);
}
