// Value and gradient of a log-linear Plackett–Luce likelihood beside PyTorch and NumPy: 10⁶ rankings of 3 with 32
// features, on one thread and on two. Every row is a process of its own and they take turns, so that a busy machine is
// busy for all. Python is what EMDPO_PYTHON names, python3 otherwise; a library that it lacks is said to be absent.
// Options: --rankings=N (1,000,000)  --dimensions=N (32)  --threads=1,2  --rounds=N (15)  --write puts the table into
// docs/benchmarks.md, unless the machine is busy.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeGradientData, type GradientSpec } from './fit-speed/gradient-data';
import { least, median } from './fit-speed/statistics';
import { startChild, type Child } from './language-models/child';
import type { Measured } from './language-models/spec';
import { machineLine, option, watchLoad, writeSection } from './fit-speed/report';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const here = path.join(root, 'test/bench/fit-speed');
const python = process.env.EMDPO_PYTHON ?? 'python3';
const rankings = Number(option('rankings', '1000000'));
const dimensions = Number(option('dimensions', '32'));
const threads = option('threads', '1,2').split(',').map(Number);
const rounds = Number(option('rounds', '15'));
const PEERS = { autograd: 'torch', closed: 'torch', numpy: 'numpy' } as const;
const LIBRARY = { torch: 'PyTorch', numpy: 'NumPy' } as const;
/** Peers compute in f32. */
const TOLERANCE = 1e-4;

function has(module: string): boolean {
  try {
    execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const startOurs = (spec: GradientSpec): Promise<Child> =>
  startChild(
    process.execPath,
    ['--import', 'tsx', path.join(here, 'gradient-ours.ts'), JSON.stringify(spec)],
    root,
  );

const present = Object.fromEntries(
  Object.keys(LIBRARY).map((module) => [module, has('numpy') && has(module)]),
);
const peers = (Object.keys(PEERS) as (keyof typeof PEERS)[]).filter((peer) => present[PEERS[peer]]);
for (const module of Object.keys(LIBRARY) as (keyof typeof LIBRARY)[]) {
  if (!present[module])
    console.error(`${LIBRARY[module]} is absent from ${python}. EMDPO_PYTHON names another Python.`);
}

/** Largest difference of value and gradient, in parts of the value and of the largest slope. */
function difference(ours: Measured, other: Measured): number {
  const slopes = (of: Measured) => of.losses.slice(-dimensions);
  const scale = Math.max(...slopes(ours).map(Math.abs));
  return Math.max(
    Math.abs(other.losses[0] / ours.losses[0] - 1),
    ...slopes(other).map((slope, j) => Math.abs(slope - slopes(ours)[j]) / scale),
  );
}

const load = watchLoad();
const folder = mkdtempSync(path.join(tmpdir(), 'fit-gradient-'));
const rows: string[] = [];
const titles = new Set<string>();
let worst = 0;
try {
  writeGradientData({ rankings, dimensions, threads: 1 }, folder);
  for (const n of threads) {
    const children = [await startOurs({ rankings, dimensions, threads: n })];
    try {
      for (const peer of peers) {
        const args = [folder, peer, `${rankings}`, `${dimensions}`, `${n}`];
        children.push(await startChild(python, [path.join(here, 'gradient_peer.py'), ...args], root));
        titles.add(children[children.length - 1].title);
      }
      const measured: Measured[][] = children.map(() => []);
      for (let round = 0; round <= rounds; round++) {
        for (const [i, child] of children.entries()) {
          const one = await child.take(round === 0 ? 2 : 1);
          if (round > 0) measured[i].push(one); // the first warms up
        }
        load.look();
      }
      const [ours, ...others] = measured;
      const all = (of: readonly Measured[], what: 'seconds' | 'processor') =>
        of.flatMap((each) => each[what]);
      const ms = (seconds: number) => (1000 * seconds).toFixed(0);
      others.forEach((other) => (worst = Math.max(worst, difference(ours[0], other[0]))));
      measured.forEach((own, i) => {
        const ratio = (what: 'seconds' | 'processor') =>
          median(own.map((each, round) => ours[round][what][0] / each[what][0])).toFixed(2);
        const name =
          i === 0
            ? 'ours'
            : {
                autograd: 'PyTorch, autograd',
                closed: 'PyTorch, gradient written out',
                numpy: 'NumPy, gradient written out',
              }[peers[i - 1]];
        const bytes = rankings * 3 * dimensions * 4;
        const cells = [
          `${n}`,
          name,
          ms(median(all(own, 'seconds'))),
          ms(least(all(own, 'seconds'))),
          ms(least(all(own, 'processor'))),
          ...(i === 0 ? ['', ''] : [ratio('seconds'), ratio('processor')]),
          (bytes / least(all(own, 'seconds')) / 1e9).toFixed(1),
        ];
        rows.push(`| ${cells.join(' | ')} |`);
        console.error(rows[rows.length - 1]);
      });
    } finally {
      for (const child of children) child.end();
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const absent = (Object.keys(LIBRARY) as (keyof typeof LIBRARY)[]).filter((module) => !present[module]);
const lines = [
  `Value and gradient of ${rankings.toLocaleString('en')} rankings of 3 responses with ${dimensions} features each, which nobody else ranks: what a log-linear fit computes in every step for every type.`,
  `Ours has features in f32 and computes in f64; peers compute in f32 and add the value up in f64. ${[...titles].join(', ') || 'No peer was there'}${absent.length > 0 ? `; absent: ${absent.map((module) => LIBRARY[module]).join(', ')}` : ''}. Largest relative difference of values and gradients: ${worst.toExponential(0)}.`,
  `${rounds} rounds in which the processes take turns. ours ÷ is the median over rounds of the ratio, by the clock and in processor time; below 1 ours is faster. GB/s: the features, read once, by the least time; memory’s own speed is the limit.`,
  `${machineLine()} Command: \`npm run bench -- fit-gradient\`.`,
  '',
  '| threads | program | median ms | least ms | least CPU ms | ours ÷ | ours ÷, CPU | GB/s |',
  '|---|---|---|---|---|---|---|---|',
  ...rows,
];
console.log(`\n${lines.join('\n')}`);
if (!(worst <= TOLERANCE)) {
  console.error(`Values or gradients differ by ${worst}: the programs do not compute the same.`);
  process.exitCode = 1;
} else writeSection('Log-linear gradients', lines, load);
