/** Runs of one dataset to compare: the plain fixture, one with its types in another order and some annotators moved, and
 * one of two types. Test data, never shown to users. */
import type { RunChoice, RunComparison } from '../../src/protocol/comparison';
import type { PanelSnapshot, PosteriorTable } from '../../src/protocol/panel';
import type { BootstrapSummary } from '../../src/protocol/stability';
import { sideBySide } from '../../src/run/compare/compare';
import type { ComparedRun } from '../../src/run/compare/compared-run';
import { random } from '../../src/random';
import { finishedRun } from './fixture';

export const own: PanelSnapshot = {
  ...finishedRun(),
  directory: '/project/.emdpo/runs/20260304-101500-answers',
};
/** Types of the other run: its first is our third, and so on. */
export const ORDER = [2, 0, 1];
export const MOVED = 17;

function named(snapshot: PanelSnapshot, label: string, name: string): ComparedRun {
  const { manifest, result, posterior } = snapshot;
  if (!result || !posterior) throw new Error('the fixture has no result');
  return { directory: `/project/.emdpo/runs/${label}`, label, name, manifest, result, posterior };
}

const first = named(own, '20260304-101500-answers', 'answers');

/** The same types in another order, from a stronger prior, with intervals; some annotators swap their first two types. */
const second = ((): ComparedRun => {
  const { result, posterior } = first;
  const gamma = Array.from({ length: posterior.total }, (_, h) => {
    const row = posterior.gamma.slice(h * 3, h * 3 + 3);
    const swapped = h < MOVED ? swapTop(row) : row;
    return ORDER.map((k) => swapped[k]);
  });
  const types = ORDER.map((k) => result.types[k]);
  const around = (value: number, by: number): [number, number] => [value - by, value + by];
  const policies = result.candidates.filter(({ kind }) => kind === 'type');
  const rest = result.candidates.filter(({ kind }) => kind !== 'type');
  const candidates = [...ORDER.map((k) => policies[k]), ...rest].map((candidate) => ({
    ...candidate,
    regret: ORDER.map((k) => candidate.regret[k] * 0.9),
    worst: candidate.worst * 0.9,
  }));
  const bootstrap = {
    level: 0.9,
    shares: types.map(({ share }) => around(share, 0.04)),
    candidates: candidates.map(({ worst }) => ({ worst: around(worst, 0.06) })),
    value: around(result.regret.value, 0.05),
  } as unknown as BootstrapSummary;
  const changed = {
    ...own,
    manifest: {
      ...own.manifest,
      created: '2026-03-05T09:00:00.000Z',
      experiment: { ...own.manifest.experiment, em: { ...own.manifest.experiment.em, prior: 0.5 }, seed: 2 },
    },
    result: {
      ...result,
      types: types.map((type, k) => ({ ...type, name: ['Terse', 'Type 2', 'نوع طويل'][k] })),
      candidates,
      fit: { ...result.fit, logLikelihood: result.fit.logLikelihood + 12.5 },
      stability: { bootstrap },
    },
    posterior: { ...posterior, gamma: gamma.flat() },
  };
  return named(changed, '20260305-090000-answers-strong', 'strong prior');
})();

/** Two types: our second and third are one. */
const third = ((): ComparedRun => {
  const two = finishedRun({ types: 2 });
  const { posterior } = first;
  const merged: PosteriorTable = {
    ...posterior,
    types: 2,
    gamma: Array.from({ length: posterior.total }, (_, h) => [
      posterior.gamma[h * 3],
      posterior.gamma[h * 3 + 1] + posterior.gamma[h * 3 + 2],
    ]).flat(),
  };
  return named({ ...two, posterior: merged }, '20260306-090000-answers', 'two types');
})();

export const compared = [first, second, third];
/** Index in `compared` of a directory. */
export const indexOf = (directory: string) => compared.findIndex((run) => run.directory === directory);

/** As the editor answers: the baseline first. */
export function comparisonOf(directories: readonly string[], baseline: string): RunComparison {
  const order = [baseline, ...directories.filter((directory) => directory !== baseline)];
  const runs = order.map((directory) => compared[indexOf(directory)]);
  return sideBySide(
    runs,
    0,
    runs.map((run) => run === second),
  );
}

const choice = (run: ComparedRun, pinned = false): RunChoice => ({
  directory: run.directory,
  label: run.label,
  name: run.name,
  created: run.manifest.created,
  types: run.result.fit.types,
  logLikelihood: run.result.fit.logLikelihood,
  dataset: 'answers.jsonl',
  pinned,
});

/** What can be chosen, and what cannot. */
export const choices: RunChoice[] = [
  choice(third),
  choice(second, true),
  {
    ...choice(third),
    directory: '/project/.emdpo/runs/20260301-080000-poems',
    label: '20260301-080000-poems',
    name: 'poems',
    dataset: 'poems.jsonl',
    refused: 'dataset',
  },
  {
    ...choice(third),
    directory: '/project/.emdpo/runs/20260307-080000-answers',
    label: '20260307-080000-answers',
    name: 'answers',
    logLikelihood: null,
    refused: 'unfinished',
  },
];

/** The two most probable types change places. */
function swapTop(row: readonly number[]): number[] {
  const order = row.map((_, k) => k).sort((a, b) => row[b] - row[a]);
  const swapped = [...row];
  [swapped[order[0]], swapped[order[1]]] = [row[order[1]], row[order[0]]];
  return swapped;
}

/** Many annotators, for the chart of who moved. */
export function crowd(annotators: number): RunComparison {
  const rng = random(3);
  const big = named(finishedRun({ annotators, types: 5, prompts: 8 }), 'big', 'big');
  const gamma = big.posterior.gamma.map((value) => value * (0.2 + rng.uniform()));
  return sideBySide([big, { ...big, directory: '/other', posterior: { ...big.posterior, gamma } }], 0, [
    false,
    false,
  ]);
}
