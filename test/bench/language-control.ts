// EM-DPO on language models where the truth is known: types planted in generated texts, a small model from scratch, no
// download. For each seed it prints whether the types are found, whether what each type's policy writes moves towards
// what the type wants, and what the fair and the distilled policy cost the worst-off type under the planted rewards.
//
//   npm run bench -- language-control --seeds=1,2,3,4,5 --threads=2
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { canonicalLine } from '../../src/dataset/canonical-line';
import { simulate } from '../../src/dataset/simulate/simulate';
import { experimentFor, trained } from './language-control/run';
import { textPopulation } from './language-control/population';
import { judgeRun } from './language-control/judge-run';
import { printSeed, printSummary } from './language-control/print';

const option = (name: string) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const seeds = (option('seeds') ?? '1,2,3,4,5').split(',').map(Number);
const threads = Number(option('threads') ?? 2);

const folder = mkdtempSync(path.join(tmpdir(), 'emdpo-control-'));
try {
  const judged = [];
  for (const seed of seeds) {
    const { records, truth } = simulate(textPopulation(seed), seed);
    const dataset = path.join(folder, `text-${seed}.jsonl`);
    writeFileSync(dataset, Array.from(records, (record) => canonicalLine(record) + '\n').join(''));
    const began = performance.now();
    const run = await trained(experimentFor(dataset, seed, threads), path.join(folder, `run-${seed}`));
    const result = await judgeRun(run, seed, truth.idealAccuracy, threads);
    judged.push(result);
    printSeed(seed, result, (performance.now() - began) / 60_000);
  }
  printSummary(judged);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
