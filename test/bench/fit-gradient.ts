// Value and gradient of a log-linear Plackett–Luce likelihood beside PyTorch and NumPy: 10⁶ rankings of 3 with 32
// features, on one thread and on two. Every row is a process of its own and they take turns, so that a busy machine is
// busy for all. Python is what EMDPO_PYTHON names, python3 otherwise; a library that it lacks is said to be absent.
// Options: --rankings=N (1,000,000)  --dimensions=N (32)  --threads=1,2  --rounds=N (15)  --write puts the table into
// docs/benchmarks.md, unless the machine is busy.
import { GRADIENT_NAMES, gradientDifference, gradientPeers, measureGradients } from './fit-speed/gradients';
import { machineLine, option, watchLoad, writeSection } from './fit-speed/report';
import { least, median } from './fit-speed/statistics';

const rankings = Number(option('rankings', '1000000'));
const dimensions = Number(option('dimensions', '32'));
const rounds = Number(option('rounds', '15'));
/** Peers compute in f32. */
const TOLERANCE = 1e-4;

const peers = gradientPeers();
const absent = [
  ...(peers.includes('autograd') ? [] : ['PyTorch']),
  ...(peers.includes('numpy') ? [] : ['NumPy']),
];
const load = watchLoad();
const rows: string[] = [];
const titles = new Set<string>();
let worst = 0;
for (const threads of option('threads', '1,2').split(',').map(Number)) {
  const [ours, ...others] = await measureGradients(
    { rankings, dimensions, threads },
    peers,
    rounds,
    load.look,
  );
  for (const each of [ours, ...others]) {
    const all = (what: 'seconds' | 'processor') => each.rounds.flatMap((round) => round[what]);
    const ratio = (what: 'seconds' | 'processor') =>
      median(each.rounds.map((round, i) => median(ours.rounds[i][what]) / median(round[what]))).toFixed(2);
    const ms = (seconds: number) => (1000 * seconds).toFixed(0);
    if (each.name !== 'ours') {
      titles.add(each.title);
      worst = Math.max(worst, gradientDifference(ours.rounds[0], each.rounds[0], dimensions));
    }
    const cells = [
      `${threads}`,
      each.name === 'ours' ? 'ours' : GRADIENT_NAMES[each.name],
      ms(median(all('seconds'))),
      ms(least(all('seconds'))),
      ms(least(all('processor'))),
      ...(each.name === 'ours' ? ['', ''] : [ratio('seconds'), ratio('processor')]),
      ((rankings * 3 * dimensions * 4) / least(all('seconds')) / 1e9).toFixed(1),
    ];
    rows.push(`| ${cells.join(' | ')} |`);
    console.error(rows[rows.length - 1]);
  }
}

const lines = [
  `Value and gradient of ${rankings.toLocaleString('en')} rankings of 3 responses with ${dimensions} features each, which nobody else ranks: what a log-linear fit computes in every step for every type.`,
  `Ours is given features in f32, keeps their differences in f64 and computes in f64; peers compute in f32 and add the value up in f64. ${[...titles].join(', ') || 'No peer was there'}${absent.length > 0 ? `; absent: ${absent.join(', ')}` : ''}. Largest relative difference of values and gradients: ${worst.toExponential(0)}.`,
  `${rounds} rounds in which the processes take turns, five times one after the other in each. ours ÷ is the median over rounds of the ratio of medians, by the clock and in processor time; below 1 ours is faster. GB/s: the features, read once, by the least time; memory’s own speed is the limit.`,
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
