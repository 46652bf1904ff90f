import { alignTypes, type Alignment } from './alignment';
import { comparedRun, requireSameDataset, type ComparedRun } from './compared-run';
import { cautions, metrics, type Estimate, type Metric } from './metrics';
import { differingSettings, type Setting } from './settings';

/** What `emdpo compare` finds. Values stand in the order of `runs`. */
export interface Comparison {
  readonly runs: readonly { readonly label: string; readonly directory: string }[];
  /** Index of the run that the others are aligned with. */
  readonly baseline: number;
  readonly settings: readonly Setting[];
  readonly metrics: readonly Metric[];
  readonly cautions: readonly string[];
  /** null for the baseline itself. */
  readonly alignments: readonly (Alignment | null)[];
  readonly regrets: readonly RunRegrets[];
}

export interface RunRegrets {
  readonly candidates: readonly {
    readonly name: string;
    /** By type of the baseline; null where this run has no such type. */
    readonly regret: readonly (number | null)[];
    readonly worst: Estimate;
  }[];
}

/**
 * Puts runs of one dataset side by side.
 *
 * @param baseline index in `directories`
 * @throws RunError where a run is not finished, or they are of different datasets
 */
export async function compareRuns(directories: readonly string[], baseline: number): Promise<Comparison> {
  const runs = await Promise.all(directories.map(comparedRun));
  requireSameDataset(runs);
  const alignments = runs.map((run, i) => (i === baseline ? null : alignTypes(runs[baseline], run)));
  return {
    runs: runs.map(({ label, directory }) => ({ label, directory })),
    baseline,
    settings: differingSettings(runs),
    metrics: metrics(runs),
    cautions: cautions(runs),
    alignments,
    regrets: runs.map((run, i) => regretsOf(run, alignments[i])),
  };
}

function regretsOf({ result }: ComparedRun, alignment: Alignment | null): RunRegrets {
  const bootstrap = result.stability?.bootstrap;
  const types = alignment
    ? alignment.types.map(({ type }) => (type === null ? null : type - 1))
    : result.types.map((_, k) => k);
  return {
    candidates: result.candidates.map(({ name, regret, worst, worstInterval }, i) => ({
      name,
      regret: types.map((k) => (k === null ? null : regret[k])),
      worst: worstInterval
        ? { value: worst, interval: worstInterval }
        : { value: worst, interval: bootstrap?.candidates[i].worst, level: bootstrap?.level },
    })),
  };
}
