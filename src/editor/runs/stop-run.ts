import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { openEvents } from '../../run/events';
import { lockHolder } from '../../run/lock';
import { readState } from '../../run/state';
import { endProcessTree, isTreeAlive } from '../../platform';

/** How long a run may take to put its things away, in milliseconds: it is gone within two seconds in any case. */
const GRACE = 1700;

/** How long a process may take from its start until it takes its run directory, in milliseconds. */
const STARTUP = 10_000;

/**
 * Stops a run: asks its process group to end, and ends it when it takes too long.
 * Who writes the run is read from its lock just before, so that a reused process id is never hit.
 *
 * @throws a sentence when the run belongs to another machine
 */
export async function stopRun(directory: string, log: vscode.LogOutputChannel): Promise<void> {
  const holder = await holderOnceStarted(directory);
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
    while (isTreeAlive(pid)) await sleep(20);
  }
  await recordStop(directory);
}

/** Who writes the run. One that was only just started has not taken its directory yet: that is waited for. */
async function holderOnceStarted(directory: string): Promise<Awaited<ReturnType<typeof lockHolder>>> {
  const until = Date.now() + STARTUP;
  for (;;) {
    const holder = await lockHolder(directory);
    const starting = holder.kind !== 'alive' && (await readState(directory)) === 'created';
    if (!starting || Date.now() > until) return holder;
    await sleep(25);
  }
}

/** Says in the run directory that the run was stopped, where its process had no time to. */
async function recordStop(directory: string): Promise<void> {
  if ((await readState(directory)) !== 'dead') return;
  const events = openEvents(directory);
  events.emit({ type: 'cancelled' });
  events.close();
}
