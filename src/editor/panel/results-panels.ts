import path from 'node:path';
import * as vscode from 'vscode';
import type { RunState } from '../../protocol/run';
import type { AnswerLine, ToPanel } from '../../protocol/panel';
import { readState } from '../../run/state';
import { sentence } from '../boundary';
import type { ValidationWorker } from '../diagnostics/worker-client';
import type { Disposable } from '../disposable';
import { followEvents } from '../runs/follow-events';
import type { RunList } from '../runs/run-list';
import { isGoing } from '../runs/run-record';
import { answer } from './answer';
import { askPolicies } from './ask-policies';
import { compareHandlers } from './compare-handlers';
import type { CompareHandlers } from './compare-handlers';
import { panelHandlers } from './handlers';
import type { HandlerOptions } from './handlers';
import { panelHtml, panelRoots } from './html';

export const PANEL_TYPE = 'emdpo.results';

export interface ResultsPanels extends Disposable {
  /**
   * Shows the panel of a run beside the code, or brings it to the front.
   *
   * @param compareWith runs to show beside it on the Compare tab
   */
  readonly open: (directory: string, compareWith?: readonly string[]) => void;
  /** Shows the panel of a run with one annotator chosen, named as in posterior.csv. */
  readonly showAnnotator: (directory: string, annotator: string) => void;
  /** Makes a panel that the editor has opened by itself the panel of a run. */
  readonly attach: (panel: vscode.WebviewPanel, directory: string) => Promise<void>;
  /** Closes the panels of a run, where there are any. */
  readonly close: (directory: string) => void;
}

type Actions = Pick<HandlerOptions, 'stop' | 'resume' | 'openReport'> & {
  /** Path of dist/emdpo.cjs. */
  readonly cli: string;
  /** Makes a worker that reads datasets. */
  readonly workers: () => ValidationWorker;
};
type FeedActions = Actions & Pick<HandlerOptions, 'extension'>;

/** One panel a run, each fed from the run's directory alone; the window's reload brings them back. */
export function createResultsPanels(
  extension: vscode.Uri,
  list: RunList,
  actions: Actions,
  log: vscode.LogOutputChannel,
): ResultsPanels {
  /** By run, the newest last; result.json may be open beside a panel of its own. */
  const panels = new Map<string, OpenPanel[]>();
  /** What a panel is to compare its run with as soon as it asks. */
  const wanted = new Map<string, readonly string[]>();

  const attach = (panel: vscode.WebviewPanel, directory: string) => {
    panel.webview.options = { enableScripts: true, localResourceRoots: panelRoots(extension) };
    panel.iconPath = vscode.Uri.joinPath(extension, 'media', 'icons', 'emdpo-color.svg');
    panel.title = vscode.l10n.t('Results: {0}', list.get(directory)?.name ?? path.basename(directory));
    const feeding = feed(panel, directory, list, { ...actions, extension }, log, {
      ...compareHandlers(directory, list, (other) => {
        open(other);
      }),
      takeWanted: () => {
        const runs = wanted.get(directory);
        wanted.delete(directory);
        return runs;
      },
    });
    const opened: OpenPanel = { panel, show: feeding.show };
    panels.set(directory, [...(panels.get(directory) ?? []), opened]);
    const draw = () => {
      panel.webview.html = panelHtml(panel.webview, extension, directory);
    };
    const trusting = vscode.workspace.onDidGrantWorkspaceTrust(draw);
    panel.onDidDispose(() => {
      feeding.dispose();
      trusting.dispose();
      const others = panels.get(directory)?.filter((each) => each !== opened) ?? [];
      if (others.length > 0) panels.set(directory, others);
      else panels.delete(directory);
    });
    draw();
    return opened;
  };

  const attachKnown = async (panel: vscode.WebviewPanel, directory: string) => {
    await list.refreshOne(directory).catch((error: unknown) => {
      log.warn(sentence(error));
    });
    attach(panel, directory);
  };

  const open = (directory: string): OpenPanel => {
    const existing = panels.get(directory)?.at(-1);
    if (existing) {
      existing.panel.reveal();
      return existing;
    }
    const column = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    const options = { enableScripts: true, retainContextWhenHidden: false, enableFindWidget: true };
    return attach(
      vscode.window.createWebviewPanel(PANEL_TYPE, '', { viewColumn: column }, options),
      directory,
    );
  };

  const serializer = vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, {
    async deserializeWebviewPanel(panel, state: unknown) {
      const directory = directoryIn(state);
      if (directory === undefined) {
        panel.dispose();
        return;
      }
      await attachKnown(panel, directory);
    },
  });

  return {
    open(directory, compareWith) {
      if (compareWith) wanted.set(directory, compareWith);
      const shown = open(directory);
      if (compareWith) void shown.panel.webview.postMessage({ kind: 'changed' } satisfies ToPanel);
    },
    showAnnotator(directory, annotator) {
      open(directory).show(annotator);
    },
    attach: attachKnown,
    close(directory) {
      for (const { panel } of panels.get(directory) ?? []) panel.dispose();
    },
    dispose() {
      serializer.dispose();
      for (const { panel } of [...panels.values()].flat()) panel.dispose();
    },
  };
}

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  /** Chooses an annotator, at once or when the panel has asked for its run. */
  readonly show: (annotator: string) => void;
}

/** Answers the panel's requests, and pushes what is new while the run goes on and the panel is seen. */
function feed(
  panel: vscode.WebviewPanel,
  directory: string,
  list: RunList,
  actions: FeedActions,
  log: vscode.LogOutputChannel,
  { takeWanted, ...others }: CompareHandlers & { readonly takeWanted: () => readonly string[] | undefined },
): Disposable & Pick<OpenPanel, 'show'> {
  let following: Disposable | undefined;
  const post = (message: ToPanel) => void panel.webview.postMessage(message);

  const unfollow = () => {
    following?.dispose();
    following = undefined;
  };

  const follow = (from: number, state: RunState) => {
    unfollow();
    if (state !== 'running' && state !== 'created') return;
    following = followEvents(directory, {
      from,
      log,
      onEvents: (events) => {
        post({ kind: 'events', events });
      },
      onStateChange: () => {
        readState(directory).then(
          (now) => {
            if (now === state) return;
            unfollow();
            post({ kind: 'changed' });
          },
          () => {
            unfollow();
            post({ kind: 'changed' });
          },
        );
      },
    });
  };

  // the readers of results and posteriors load with the first panel, not with the window
  const read = async () => (await import('../../run/snapshot')).readLiveSnapshot(directory);
  // the run is read while the editor makes the page
  let early = panel.visible ? read() : undefined;
  // the page hears of it when it asks
  early?.catch(() => undefined);

  let ready = false;
  let waiting: string | undefined;
  const showWaiting = () => {
    if (!ready || waiting === undefined) return;
    post({ kind: 'annotator', annotator: waiting });
    waiting = undefined;
  };

  let asking: AbortController | undefined;
  const stopAsking = () => {
    asking?.abort();
    asking = undefined;
  };
  let reader: ValidationWorker | undefined;
  const stopReading = () => {
    reader?.dispose();
    reader = undefined;
  };
  const { cli, workers, ...told } = actions;
  const handlers = panelHandlers({
    directory,
    ...told,
    others,
    stopAsking,
    // the dataset stays read while the panel is seen, and is let go with it
    annotator: (annotator) => {
      reader ??= workers();
      return reader.annotator({ directory, annotator }, new vscode.CancellationTokenSource().token);
    },
    nameTypes: async (names) => {
      const { writeTypeNames } = await import('../../run/type-names');
      await writeTypeNames(directory, names);
      post({ kind: 'changed' });
    },
    ask: async (question) => {
      stopAsking();
      const mine = new AbortController();
      asking = mine;
      const onLines = (lines: readonly AnswerLine[]) => {
        post({ kind: 'answers', question: question.question, lines });
      };
      const stopped = await askPolicies({ cli, directory, question, onLines, signal: mine.signal, log });
      return { stopped };
    },
    snapshot: async () => {
      const reading = early ?? read();
      early = undefined;
      const { snapshot, next } = await reading;
      panel.title = vscode.l10n.t('Results: {0}', snapshot.name ?? snapshot.manifest.name);
      follow(next, snapshot.state);
      ready = true;
      showWaiting();
      return { ...snapshot, compareWith: takeWanted() };
    },
  });

  const stateNow = () => {
    const run = list.get(directory);
    return run === undefined ? 'gone' : isGoing(run) ? 'going' : 'ended';
  };
  let known = stateNow();
  let name = list.get(directory)?.name;
  const all = vscode.Disposable.from(
    panel.webview.onDidReceiveMessage(async (message: unknown) => {
      post(await answer(handlers, message, log));
    }),
    panel.onDidChangeViewState(() => {
      // a hidden panel is gone; it asks for a snapshot when it is seen again
      if (panel.visible) return;
      ready = false;
      early = undefined;
      unfollow();
      stopAsking();
      stopReading();
    }),
    list.onDidChange(() => {
      const now = stateNow();
      // how a run that goes on ends, its events tell
      const goesOn = now !== known && (now === 'gone' || (now === 'going' && known === 'ended'));
      const named = list.get(directory)?.name;
      if (goesOn || (name !== undefined && named !== undefined && named !== name)) post({ kind: 'changed' });
      known = now;
      name = named ?? name;
    }),
    {
      dispose() {
        unfollow();
        stopAsking();
        stopReading();
      },
    },
  );
  return {
    show(annotator) {
      waiting = annotator;
      showWaiting();
    },
    dispose() {
      all.dispose();
    },
  };
}

/** The run in the state that a panel left behind. */
function directoryIn(state: unknown): string | undefined {
  if (typeof state !== 'object' || state === null || !('run' in state)) return undefined;
  const { run } = state;
  return typeof run === 'string' && path.isAbsolute(run) ? run : undefined;
}
