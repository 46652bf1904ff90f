/**
 * Worst-type regret of EM-DPO with min-max and of other methods, under the true rewards: on the bundled sample, and on
 * several simulated datasets of the same population.
 *
 *   node --import tsx test/bench/baselines.ts [datasets] [annotators]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readDataset } from '../../src/dataset/read';
import { readPopulation } from '../../src/dataset/simulate/read-population';
import { simulateToFile } from '../../src/dataset/simulate/to-file';
import type { RunResult } from '../../src/protocol/result';
import { baselineLines } from '../../src/cli/print-baselines';
import { textTable } from '../../src/cli/terminal';
import type { RewardExperiment } from '../../src/protocol/experiment';
import { choosePolicy } from '../../src/run/choose-policy';
import { readExperiment } from '../../src/run/experiment';
import { fitExperiment } from '../../src/run/fit-experiment';
import { meanWithError } from '../../src/training/held-out';

const SAMPLE = path.join(import.meta.dirname, '../../media/sample');
const TYPES = 3;

async function main(): Promise<void> {
  const datasets = Number(process.argv[2] ?? 20);
  const annotators = Number(process.argv[3] ?? 192);
  console.log('The bundled sample\n');
  console.log(baselineLines(await compared(path.join(SAMPLE, 'answers.jsonl'))));

  const folder = await mkdtemp(path.join(tmpdir(), 'emdpo-baselines-'));
  try {
    const population = await readPopulation(path.join(SAMPLE, 'population.json'));
    const results: RunResult[] = [];
    for (let seed = 1; seed <= datasets; seed++) {
      const out = path.join(folder, `seed-${seed}.jsonl`);
      const people = { ...population, annotators: { ...population.annotators, count: annotators } };
      await simulateToFile({ population: people, out, seed });
      results.push(await compared(out));
    }
    console.log(`\n${datasets} simulated datasets of the same population, ${annotators} annotators each\n`);
    console.log(textTable([HEADER, ...summary(results)], [1, 2, 3, 4, 5]));
  } finally {
    await rm(folder, { recursive: true });
  }
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
  'minus EM-DPO min-max',
  'standard error',
  'mean held-out',
];

function summary(results: readonly RunResult[]): string[][] {
  const names = results[0].baselines!.map(({ name }) => name);
  return names.flatMap((name) => {
    const rows = results.flatMap(({ baselines }) => baselines!.filter((each) => each.name === name));
    if (rows.length < results.length) return [[name, 'not in every dataset', '', '', '', '']];
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
        heldOut.mean.toFixed(1),
      ],
    ];
  });
}

await main();
