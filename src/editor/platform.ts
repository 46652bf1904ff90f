import { execFile } from 'node:child_process';

// Everything that differs between operating systems, in one file.

const windows = process.platform === 'win32';

/** A child that outlives the window: on POSIX the leader of a process group of its own, on Windows without a console. */
export const DETACHED = { detached: true, windowsHide: true } as const;

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

/** Whether the process, or on POSIX anything left of its group, is still there. */
export function isTreeAlive(pid: number): boolean {
  return (!windows && send(-pid, 0)) || send(pid, 0);
}

/** @returns false where there is no such process or group */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPERM') return true;
    return false;
  }
}
