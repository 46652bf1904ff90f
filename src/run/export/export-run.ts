import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readDataset } from '../../dataset/read';
import type { RunManifest } from '../../protocol/run';
import type { RunResult } from '../../protocol/result';
import { makeFolder } from '../../disk';
import { writeAtomic } from '../atomic';
import { toJson } from '../checked';
import { hashDataset } from '../hash';
import { readManifest } from '../manifest';
import { readPosterior } from '../posterior';
import { projectPseudonyms } from '../pseudonyms/key';
import { readResult } from '../result';
import { RunError, systemReason } from '../run-error';
import type { ExportedPolicy } from './export-policies';
import { recordPosterior } from './record-posterior';
import { trlLines, type TrlCount } from './trl';

export interface ExportOptions {
  readonly by: 'weight' | 'resample';
  readonly seed: number;
  /** Language models to write as whole models too, by name; all of them where it is true. */
  readonly merged?: readonly string[] | boolean;
  /** Put pseudonyms in place of the names of annotators, and leave folders out. */
  readonly pseudonymise?: boolean;
  readonly signal?: AbortSignal;
}

/** What was written, with the path of each file inside the folder. */
export interface Exported {
  readonly folder: string;
  readonly weights: string;
  readonly datasets: readonly (TrlCount & { readonly file: string; readonly type: number })[];
  /** Language models; none where the policies of the run are of another kind. */
  readonly policies: readonly ExportedPolicy[];
}

/**
 * Writes what other programs train on: shares and fair weights as JSON, and for each type the preference pairs that its
 * policy is trained on. Of a run with language models these too: adapters in PEFT's layout, or whole checkpoints.
 *
 * @param folder made where it is absent; must be empty
 * @throws RunError when the run is not finished, its dataset has changed, or the folder cannot be written; RangeError
 *   when a policy is to be merged that the run does not have
 */
export async function exportRun(
  directory: string,
  folder: string,
  options: ExportOptions,
): Promise<Exported> {
  const { manifest, result } = await finishedRun(directory);
  const posterior = await readPosterior(directory);
  if (posterior === undefined) throw new RunError(`${directory} has no posterior.csv.`);
  const { dataset } = manifest.experiment;
  const models = await languageModels(directory, manifest, options.merged ?? false);
  await requireSameDataset(manifest, options.signal);
  const { table } = await readDataset(manifest.dataset.path, { ...dataset, signal: options.signal });
  await claimFolder(folder);
  const nameOf = options.pseudonymise ? await projectPseudonyms(directory) : undefined;
  const weights = 'weights.json';
  await writeAtomic(path.join(folder, weights), toJson(fairWeights(manifest, result, nameOf !== undefined)));
  const gamma = recordPosterior(table, posterior);
  const datasets = [];
  for (let type = 0; type < gamma.length; type++) {
    options.signal?.throwIfAborted();
    const file = `type${type + 1}.trl.jsonl`;
    const count: TrlCount = { pairs: 0, rankings: 0, tied: 0, withoutPosterior: 0, notDrawn: 0 };
    await writeAtomic(
      path.join(folder, file),
      trlLines(table, gamma[type], { ...options, type, nameOf }, count),
    );
    datasets.push({ file, type, ...count });
  }
  const policies = models ? await models.write(folder, options.signal) : [];
  return { folder, weights, datasets, policies };
}

/** What is to be written of language models, once it is known that it can be; undefined where there are none. */
async function languageModels(
  directory: string,
  { experiment: { policy } }: RunManifest,
  merged: readonly string[] | boolean,
) {
  if (policy.kind !== 'transformer') {
    if (merged === false) return undefined;
    throw new RunError(
      `The policies of ${directory} are ${policy.kind}: they are no language models, and there is nothing to merge. Leave --merged out.`,
    );
  }
  // language models load much that other runs do without
  const { exportPolicies, policySource } = await import('./export-policies');
  const model = policy.model === 'scratch' ? undefined : path.resolve(directory, policy.model);
  const source = await policySource(path.join(directory, 'policies'), model, merged);
  return { write: (out: string, signal?: AbortSignal) => exportPolicies(source, out, signal) };
}

async function finishedRun(directory: string): Promise<{ manifest: RunManifest; result: RunResult }> {
  const manifest = await readManifest(directory);
  const result = await readResult(directory);
  if (manifest !== undefined && result !== undefined) return { manifest, result };
  throw new RunError(`${directory} holds no finished run: there is nothing to export yet.`);
}

async function requireSameDataset({ dataset, experiment }: RunManifest, signal?: AbortSignal): Promise<void> {
  const { sha256 } = await hashDataset({ ...dataset, split: experiment.dataset.split }, signal);
  if (sha256 === dataset.sha256) return;
  throw new RunError(
    `${dataset.path} has changed since the run: its posterior belongs to other records. Train again, or put the file back.`,
  );
}

async function claimFolder(folder: string): Promise<void> {
  let names: string[];
  try {
    await makeFolder(folder);
    names = await readdir(folder);
  } catch (error) {
    throw new RunError(`${folder} cannot be used because ${systemReason(error)}.`);
  }
  if (names.length > 0) throw new RunError(`${folder} is not empty. Name a new folder with --out.`);
}

/** By type, largest share first. */
function fairWeights(
  { name, experiment, dataset }: RunManifest,
  { types, regret }: RunResult,
  withoutFolder: boolean,
): object {
  const file = withoutFolder ? path.basename(dataset.path) : dataset.path;
  return {
    run: name,
    dataset: { path: file, sha256: dataset.sha256 },
    beta: experiment.beta,
    types: types.map(({ name: type, share }, k) => ({
      name: type,
      share,
      weight: regret.weights[k],
      adversary: regret.adversary[k],
      protection: regret.protection[k],
    })),
    value: regret.value,
  };
}
