import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { lockHolder } from '../../run/lock';
import { endProcessTree, isTreeAlive } from '../platform';

/** How long a run may take to put its things away, in milliseconds: it is gone within two seconds in any case. */
const GRACE = 1700;

/**
 * Stops a run: asks its process group to end, and ends it when it takes too long.
 * Who writes the run is read from its lock just before, so that a reused process id is never hit.
 *
 * @throws a sentence when the run belongs to another machine
 */
export async function stopRun(directory: string, log: vscode.LogOutputChannel): Promise<void> {
  const holder = await lockHolder(directory);
  if (holder.kind === 'elsewhere') {
    throw new Error(
      vscode.l10n.t(
        'This run belongs to process {0} on {1}. Stop it there.',
        holder.lock.pid,
        holder.lock.host,
      ),
    );
  }
  if (holder.kind !== 'alive') return;
  const { pid } = holder.lock;
  log.info(`Stopping ${directory}: process ${pid}.`);
  await endProcessTree(pid, false);
  const until = Date.now() + GRACE;
  while (isTreeAlive(pid) && Date.now() < until) await sleep(50);
  if (isTreeAlive(pid)) {
    log.warn(`Process ${pid} did not end by itself and was ended.`);
    await endProcessTree(pid, true);
  }
}
