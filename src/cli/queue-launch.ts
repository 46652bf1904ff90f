import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { removeFile } from '../disk';
import { DETACHED } from '../platform';
import type { QueueEntry } from '../run/queue/fold';
import { queueFolder } from '../run/queue/queue-log';
import type { Launched } from '../run/queue/watch-run';
import { cannotWrite } from '../run/run-error';
import { EXIT } from './exit-code';

/**
 * Starts a process that trains an experiment of a queue, or goes on with its run. It has a process group of its own:
 * neither a signal to the terminal nor the end of the queue reaches it.
 *
 * @throws RunError where what it says could not be kept
 */
export function launchQueued(
  project: string,
  { id }: QueueEntry,
  directory: string,
  resume: boolean,
): Launched {
  const log = logFile(project, id);
  const descriptor = opened(log);
  const args = [process.argv[1], 'queue', 'train', id, '--project', project, '--run-dir', directory];
  const child = spawn(process.execPath, [...process.execArgv, ...args, ...(resume ? ['--resume'] : [])], {
    ...DETACHED,
    cwd: project,
    stdio: ['ignore', 'ignore', descriptor],
  });
  closeSync(descriptor);
  const ended = new Promise<{ code: number | null; said: string }>((resolve) => {
    child.once('error', (error) => {
      resolve({ code: EXIT.failed, said: `Its process could not be started: ${error.message}.` });
    });
    child.once('exit', (code) => {
      readFile(log, 'utf8').then(
        (said) => {
          resolve({ code, said: said.trim().replace(/^emdpo: /gm, '') });
        },
        () => {
          resolve({ code, said: '' });
        },
      );
    });
  });
  child.unref();
  return { ended };
}

function opened(file: string): number {
  try {
    return openSync(file, 'w');
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/** Takes away what the process of an experiment that is over has said. */
export async function forgetWords(project: string, { id }: QueueEntry): Promise<void> {
  await removeFile(logFile(project, id)).catch(() => undefined);
}

function logFile(project: string, id: string): string {
  return path.join(queueFolder(project), `${id}.log`);
}
