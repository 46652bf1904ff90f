import { spawn } from 'node:child_process';
import { DeviceError } from '../device-error';

export interface Surroundings {
  /** Gets every line that a tool prints. */
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface Call extends Surroundings {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Begins the sentence when it fails, such as “The packages could not be installed”. */
  readonly failure: string;
}

/**
 * Runs a tool to its end.
 *
 * @returns what it printed on standard output
 * @throws DeviceError with the last lines that it printed; the signal's reason where that ended it
 */
export async function call({ command, args, cwd, environment, failure, log, signal }: Call): Promise<string> {
  signal?.throwIfAborted();
  log(`> ${[command, ...args].join(' ')}`);
  // npm is a script on Windows, which only a shell starts; a group of its own on POSIX, so that all of it can be ended
  const windows = process.platform === 'win32';
  const child = spawn(command, [...args], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: windows && command === 'npm',
    detached: !windows,
    windowsHide: true,
  });
  const end = () => {
    if (child.pid === undefined) return;
    if (windows) child.kill();
    else endGroup(child.pid);
  };
  signal?.addEventListener('abort', end, { once: true });
  const lines: string[] = [];
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split(/[\r\n]+/).filter((each) => each.trim() !== '')) {
        log(line);
        lines.push(line);
        if (lines.length > 12) lines.shift();
      }
    });
  }
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    signal?.throwIfAborted();
    if (code === 0) return output;
    throw new DeviceError(`${failure}: ${command} ended with ${code ?? 'a signal'}.\n${lines.join('\n')}`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new DeviceError(`${failure}: there is no ${command} on this machine.`);
    throw error;
  } finally {
    signal?.removeEventListener('abort', end);
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // it has ended already
  }
}
