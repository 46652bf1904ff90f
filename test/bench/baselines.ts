/**
 * Worst-type regret of EM-DPO with min-max and of other methods, under the true rewards: on the bundled sample, on
 * several simulated datasets of the same population, and on as many of planted texts where two types are alike.
 *
 *   npm run bench -- baselines --datasets=20 --write
 *
 * --write puts the tables into docs/benchmarks.md.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readDataset } from '../../src/dataset/read';
import { readPopulation } from '../../src/dataset/simulate/read-population';
import type { Population } from '../../src/dataset/simulate/population';
import { simulateToFile } from '../../src/dataset/simulate/to-file';
import type { RunResult } from '../../src/protocol/result';
import { baselineLines } from '../../src/cli/print-baselines';
import { textTable } from '../../src/cli/terminal';
import type { RewardExperiment } from '../../src/protocol/experiment';
import { choosePolicy } from '../../src/run/choose-policy';
import { readExperiment } from '../../src/run/experiment';
import { fitExperiment } from '../../src/run/fit-experiment';
import { meanWithError } from '../../src/training/held-out';
import { textPopulation, WITH_ALIKE_TYPES } from './language-control/population';
import { putSection } from './reading/document';

const ROOT = path.join(import.meta.dirname, '../..');
const SAMPLE = path.join(ROOT, 'media/sample');
const TYPES = 3;

const option = (name: string, otherwise: number): number => {
  const given = process.argv.find((argument) => argument.startsWith(`--${name}=`));
  return given === undefined ? otherwise : Number(given.slice(name.length + 3));
};

async function main(): Promise<void> {
  const datasets = option('datasets', 20);
  const sample = await compared(path.join(SAMPLE, 'answers.jsonl'));
  console.log('The bundled sample\n');
  console.log(baselineLines(sample));

  const population = await readPopulation(path.join(SAMPLE, 'population.json'));
  const results = await simulated(datasets, () => population);
  console.log(`\n${datasets} simulated datasets of the same population\n`);
  console.log(textTable([HEADER, ...summary(results)], [1, 2, 3, 4, 5, 6]));

  const texts = await simulated(datasets, (seed) => textPopulation(seed, WITH_ALIKE_TYPES));
  console.log(`\n${datasets} simulated datasets of planted texts, two types alike\n`);
  console.log(textTable([HEADER, ...summary(texts)], [1, 2, 3, 4, 5, 6]));
  if (!process.argv.includes('--write')) return;
  putSection(path.join(ROOT, 'docs/benchmarks.md'), 'Methods on the sample and datasets like it', [
    'Worst-type regret, in nats, of the single policy of each method under the true rewards (docs/training.md says what the methods are).',
    'Command: `npm run bench -- baselines --write`.',
    '',
    'On the bundled sample, with 95 % intervals over prompts:',
    '',
    ...markdownTable([
      ['method', 'worst regret', '95 % interval', 'minus EM-DPO with min-max', '95 % interval'],
      ...sample.baselines!.map(({ name, worst, worstInterval, worstAgainstFirst }, i) => [
        name,
        worst.toFixed(2),
        interval(worstInterval),
        i === 0 ? '' : (worst - sample.baselines![0].worst).toFixed(2),
        interval(worstAgainstFirst),
      ]),
    ]),
    '',
    `On ${datasets} simulated datasets of the sample’s population (seeds 1 to ${datasets}), mean ± standard error:`,
    '',
    ...markdownTable([HEADER, ...summary(results)]),
    '',
    `On ${datasets} simulated datasets of planted texts, where two of three types want nearly the same (seeds 1 to ${datasets}), log-linear policies, mean ± standard error:`,
    '',
    ...markdownTable([HEADER, ...summary(texts)]),
  ]);
}

async function simulated(datasets: number, population: (seed: number) => Population): Promise<RunResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'emdpo-baselines-'));
  try {
    const results: RunResult[] = [];
    for (let seed = 1; seed <= datasets; seed++) {
      const out = path.join(folder, `seed-${seed}.jsonl`);
      await simulateToFile({ population: population(seed), out, seed });
      results.push(await compared(out));
    }
    return results;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function interval(ends: readonly [number, number] | undefined): string {
  return ends ? ends.map((end) => end.toFixed(2)).join(' to ') : '';
}

function markdownTable([header, ...rows]: readonly (readonly string[])[]): string[] {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

async function compared(file: string): Promise<RunResult> {
  const request = await readExperiment(file, { types: TYPES, evaluate: { baselines: true } });
  const { table } = await readDataset(file, {});
  const { policy } = choosePolicy(request.policy, table);
  if (policy.kind === 'transformer')
    throw new Error('The comparison is for tabular and log-linear policies.');
  const experiment: RewardExperiment = {
    ...request,
    policy,
    dataset: { ...request.dataset, unranked: table.unranked },
  };
  const hooks = { signal: new AbortController().signal, emit: () => undefined };
  return (await fitExperiment(table, experiment, hooks)).result;
}

const HEADER = [
  'method',
  'mean worst regret',
  'standard error',
  'minus EM-DPO with min-max',
  'standard error',
  'smallest for',
  'mean held-out',
];

function summary(results: readonly RunResult[]): string[][] {
  const names = results[0].baselines!.map(({ name }) => name);
  // the oracle is told what no method is, and does not compete
  const smallest = results.map(
    ({ baselines }) =>
      baselines!.filter(({ kind }) => kind !== 'oracle').reduce((a, b) => (b.worst < a.worst ? b : a)).name,
  );
  return names.flatMap((name) => {
    const rows = results.flatMap(({ baselines }) => baselines!.filter((each) => each.name === name));
    if (rows.length < results.length) return [[name, 'not in every dataset', '', '', '', '', '']];
    const worst = meanWithError(Float64Array.from(rows, (row) => row.worst));
    const behind = meanWithError(
      Float64Array.from(rows, (row, i) => row.worst - results[i].baselines![0].worst),
    );
    const heldOut = meanWithError(Float64Array.from(rows, (row) => row.heldOutLogLikelihood ?? NaN));
    return [
      [
        name,
        worst.mean.toFixed(3),
        worst.standardError.toFixed(3),
        behind.mean.toFixed(3),
        behind.standardError.toFixed(3),
        `${smallest.filter((each) => each === name).length} of ${results.length}`,
        heldOut.mean.toFixed(1),
      ],
    ];
  });
}

await main();
