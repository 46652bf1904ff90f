import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

// What differs between operating systems about processes and files, in one file.

const windows = process.platform === 'win32';
const run = promisify(execFile);

/** A child that outlives the window: on POSIX the leader of a process group of its own, on Windows without a console. */
export const DETACHED = { detached: true, windowsHide: true } as const;

/** On Windows a rename fails while a reader or a virus scanner holds the target open; it lets go soon. */
export const RENAME_ATTEMPTS = windows ? 10 : 1;

/** Whether a folder can be opened and told to be on the disk, names and all. */
export const FOLDERS_SYNC = !windows;

/**
 * Asks a process and everything it started to end, or with `force` ends them.
 * Windows knows no request that a console process without a window could receive, so there it is always forced.
 * A process that is gone already is no error.
 */
export async function endProcessTree(pid: number, force: boolean): Promise<void> {
  if (windows) {
    await new Promise<void>((resolve) => {
      execFile('taskkill', ['/PID', String(pid), '/T', '/F'], { windowsHide: true }, () => {
        resolve();
      });
    });
    return;
  }
  const signal = force ? 'SIGKILL' : 'SIGTERM';
  // a run started from a terminal need not lead a group of its own
  if (!send(-pid, signal)) send(pid, signal);
}

/**
 * Asks one process to end, or with `force` ends it; what it has started goes on. On Windows it is always forced.
 * A process that is gone already is no error.
 */
export function endProcess(pid: number, force: boolean): void {
  send(pid, force ? 'SIGKILL' : 'SIGTERM');
}

/**
 * Whether the process, or on POSIX anything left of its group, is still there. On Linux one that has ended counts as
 * gone also where its parent has not taken note: in a container there may be nobody who does.
 */
export function isTreeAlive(pid: number): boolean {
  const there = (!windows && send(-pid, 0)) || send(pid, 0);
  return there && (process.platform !== 'linux' || anyAtWork(pid));
}

function anyAtWork(pid: number): boolean {
  return readdirSync('/proc').some((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const { state, group } = statFields(readFileSync(`/proc/${name}/stat`, 'latin1'));
      return (Number(name) === pid || group === pid) && !hasEnded(state);
    } catch {
      return false; // it has gone between the two looks
    }
  });
}

/** Fields 3, 5 and 22 of proc(5). */
function statFields(stat: string): { state: string; group: number; ticks: string } {
  // the second field is the name in parentheses, and may hold spaces and parentheses itself
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0], group: Number(fields[2]), ticks: fields[19] };
}

function hasEnded(state: string): boolean {
  return state === 'Z' || state === 'X';
}

/**
 * When a process started, as its system tells it: equal for the same process, different for another one that was
 * given the same pid later. Setting the clock does not change it.
 *
 * @returns undefined when there is no such process
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (!send(pid, 0)) return undefined;
  switch (process.platform) {
    case 'linux':
      return linuxStart(pid);
    case 'win32':
      return firstLine('powershell.exe', [
        '-NoProfile',
        '-NonInteractive',
        '-Command',
        `(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.ToFileTimeUtc()`,
      ]);
    default:
      return firstLine('ps', ['-o', 'lstart=', '-p', String(pid)]);
  }
}

/** Clock ticks since boot (proc(5), field 22), and which boot. */
async function linuxStart(pid: number): Promise<string | undefined> {
  try {
    const { state, ticks } = statFields(await readFile(`/proc/${pid}/stat`, 'latin1'));
    if (hasEnded(state)) return undefined;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => '');
    return `${boot.trim()}:${ticks}`;
  } catch {
    return undefined;
  }
}

async function firstLine(command: string, args: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run(command, args, {
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      windowsHide: true,
      timeout: 10_000,
    });
    return stdout.trim().split(/\r?\n/)[0] || undefined;
  } catch {
    return undefined;
  }
}

/** @returns false where there is no such process or group */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    // EPERM: it is there, but belongs to someone else
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
