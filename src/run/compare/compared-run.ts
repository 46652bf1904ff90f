import path from 'node:path';
import type { PosteriorTable } from '../../protocol/panel';
import type { RunResult } from '../../protocol/result';
import type { RunManifest } from '../../protocol/run';
import { readLabel } from '../label';
import { readManifest } from '../manifest';
import { readNamedResult } from '../named-result';
import { readPosterior } from '../posterior';
import { RunError } from '../run-error';

/** A finished run, as far as runs are compared. */
export interface ComparedRun {
  readonly directory: string;
  /** Name of its folder, which no other run of the project has. */
  readonly label: string;
  /** What people call it. */
  readonly name: string;
  readonly manifest: RunManifest;
  /** Its types called what a person has named them. */
  readonly result: RunResult;
  readonly posterior: PosteriorTable;
}

/** @throws RunError where it is no finished run, or one of its files is damaged */
export async function comparedRun(directory: string): Promise<ComparedRun> {
  const manifest = await readManifest(directory);
  const result = await readNamedResult(directory);
  const posterior = await readPosterior(directory);
  if (manifest === undefined || result === undefined || posterior === undefined) {
    throw new RunError(
      `${directory} holds no finished run, so there is nothing to compare yet. Wait until it is done, or choose another.`,
    );
  }
  const name = (await readLabel(directory)) ?? manifest.name;
  return { directory, label: path.basename(directory), name, manifest, result, posterior };
}

/**
 * Runs of the same dataset compare with each other; of others, not even the annotators need be the same.
 *
 * @throws RunError naming those that could be compared
 */
export function requireSameDataset(runs: readonly ComparedRun[]): void {
  const groups = new Map<string, ComparedRun[]>();
  for (const run of runs) {
    const { sha256 } = run.manifest.dataset;
    groups.set(sha256, [...(groups.get(sha256) ?? []), run]);
  }
  if (groups.size === 1) return;
  const lines = [...groups.values()].map((group) => {
    const { path: file, sha256, records } = group[0].manifest.dataset;
    const names = group.map(({ label }) => label).join(', ');
    const can = group.length > 1 ? 'can be compared with each other' : 'stands alone';
    return `  ${names}: ${path.basename(file)} with ${records} records (sha256 ${sha256.slice(0, 8)}…) ${can}`;
  });
  throw new RunError(
    [
      'These runs are of different datasets: their likelihoods, types and regrets are about different things.',
      ...lines,
      'Compare runs of one file, byte for byte the same; or train again on the file that the others were trained on.',
    ].join('\n'),
  );
}
