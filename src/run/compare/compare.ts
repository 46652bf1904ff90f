import type { Alignment, Estimate, RunComparison, RunRegrets } from '../../protocol/comparison';
import type { Candidate } from '../../protocol/result';
import type { BootstrapSummary } from '../../protocol/stability';
import { pinnedRun, projectOfRun } from '../pinned';
import { alignTypes } from './alignment';
import { comparedRun, requireSameDataset, type ComparedRun } from './compared-run';
import { cautions, metrics } from './metrics';
import { differingSettings } from './settings';

/**
 * Puts runs of one dataset side by side.
 *
 * @param directories absolute paths
 * @param baseline index in `directories`
 * @throws RunError where a run is not finished, or they are of different datasets
 */
export async function compareRuns(directories: readonly string[], baseline: number): Promise<RunComparison> {
  const runs = await Promise.all(directories.map(comparedRun));
  const pinned = await Promise.all(directories.map(isPinned));
  return sideBySide(runs, baseline, pinned);
}

/**
 * @param baseline index in `runs`
 * @param pinned of each run, whether it is the pinned one of its project
 * @throws RunError where they are of different datasets
 */
export function sideBySide(
  runs: readonly ComparedRun[],
  baseline: number,
  pinned: readonly boolean[],
): RunComparison {
  requireSameDataset(runs);
  const alignments = runs.map((run, i) => (i === baseline ? null : alignTypes(runs[baseline], run)));
  return {
    runs: runs.map(({ label, directory, name, manifest, result }, i) => ({
      label,
      directory,
      name,
      created: manifest.created,
      types: result.types.map((type) => type.name),
      pinned: pinned[i],
    })),
    baseline,
    settings: differingSettings(runs),
    metrics: metrics(runs),
    cautions: cautions(runs),
    alignments,
    regrets: runs.map((run, i) => regretsOf(run, alignments[i])),
  };
}

async function isPinned(directory: string): Promise<boolean> {
  return (await pinnedRun(await projectOfRun(directory))) === directory;
}

function regretsOf({ result }: ComparedRun, alignment: Alignment | null): RunRegrets {
  const bootstrap = result.stability?.bootstrap;
  // type of the baseline → type of this run, 0-based, and back
  const types = alignment
    ? alignment.types.map(({ type }) => (type === null ? null : type - 1))
    : result.types.map((_, k) => k);
  const back = (type: number) => (types.includes(type) ? types.indexOf(type) + 1 : null);
  let policies = 0;
  return {
    candidates: result.candidates.map((candidate, i) => ({
      name: candidate.name,
      kind: candidate.kind,
      ...(candidate.kind === 'type' && { ofType: back(policies++) }),
      regret: types.map((k) => (k === null ? null : candidate.regret[k])),
      worst: worstOf(candidate, i, bootstrap),
    })),
  };
}

function worstOf(
  { worst, worstInterval }: Candidate,
  candidate: number,
  bootstrap: BootstrapSummary | undefined,
): Estimate {
  if (worstInterval) return { value: worst, interval: worstInterval };
  return { value: worst, interval: bootstrap?.candidates[candidate].worst, level: bootstrap?.level };
}
