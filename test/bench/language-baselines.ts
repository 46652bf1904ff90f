// EM-DPO with min-max beside other methods on language models, where the truth is known: the population of
// language-control. Every method trains on all records from the same reference model. For each seed it prints what the
// single policy of each method costs the worst-off planted type under the planted rewards, judged on what it writes;
// with 95 % intervals by bootstrap over prompts.
// With --intense the smallest type cares twice as much as there, so that equal weights are not fair to it. --annotators
// and --answers say how many people there are, and how many answers to each prompt: as there, where they are not given.
//
//   npm run bench -- language-baselines --seeds=1,2,3 --threads=2 --intense --answers=12
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { canonicalLine } from '../../src/dataset/canonical-line';
import { simulate } from '../../src/dataset/simulate/simulate';
import { judgeMethods } from './language-baselines/judge-methods';
import { printComparison, printSeeds } from './language-baselines/print';
import { trainedMethods } from './language-baselines/train';
import { SIZE, textPopulation, TYPES, WITH_INTENSE_TYPE } from './language-control/population';
import { experimentFor } from './language-control/run';

const option = (name: string) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const seeds = (option('seeds') ?? '1,2,3').split(',').map(Number);
const threads = Number(option('threads') ?? 2);
const size = {
  annotators: Number(option('annotators') ?? SIZE.annotators),
  answers: Number(option('answers') ?? SIZE.answers),
};
const planted = process.argv.includes('--intense') ? WITH_INTENSE_TYPE : TYPES;

const folder = mkdtempSync(path.join(tmpdir(), 'emdpo-baselines-'));
try {
  const judged = [];
  for (const seed of seeds) {
    const { records } = simulate(textPopulation(seed, planted, size), seed);
    const dataset = path.join(folder, `text-${seed}.jsonl`);
    writeFileSync(dataset, Array.from(records, (record) => canonicalLine(record) + '\n').join(''));
    const began = performance.now();
    const trained = await trainedMethods(experimentFor(dataset, seed, threads), folder, threads);
    const result = await judgeMethods(trained, planted, seed);
    judged.push(result);
    printComparison(seed, result, (performance.now() - began) / 60_000);
  }
  printSeeds(judged);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
