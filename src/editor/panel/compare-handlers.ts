import * as vscode from 'vscode';
import { duplicateRun } from '../commands/duplicate-run';
import { setPinned } from '../commands/pin-run';
import type { RunList } from '../runs/run-list';
import type { PanelHandlers } from './answer';

export type CompareHandlers = Pick<PanelHandlers, 'runs' | 'compare' | 'pin' | 'duplicate' | 'openRun'>;

/** Annotators who moved that the panel lists, of each run. */
const MOST_MOVED = 500;

/** What the panel of one run may ask about others. Only runs that the list knows are read. */
export function compareHandlers(
  directory: string,
  list: RunList,
  open: (directory: string) => void,
): CompareHandlers {
  const known = (run: string) => {
    if (run === directory || list.get(run)) return run;
    throw new Error(vscode.l10n.t('This is no run of the workspace, or it is gone: {0}', run));
  };
  return {
    runs: async () => {
      // the readers of results load with the first panel, not with the window
      const { runChoices } = await import('../../run/compare/choices');
      await list.refresh();
      return runChoices(
        directory,
        list.all.map((run) => run.directory),
      );
    },
    compare: async ({ with: others, baseline }) => {
      const { compareRuns } = await import('../../run/compare/compare');
      const all = [...new Set([directory, ...others])].map(known);
      const first = all.includes(baseline) ? baseline : directory;
      const comparison = await compareRuns([first, ...all.filter((run) => run !== first)], 0);
      return {
        ...comparison,
        alignments: comparison.alignments.map(
          (each) => each && { ...each, moved: each.moved.slice(0, MOST_MOVED) },
        ),
      };
    },
    pin: async ({ run, pinned }) => {
      await setPinned(list, known(run), pinned);
      return null;
    },
    duplicate: async () => {
      await duplicateRun(list, vscode.Uri.file(directory));
      return null;
    },
    openRun: ({ run }) => {
      open(known(run));
      return Promise.resolve(null);
    },
  };
}
