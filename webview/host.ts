import type { PanelMethod, PanelMethods, PanelNotice, PanelSnapshot, ToPanel } from '../src/protocol/panel';

/** What the panel remembers across reloads: where the person was, not what the run found. */
export interface PanelMemory {
  readonly tab?: string;
  readonly scroll?: Readonly<Record<string, number>>;
  readonly choices?: Readonly<Record<string, string>>;
}

/** Where the panel's data comes from: the extension, or the report it is embedded in. */
export interface Host {
  readonly kind: 'editor' | 'report';
  /** Whether the host offers a method; a control whose method is missing is not shown. */
  can(method: PanelMethod): boolean;
  /** @throws Error whose message is a sentence for the person */
  request<M extends PanelMethod>(
    method: M,
    params: PanelMethods[M]['params'],
  ): Promise<PanelMethods[M]['result']>;
  onNotice(listener: (notice: PanelNotice) => void): void;
  /** Called with a sentence when a message arrives that the panel does not understand. */
  onFault(listener: (sentence: string) => void): void;
  recall(): PanelMemory;
  remember(memory: PanelMemory): void;
}

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare const acquireVsCodeApi: (() => VsCodeApi) | undefined;

/** The report's embedded data where the page has it, the extension otherwise. */
export function connect(): Host {
  const embedded = document.getElementById('snapshot');
  if (embedded) return reportHost(embedded.textContent);
  if (typeof acquireVsCodeApi === 'function') return editorHost(acquireVsCodeApi());
  throw new Error(
    'This page holds no results and is not open in VS Code. Make a report with “emdpo report RUN”.',
  );
}

/** Not offered where the workspace is not trusted. */
const STARTS_A_PROCESS: readonly PanelMethod[] = ['ask', 'resume', 'openReport'];

/** A person may take any time to choose where to save, models to write, and a big dataset to be read. */
const TAKES_ITS_TIME: readonly PanelMethod[] = ['save', 'ask', 'resume', 'annotator'];

const TIMEOUT_SECONDS = 20;
const tooLate = `VS Code did not answer within ${TIMEOUT_SECONDS} seconds. Close this panel and open it again with “EM-DPO: Show Results”.`;

function editorHost(vscode: VsCodeApi): Host {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (reason: Error) => void }>();
  const notices: ((notice: PanelNotice) => void)[] = [];
  const faults: ((sentence: string) => void)[] = [];
  let lastId = 0;
  // The run's directory, which the page names, stays in the state: by it the editor restores the panel after a reload.
  const { run, trusted } = document.documentElement.dataset;
  const remember = (memory: PanelMemory) => {
    vscode.setState({ ...memory, run });
  };
  remember(readMemory(vscode.getState()));

  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = readMessage(event.data);
    if (!message) {
      for (const tell of faults) {
        tell(
          'The panel got a message that it does not understand and left it out. If the panel looks stale, reopen it.',
        );
      }
    } else if (message.kind === 'reply') {
      const pending = waiting.get(message.id);
      waiting.delete(message.id);
      if ('err' in message) pending?.reject(new Error(message.err));
      else pending?.resolve(message.ok as never);
    } else {
      for (const tell of notices) tell(message);
    }
  });

  return {
    kind: 'editor',
    can: (method) => trusted !== 'false' || !STARTS_A_PROCESS.includes(method),
    request: (method, params) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        const giveUp = () => {
          waiting.delete(id);
          reject(new Error(tooLate));
        };
        const timer = TAKES_ITS_TIME.includes(method)
          ? undefined
          : setTimeout(giveUp, TIMEOUT_SECONDS * 1000);
        waiting.set(id, {
          resolve: (value) => {
            clearTimeout(timer);
            resolve(value);
          },
          reject: (reason) => {
            clearTimeout(timer);
            reject(reason);
          },
        });
        vscode.postMessage({ kind: 'request', id, method, params });
      }),
    onNotice: (listener) => notices.push(listener),
    onFault: (listener) => faults.push(listener),
    recall: () => readMemory(vscode.getState()),
    remember,
  };
}

function reportHost(json: string): Host {
  const methods: { [M in PanelMethod]?: (params: PanelMethods[M]['params']) => PanelMethods[M]['result'] } = {
    snapshot: () => {
      try {
        return JSON.parse(json) as PanelSnapshot;
      } catch {
        throw new Error('The data in this report is damaged. Make the report again with “emdpo report RUN”.');
      }
    },
    save: ({ name, content, encoding }) => {
      const bytes =
        encoding === 'utf8'
          ? new TextEncoder().encode(content)
          : Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
      const url = URL.createObjectURL(new Blob([bytes]));
      const link = document.createElement('a');
      link.href = url;
      link.download = name;
      link.click();
      setTimeout(() => {
        URL.revokeObjectURL(url);
      }, 10_000);
      return { saved: true };
    },
  };
  return {
    kind: 'report',
    can: (method) => method in methods,
    request: async (method, params) => {
      const answer = methods[method];
      if (!answer) throw new Error('This is not available in a report. Open the run in VS Code.');
      return Promise.resolve(answer(params));
    },
    onNotice: () => undefined, // a report is a picture of one moment
    onFault: () => undefined,
    recall: () => ({ tab: location.hash.slice(1) }),
    remember: ({ tab }) => {
      history.replaceState(null, '', `#${tab ?? ''}`);
    },
  };
}

/** Messages come from outside the page: anything that is not of a known shape is not acted on. */
function readMessage(data: unknown): ToPanel | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { kind, id, err, events, lines, annotator } = data as Record<string, unknown>;
  const reply = kind === 'reply' && typeof id === 'number' && ('ok' in data || typeof err === 'string');
  const notice =
    kind === 'changed' ||
    (kind === 'annotator' && typeof annotator === 'string') ||
    (kind === 'events' && Array.isArray(events)) ||
    (kind === 'answers' && Array.isArray(lines));
  return reply || notice ? (data as ToPanel) : undefined;
}

function readMemory(state: unknown): PanelMemory {
  return typeof state === 'object' && state !== null ? state : {};
}
