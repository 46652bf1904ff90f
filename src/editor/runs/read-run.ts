import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { RunManifest } from '../../protocol/run';
import { readEvents } from '../../run/events';
import { readLabel } from '../../run/label';
import { lockHolder } from '../../run/lock';
import { readManifest } from '../../run/manifest';
import { pinnedRun, projectOfRun } from '../../run/pinned';
import { RunError } from '../../run/run-error';
import { readState } from '../../run/state';
import { advance } from './run-record';
import type { RunRecord } from './run-record';

/** A process that has not written anything for this long never will, in milliseconds. */
const START_LIMIT = 60_000;

/**
 * @param directory absolute path of a run directory
 * @returns `undefined` where there is no such directory
 * @throws RunError when a file of it is damaged
 */
export async function readRun(directory: string): Promise<RunRecord | undefined> {
  const modified = await modifiedTime(directory);
  if (!modified) return undefined;
  const manifest = await readManifest(directory);
  const { events, next } = await readEvents(directory);
  const state = await readState(directory, events);
  const holder = await lockHolder(directory);
  const stillborn = state === 'created' && Date.now() - modified.getTime() > START_LIMIT;
  const first = manifest?.created ?? events.at(0)?.time;
  const record: RunRecord = {
    directory,
    state: stillborn ? 'dead' : state,
    name: (await orNothing(readLabel(directory))) ?? manifest?.name ?? path.basename(directory),
    pinned: (await orNothing(pinned(directory))) === directory,
    started: first === undefined ? modified : new Date(first),
    types: fixedTypes(manifest),
    dataset: manifest?.dataset.path,
    pid: holder.kind === 'alive' ? holder.lock.pid : undefined,
    next,
  };
  return advance(record, events);
}

async function pinned(directory: string): Promise<string | undefined> {
  return pinnedRun(await projectOfRun(directory));
}

/** A run is listed also where what people said of it cannot be read. */
async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof RunError) return undefined;
    throw error;
  }
}

/** Undefined where the run is to choose. */
function fixedTypes(manifest: RunManifest | undefined): number | undefined {
  const types = manifest?.experiment.types;
  return typeof types === 'number' ? types : undefined;
}

async function modifiedTime(directory: string): Promise<Date | undefined> {
  try {
    const found = await stat(directory);
    return found.isDirectory() ? found.mtime : undefined;
  } catch {
    return undefined;
  }
}
