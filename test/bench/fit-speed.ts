// Whole fits, and how their cost grows: the starts of reference datasets, one start on 10⁵ annotators, and the time of an
// EM iteration by records and by types. Each fit is a process of its own. The R packages that gave the reference
// log-likelihoods are run where they are installed, and said to be absent where not.
// Options: --only=reference,large,growth  --rounds=N (5)  --write puts the table into docs/benchmarks.md, unless the
// machine is busy.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FitTask, FitTimes } from './fit-speed/fit-ours';
import { machineLine, option, watchLoad, writeSection } from './fit-speed/report';
import { growth, least, median } from './fit-speed/statistics';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const data = path.resolve(root, '../shared/data');
const rounds = Number(option('rounds', '5'));
const only = option('only', 'reference,large,growth').split(',');
const load = watchLoad();

function run(task: FitTask): FitTimes {
  const program = path.join(root, 'test/bench/fit-speed/fit-ours.ts');
  const printed = execFileSync(process.execPath, ['--import', 'tsx', program, JSON.stringify(task)], {
    cwd: root,
    encoding: 'utf8',
  });
  load.look();
  return JSON.parse(printed) as FitTimes;
}

const seconds = (values: readonly number[]) => `${median(values).toFixed(2)} | ${least(values).toFixed(2)}`;
const lines: string[] = [];

if (only.includes('reference')) {
  lines.push(
    '| dataset | types | starts | log-likelihood | median s | least s | least CPU s |',
    '|---|---|---|---|---|---|---|',
  );
  for (const [file, types] of [
    ['d_german.soc', [3]],
    ['german_parties_2009.jsonl', [1, 2, 3]],
  ] as const) {
    if (!existsSync(path.join(data, file))) {
      lines.push(`| ${file} is absent | | | | | | |`);
      continue;
    }
    const task: FitTask = { kind: 'file', file: path.join(data, file), types, starts: 20, threads: 1 };
    const each = Array.from({ length: rounds }, () => run(task));
    const cells = [
      file,
      types.join(', '),
      '20 each',
      each[0].logLikelihood.map((l) => l.toFixed(3)).join(', '),
    ];
    const cpu = least(each.map((one) => one.processor)).toFixed(2);
    lines.push(`| ${cells.join(' | ')} | ${seconds(each.map((one) => one.seconds))} | ${cpu} |`);
    console.error(lines.at(-1));
  }
  lines.push('');
}

const simulated = (
  annotators: number,
  types: number,
  more: { threads?: number; iterations?: number } = {},
): FitTask => ({
  kind: 'items',
  annotators,
  types,
  threads: 1,
  ...more,
});

if (only.includes('large')) {
  lines.push(
    '100,000 annotators with 5 rankings of 4 among 100 items each, four types, one start, to 10⁻⁸ nats per annotator:',
    '',
    '| threads | iterations | seconds | CPU s |',
    '|---|---|---|---|',
  );
  for (const threads of [1, 2]) {
    const each = Array.from({ length: Math.min(rounds, 3) }, () => run(simulated(100_000, 4, { threads })));
    const times = [least(each.map((one) => one.seconds)), least(each.map((one) => one.processor))];
    lines.push(`| ${threads} | ${each[0].iterations} | ${times.map((t) => t.toFixed(2)).join(' | ')} |`);
    console.error(lines.at(-1));
  }
  lines.push('');
}

if (only.includes('growth')) {
  const ITERATIONS = 6;
  const cost = (annotators: number, types: number) =>
    least(
      Array.from(
        { length: Math.min(rounds, 3) },
        () => run(simulated(annotators, types, { iterations: ITERATIONS })).processor / ITERATIONS,
      ),
    );
  const sizes = [2_000, 20_000, 200_000];
  const bySize = sizes.map((annotators) => cost(annotators, 4));
  const types = [2, 4, 8];
  const byTypes = types.map((k) => cost(20_000, k));
  lines.push(
    'Least CPU seconds of an EM iteration on the same kind of data:',
    '',
    `| records, 4 types | ${sizes.map((n) => (5 * n).toLocaleString('en')).join(' | ')} | exponent |`,
    '|---|---|---|---|---|',
    `| | ${bySize.map((s) => s.toFixed(4)).join(' | ')} | ${growth(sizes, bySize).toFixed(2)} |`,
    '',
    `| types, 100,000 records | ${types.join(' | ')} | exponent |`,
    '|---|---|---|---|---|',
    `| | ${byTypes.map((s) => s.toFixed(4)).join(' | ')} | ${growth(types, byTypes).toFixed(2)} |`,
    '',
  );
}

const packages = ['PLMIX', 'psychomix'].filter((name) => {
  try {
    execFileSync('Rscript', ['-e', `library(${name})`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
const all = [
  `Maximum likelihood, tolerance 10⁻⁹ nats per annotator on the reference datasets; reading the file is not counted. Medians and least of ${rounds} rounds. ${packages.length > 0 ? `R has ${packages.join(', ')}.` : 'R’s PLMIX and psychomix, whose log-likelihoods these are, are absent from this machine and were not run.'}`,
  `${machineLine()} Command: \`npm run bench -- fit-speed\`.`,
  '',
  ...lines,
];
console.log(all.join('\n').trimEnd());
writeSection('Fits', all.join('\n').trimEnd().split('\n'), load);
