import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { listRuns } from '../../run/directory';
import { runFile } from '../../run/run-files';
import { sentence } from '../boundary';
import type { Disposable } from '../disposable';
import { followEvents } from './follow-events';
import { readRun } from './read-run';
import { projectFolders } from './run-folders';
import { advance, isGoing } from './run-record';
import type { RunRecord } from './run-record';

/**
 * The runs on disk, newest first. Holds nothing that is not there: after a reload of the window the same is read
 * again. Runs that are going are followed, whoever started them.
 */
export interface RunList extends Disposable {
  readonly all: readonly RunRecord[];
  get(directory: string): RunRecord | undefined;
  /** A run came, went or got further. */
  readonly onDidChange: vscode.Event<void>;
  /** A run that was going is over. */
  readonly onDidEnd: vscode.Event<RunRecord>;
  /** Reads every run of the workspace again. */
  refresh(): Promise<void>;
  /** Finds runs that are going, started before this window was, without reading the others. */
  attach(): Promise<void>;
  /** Reads one run again, also one outside the workspace. */
  refreshOne(directory: string): Promise<RunRecord | undefined>;
  /** Shows that a run was told to stop. */
  markStopping(directory: string): void;
}

export function createRunList(log: vscode.LogOutputChannel): RunList {
  const runs = new Map<string, RunRecord>();
  const followed = new Map<string, Disposable>();
  const changed = new vscode.EventEmitter<void>();
  const ended = new vscode.EventEmitter<RunRecord>();
  let sorted: readonly RunRecord[] = [];
  let disposed = false;

  const publish = () => {
    sorted = [...runs.values()].sort((a, b) => b.started.getTime() - a.started.getTime());
    void vscode.commands.executeCommand('setContext', 'emdpo.training', sorted.some(isGoing));
    changed.fire();
  };

  const unfollow = (directory: string) => {
    followed.get(directory)?.dispose();
    followed.delete(directory);
  };

  const follow = (directory: string, from: number) => {
    if (followed.has(directory)) return;
    const following = followEvents(directory, {
      from,
      onEvents: (events) => {
        const run = runs.get(directory);
        if (run) runs.set(directory, advance(run, events));
        publish();
        // run.json comes only after the dataset was read
        if (run && run.dataset === undefined) readAgain(directory);
      },
      onStateChange: () => {
        readAgain(directory);
      },
      log,
    });
    followed.set(directory, following);
  };

  const readAgain = (directory: string) => {
    refreshOne(directory).catch((error: unknown) => {
      log.warn(sentence(error));
    });
  };

  const refreshOne = async (directory: string): Promise<RunRecord | undefined> => {
    const before = runs.get(directory);
    const now = await readRun(directory);
    if (disposed) return undefined;
    if (now) runs.set(directory, isGoing(now) ? { ...now, stopping: before?.stopping } : now);
    else runs.delete(directory);
    if (now && isGoing(now)) follow(directory, now.next);
    else unfollow(directory);
    publish();
    if (now && before && isGoing(before) && !isGoing(now)) ended.fire(now);
    return now;
  };

  const refreshAll = async (directories: Iterable<string>): Promise<void> => {
    for (const directory of directories) {
      try {
        await refreshOne(directory);
      } catch (error) {
        log.warn(sentence(error));
      }
    }
  };

  return {
    get all() {
      return sorted;
    },
    get: (directory) => runs.get(directory),
    onDidChange: changed.event,
    onDidEnd: ended.event,
    refreshOne,
    markStopping(directory) {
      const run = runs.get(directory);
      if (run) runs.set(directory, { ...run, stopping: true });
      publish();
    },
    async refresh() {
      await refreshAll(new Set([...runs.keys(), ...(await runDirectories())]));
    },
    async attach() {
      const directories = await runDirectories();
      await refreshAll(directories.filter((directory) => existsSync(runFile(directory, 'lock'))));
    },
    dispose() {
      disposed = true;
      for (const directory of [...followed.keys()]) unfollow(directory);
      changed.dispose();
      ended.dispose();
    },
  };
}

/** Paths of the run directories of every workspace folder. */
async function runDirectories(): Promise<string[]> {
  const listed = await Promise.all(projectFolders().map(listRuns));
  return listed.flat();
}
