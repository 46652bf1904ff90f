import path from 'node:path';
import type { RunChoice, RunChoices } from '../../protocol/comparison';
import type { RunManifest } from '../../protocol/run';
import { readLabel } from '../label';
import { readManifest } from '../manifest';
import { pinnedRun, projectOfRun } from '../pinned';
import { readResult } from '../result';
import { RunError } from '../run-error';

/**
 * Runs that a person may want to compare with one, and why some of them cannot be. Runs that have not read their dataset
 * yet are left out: nothing is known of them.
 *
 * @param directory of the run they would be compared with
 * @param others absolute paths
 */
export async function runChoices(directory: string, others: readonly string[]): Promise<RunChoices> {
  const own = await readManifest(directory);
  const choices = await Promise.all(
    others.filter((each) => each !== directory).map((each) => choice(each, own)),
  );
  const known = choices.filter((each) => each !== undefined);
  return {
    ownPinned: (await pinnedFor(directory)) === directory,
    others: known.sort((a, b) => (a.created < b.created ? 1 : a.created > b.created ? -1 : 0)),
  };
}

async function choice(directory: string, own: RunManifest | undefined): Promise<RunChoice | undefined> {
  const manifest = await orDamaged(readManifest(directory));
  if (manifest === undefined) return undefined;
  if (manifest === 'damaged') return { ...unknownRun(directory), refused: 'damaged' };
  const result = await orDamaged(readResult(directory));
  const label = await orDamaged(readLabel(directory));
  const pinned = await pinnedFor(directory);
  const { types } = manifest.experiment;
  const known = {
    ...unknownRun(directory),
    name: label === undefined || label === 'damaged' ? manifest.name : label,
    created: manifest.created,
    types: typeof types === 'number' ? types : null,
    dataset: path.basename(manifest.dataset.path),
    pinned: pinned === directory,
  };
  if (result === 'damaged') return { ...known, refused: 'damaged' };
  if (manifest.dataset.sha256 !== own?.dataset.sha256) return { ...known, refused: 'dataset' };
  if (result === undefined) return { ...known, refused: 'unfinished' };
  return { ...known, types: result.fit.types, logLikelihood: result.fit.logLikelihood };
}

async function pinnedFor(directory: string): Promise<string | undefined> {
  return orDamaged(pinnedRun(await projectOfRun(directory)));
}

function unknownRun(directory: string): RunChoice {
  const label = path.basename(directory);
  return {
    directory,
    label,
    name: label,
    created: '',
    types: null,
    logLikelihood: null,
    dataset: '',
    pinned: false,
  };
}

async function orDamaged<T>(reading: Promise<T>): Promise<T | 'damaged'> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof RunError) return 'damaged';
    throw error;
  }
}
