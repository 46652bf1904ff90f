import { spawn } from 'node:child_process';
import * as vscode from 'vscode';
import type { DevicesReport } from '../../protocol/device';
import { endProcessTree } from '../../platform';

/** What the process says on standard error, a line each, while it is at work. */
type Said =
  | { readonly type: 'step'; readonly title: string; readonly done: number; readonly total: number }
  | { readonly type: 'log'; readonly text: string };

export interface DeviceCall {
  /** Path of dist/emdpo.cjs. */
  readonly cli: string;
  /** What follows `emdpo devices --json`. */
  readonly args: readonly string[];
  /** Title of the notification that shows how far it is. */
  readonly title: string;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Runs `emdpo devices`, showing how far it is in a notification that can cancel it.
 *
 * @returns undefined when it was cancelled
 * @throws what it said, when it did not end well
 */
export function askForDevices(call: DeviceCall): Thenable<DevicesReport | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: call.title,
    cancellable: true,
  };
  return vscode.window.withProgress(options, (progress, token) => {
    let shown = 0;
    return run(call, token, ({ title, done, total }) => {
      const percent = Math.floor((100 * done) / total);
      progress.report({ message: title, increment: percent - shown });
      shown = percent;
      call.log.info(title);
    });
  });
}

function run(
  { cli, args, log }: DeviceCall,
  token: vscode.CancellationToken,
  onStep: (step: Extract<Said, { type: 'step' }>) => void,
): Promise<DevicesReport | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, 'devices', '--json', ...args], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const cancelled = token.onCancellationRequested(() => {
      if (child.pid !== undefined) void endProcessTree(child.pid, false);
    });
    let [output, rest, words] = ['', '', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const said = parse(line);
        if (said === undefined) words += `${line}\n`;
        else if (said.type === 'step') onStep(said);
        else log.debug(said.text);
      }
    });
    child.on('error', reject);
    child.on('close', (code) => {
      cancelled.dispose();
      if (token.isCancellationRequested) resolve(undefined);
      else if (code === 0) resolve(JSON.parse(output) as DevicesReport);
      else reject(new Error(`${words}${rest}`.replaceAll(/^emdpo: /gm, '').trim()));
    });
  });
}

/** @returns undefined for a line that is for people */
function parse(line: string): Said | undefined {
  try {
    return line.startsWith('{') ? (JSON.parse(line) as Said) : undefined;
  } catch {
    return undefined;
  }
}
