// EM-DPO with min-max beside other methods on language models, where the truth is known. Every method trains on all
// records from the same reference model. For each seed it prints what the single policy of each method costs the
// worst-off planted type under the planted rewards, judged on what it writes; with 95 % intervals by bootstrap over
// prompts.
// --population says who the people are: those of language-control, the same with a smallest type that cares twice as
// much (intense), or two types that want nearly the same and a third that wants the opposite (alike). --annotators and
// --answers say how many people there are, and how many answers to each prompt: as in language-control otherwise.
//
//   npm run bench -- language-baselines --population=alike --seeds=1,2,3 --threads=2
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { canonicalLine } from '../../src/dataset/canonical-line';
import { simulate } from '../../src/dataset/simulate/simulate';
import { judgeMethods } from './language-baselines/judge-methods';
import { printComparison, printSeeds } from './language-baselines/print';
import { trainedMethods } from './language-baselines/train';
import { POPULATIONS, SIZE, textPopulation } from './language-control/population';
import { experimentFor } from './language-control/run';

const option = (name: string) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const seeds = (option('seeds') ?? '1,2,3').split(',').map(Number);
const threads = Number(option('threads') ?? 2);
const size = {
  annotators: Number(option('annotators') ?? SIZE.annotators),
  answers: Number(option('answers') ?? SIZE.answers),
};
const planted = POPULATIONS[option('population') ?? 'control'];
if (planted === undefined) throw new Error(`--population is one of ${Object.keys(POPULATIONS).join(', ')}.`);

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
    printComparison(seed, result, planted, (performance.now() - began) / 60_000);
  }
  printSeeds(judged);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
