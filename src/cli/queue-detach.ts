import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { DETACHED } from '../platform';
import { lockHolder } from '../run/lock';
import { listsOf } from '../run/queue/change-queue';
import { makeQueueFolder, queueFolder } from '../run/queue/queue-log';
import { say } from './boundary';
import { EXIT } from './exit-code';

/**
 * Works through a queue in a process of its own that outlives this one and its terminal.
 *
 * @returns the exit code
 */
export async function runDetached(project: string, json: boolean): Promise<number> {
  await makeQueueFolder(project);
  const before = await lockHolder(queueFolder(project));
  if (before.kind === 'alive') return busy(project, before.lock.pid, json);
  const { started, waiting } = await listsOf(project);
  const args = [...process.execArgv, process.argv[1], 'queue', 'run', '--quiet', '--project', project];
  const child = spawn(process.execPath, args, {
    ...DETACHED,
    cwd: project,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const over = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve(code ?? EXIT.failed);
    });
  });
  await Promise.race([over, untilHeld(project, child)]);
  const code = child.exitCode === null && child.signalCode === null ? undefined : await over;
  if (code !== undefined && code !== EXIT.fine && said !== '')
    return say({ lines: [said.trim().replace(/^emdpo: /gm, '')], exitCode: code });
  const holder = await lockHolder(queueFolder(project));
  if (holder.kind === 'alive' && holder.lock.pid !== child.pid) return busy(project, holder.lock.pid, json);
  child.stderr.destroy();
  child.unref();
  const experiments = started.length + waiting.length;
  process.stdout.write(
    json
      ? JSON.stringify({ project, started: true, pid: child.pid, experiments }, null, 2) + '\n'
      : `process ${child.pid ?? ''} works through the queue of ${project}: ${experiments === 1 ? '1 experiment' : `${experiments} experiments`}\nemdpo queue shows how far it is, emdpo queue stop stops it\n`,
  );
  return EXIT.fine;
}

function busy(project: string, pid: number, json: boolean): number {
  process.stdout.write(
    json
      ? JSON.stringify({ project, started: false, pid }, null, 2) + '\n'
      : `Process ${pid} works through the queue of ${project} already. Nothing more was started.\n`,
  );
  return EXIT.fine;
}

async function untilHeld(project: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const holder = await lockHolder(queueFolder(project));
    if (holder.kind === 'alive' && holder.lock.pid === child.pid) return;
    await sleep(25);
  }
}
