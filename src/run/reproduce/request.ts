import { readEvents } from '../events';
import type { ExperimentRequest } from '../experiment';
import { hashDataset } from '../hash';
import { readManifest } from '../manifest';
import { readResult } from '../result';
import { RunError } from '../run-error';

/** What to run again, and what is not as it was then. */
export interface Reproduction {
  readonly request: ExperimentRequest;
  /** Programs that have changed since, in sentences: a difference may come from them. */
  readonly changes: readonly string[];
}

/**
 * The experiment of a finished run, on the device and with the threads that it ran on.
 *
 * @param version of this program
 * @throws RunError where the run is not finished or its dataset has changed
 */
export async function reproduction(directory: string, version: string): Promise<Reproduction> {
  const manifest = await readManifest(directory);
  const result = await readResult(directory);
  if (manifest === undefined || result === undefined) {
    throw new RunError(`${directory} holds no finished run: there is nothing to compare a second run with.`);
  }
  const { experiment, dataset, device, versions } = manifest;
  const { sha256 } = await hashDataset({ ...dataset, split: experiment.dataset.split });
  if (sha256 !== dataset.sha256) {
    throw new RunError(
      `${dataset.path} has changed since the run, so that it cannot be reproduced. Put the file back.`,
    );
  }
  const now = { emdpo: version, node: process.version, platform: `${process.platform}-${process.arch}` };
  const names = { emdpo: 'emdpo', node: 'Node.js', platform: 'the platform' } as const;
  const changes = (['emdpo', 'node', 'platform'] as const)
    .filter((key) => versions[key] !== now[key])
    .map((key) => `${names[key]} was ${versions[key]} then and is ${now[key]} now`);
  const { events } = await readEvents(directory);
  const ranOn = events.findLast((event) => event.type === 'device');
  const compute = { device, threads: ranOn?.threads ?? experiment.compute.threads };
  const language = experiment.policy.kind === 'transformer';
  return { request: language ? { ...experiment, compute } : experiment, changes };
}
