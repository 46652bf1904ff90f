import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { runFile } from '../../run/run-files';
import { queueFile, queueFolder } from '../../run/queue/queue-log';
import { readQueue } from '../../run/queue/read-queue';
import type { Queue, Queued } from '../../run/queue/read-queue';
import { sentence } from '../boundary';
import type { Disposable } from '../disposable';
import { projectFolders } from '../runs/run-folders';
import type { RunList } from '../runs/run-list';
import { isGoing } from '../runs/run-record';

/** Between two looks at the files, in milliseconds. File watchers are late or silent over some network drives. */
const INTERVAL = 1000;

/** How many looks without news make it worth asking whether the process is still there. */
const PATIENCE = 8;

/** The signature of a project without a queue. */
const NONE = '-,-';

/**
 * The queues of the workspace folders. Holds nothing that is not on disk, so that every window and every terminal
 * sees the same, whoever works through them.
 */
export interface QueueList extends Disposable {
  /** Those in which something is, in the order of the workspace folders. */
  readonly all: readonly Queue[];
  readonly onDidChange: vscode.Event<void>;
  /** Reads the queues again. @param project a queue outside of the workspace that is to be watched, too */
  refresh(project?: string): Promise<void>;
}

export function createQueueList(runs: RunList, log: vscode.LogOutputChannel): QueueList {
  const queues = new Map<string, Queue>();
  const seen = new Map<string, string>();
  const outside = new Set<string>();
  const changed = new vscode.EventEmitter<void>();
  let last: Promise<void> = Promise.resolve();
  let looks = 0;
  let disposed = false;
  let timer: NodeJS.Timeout | undefined;

  const projects = () => [...new Set([...projectFolders(), ...outside])];

  // one after another, so that no older state comes last
  const read = (project: string): Promise<void> => {
    const reading = last.then(() => readNow(project));
    last = reading.catch(() => undefined);
    return reading;
  };

  const readNow = async (project: string): Promise<void> => {
    const before = queues.get(project);
    const now = await readQueue(project);
    if (disposed) return;
    queues.set(project, now);
    if (before) reportUnwritten(before, now);
    // a run that another window or a terminal has brought about is followed here, too
    for (const { directory } of now.started) {
      const run = directory === undefined ? undefined : runs.get(directory);
      if (directory !== undefined && !(run && isGoing(run))) await runs.refreshOne(directory);
    }
    publish();
  };

  const publish = () => {
    const all = listed();
    void vscode.commands.executeCommand('setContext', 'emdpo.queued', all.length > 0);
    void vscode.commands.executeCommand('setContext', 'emdpo.queueGoing', all.some(isWorkedThrough));
    changed.fire();
  };

  const listed = () =>
    projects()
      .map((project) => queues.get(project))
      .filter((queue) => queue !== undefined)
      .filter((queue) => shownOf(queue).length > 0 || isWorkedThrough(queue));

  const look = async () => {
    looks++;
    for (const project of projects()) {
      try {
        const signature = await signatureOf(project);
        const queue = queues.get(project);
        if (!queue && signature === NONE) continue;
        const worth = queue && (isWorkedThrough(queue) || queue.started.length > 0);
        if (signature === seen.get(project) && !(worth && looks % PATIENCE === 0)) continue;
        seen.set(project, signature);
        await read(project);
      } catch (error) {
        log.warn(sentence(error));
      }
    }
    schedule();
  };
  const schedule = () => {
    if (!disposed) timer = setTimeout(() => void look(), INTERVAL);
  };
  timer = setTimeout(() => void look(), 0);

  return {
    get all() {
      return listed();
    },
    onDidChange: changed.event,
    async refresh(project) {
      if (project !== undefined) outside.add(project);
      for (const each of projects()) await read(each);
    },
    dispose() {
      disposed = true;
      clearTimeout(timer);
      changed.dispose();
    },
  };
}

/** What a queue shows: what runs, what waits, and what came to nothing. The rest is in the list of runs. */
export function shownOf({ started, waiting, ended }: Queue): readonly Queued[] {
  return [...ended.filter(({ directory }) => directory === undefined), ...started, ...waiting];
}

export function isWorkedThrough({ worker }: Queue): boolean {
  return worker.kind === 'alive' || worker.kind === 'elsewhere';
}

/** Changes when the queue's file or its lock does. */
async function signatureOf(project: string): Promise<string> {
  const files = [queueFile(project), runFile(queueFolder(project), 'lock')];
  const found = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
  return found.map((each) => (each ? `${each.ino} ${each.mtimeMs} ${each.size}` : '-')).join();
}

/** Experiments that came to nothing leave no run that could say so. */
function reportUnwritten(before: Queue, now: Queue): void {
  const known = new Set(before.ended.map(({ id }) => id));
  for (const { id, request, directory, message } of now.ended) {
    if (known.has(id) || directory !== undefined) continue;
    void vscode.window.showErrorMessage(
      vscode.l10n.t('{0} could not be started from the queue. {1}', request.name, message ?? ''),
    );
  }
}
