import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { RunManifest } from '../protocol/run';
import { hashFile } from './hash';
import { RunError, systemCode, systemReason } from './run-error';

/** What a checkpoint in Hugging Face's layout is read from: weights, configuration, tokenizer. */
const PARTS = /\.(safetensors|json|jinja|txt|model)$/;

/**
 * SHA-256 of each file that a model in a folder consists of, by name.
 *
 * @returns nothing where there is no such folder: who loads the model says it better
 * @throws RunError where a file cannot be read
 */
export async function modelFiles(folder: string, signal?: AbortSignal): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const name of (await namesIn(folder)).filter((each) => PARTS.test(each)).sort()) {
    hashes[name] = (await hashFile(path.join(folder, name), signal)).sha256;
  }
  return hashes;
}

/**
 * Makes sure that the base model of a run is the one that it was started with: adapters on another one mean nothing.
 *
 * @param then the run's manifest; older ones do not say
 * @throws RunError naming a file that has changed, come or gone
 */
export async function requireSameModel(then: RunManifest | undefined, signal?: AbortSignal): Promise<void> {
  if (then?.modelFiles === undefined || then.experiment.policy.kind !== 'transformer') return;
  const folder = then.experiment.policy.model;
  const now = await modelFiles(folder, signal);
  const names = new Set([...Object.keys(then.modelFiles), ...Object.keys(now)]);
  const changed = [...names].find((name) => now[name] !== then.modelFiles?.[name]);
  if (changed === undefined) return;
  const how = !(changed in now) ? 'is gone' : changed in then.modelFiles ? 'has changed' : 'is new';
  throw new RunError(
    `${path.join(folder, changed)} ${how} since the run was started, and the run’s policies belong to the model as it was. Put the model back, or start a new run.`,
  );
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return [];
    throw new RunError(`${folder} cannot be read because ${systemReason(error)}.`);
  }
}
