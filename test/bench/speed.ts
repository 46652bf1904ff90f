// npm run bench: what the program does beside its peers, in one table. Each row is a workload: our time, a peer's time in
// the same run, the ratio, what the machine itself needs at least, and how the cost grows from ×1 to ×100. Programs are
// processes of their own; the least of the rounds counts, as others on the machine only add to it. Peers are Python
// libraries (EMDPO_PYTHON names the Python, python3 otherwise) and R packages.
// Options: --only=reading,gradients,fits  --rounds=N (3)  --largest=N (1,000,000)  --write puts the table into
// docs/benchmarks.md, unless the machine is busy.
import { execFileSync } from 'node:child_process';
import { hasLibrary } from './fit-speed/python';
import { machineLine, option, watchLoad, writeSection } from './fit-speed/report';
import { itemsWorkload, iterationWorkload, referenceWorkloads } from './speed/fits';
import { gradientWorkload } from './speed/gradients';
import { readingWorkload } from './speed/reading';
import { table, type Workload } from './speed/table';

const rounds = Number(option('rounds', '3'));
const largest = Number(option('largest', '1000000'));
const only = option('only', 'reading,gradients,fits').split(',');
const sizes = [largest / 100, largest / 10, largest];
const load = watchLoad();
const notes: string[] = [];
const workloads: Workload[] = [];
const add = (...more: Workload[]): void => {
  workloads.push(...more);
  load.look();
  for (const each of more) console.error(table([each]).slice(2).join('\n'));
};
const say = (line: string): void => {
  notes.push(line);
};

if (only.includes('reading')) add(await readingWorkload(sizes, rounds));
if (only.includes('gradients'))
  for (const threads of [1, 2]) add(await gradientWorkload(sizes, threads, 3 * rounds, load.look));
if (only.includes('fits')) {
  add(...referenceWorkloads(rounds, say));
  const annotators = sizes.map((size) => size / 10);
  add(itemsWorkload(annotators, annotators[1], rounds, say));
  add(iterationWorkload('annotators', annotators, rounds));
  add(iterationWorkload('types', [2, 4, 8], rounds));
}

const inR = (name: string): boolean => {
  try {
    execFileSync('Rscript', ['-e', `library(${name})`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const absent = [
  ...[['torch', 'PyTorch'] as const, ['numpy', 'NumPy'] as const]
    .filter(([module]) => !hasLibrary(module))
    .map(([, name]) => name),
  ...['PLMIX', 'psychomix'].filter((name) => !inR(name)),
];
const lines = [
  `Seconds are the least of ${rounds} rounds (gradients: ${3 * rounds}); ratios below 1 say that ours is faster. Growth is the exponent of our processor time over the sizes.${absent.length > 0 ? ` Absent from this machine and not run: ${absent.join(', ')}.` : ''}`,
  'Fits are maximum likelihood on one thread; reading the file is not counted. EM in NumPy is a plain one: posteriors by annotator, one minorise-maximise update an iteration; on the reference datasets it stops at a gain of 10⁻⁷ nats per annotator, ours at 10⁻⁹; where there is one start, it is the same for both.',
  `${machineLine()} Command: \`npm run bench -- --write\`.`,
  '',
  ...table(workloads),
  '',
  ...notes.map((note) => `- ${note}`),
];
console.log(lines.join('\n').trimEnd());
writeSection('Speed', lines.join('\n').trimEnd().split('\n'), load);
