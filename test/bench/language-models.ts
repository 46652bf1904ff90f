// A training step of EM-DPO on a language model beside the same step in PyTorch: same model, batches, loss, optimiser and
// number of threads, each in a process of its own, taking turns. Both must have the same loss in the first step.
// PyTorch is looked for in the Python that EMDPO_PYTHON names, python3 otherwise; without it ours is timed alone.
// Options: --models=0.9,6  --train=lora,full  --threads=1,2  --rounds=N (7)  --steps=N in a round (2)  --batch=N (8)
// --device=ID (onnxruntime/cpu; `cuda` is onnxruntime/cuda, and then PyTorch is on CUDA too; so it is for tfjs/node with
// --peer=cuda)  --write puts the tables into docs/benchmarks.md, unless the machine is busy.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild, type Child } from './language-models/child';
import { recordSteps } from './language-models/record';
import { MODELS, type Measured, type ModelSize, type Spec } from './language-models/spec';
import { putSection } from './reading/document';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const here = path.join(root, 'test/bench/language-models');
const LAYOUTS = ['packed', 'padded'] as const;
const WARM_UP = 2;
const LOSS_TOLERANCE = 1e-4;
const BUSY = 3;
/** Rankings in a step of each of three adapters; the one model that they are compared with has three times as many. */
const THREE_BATCH = 4;

const option = (name: string, otherwise: string) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;
const list = (name: string, otherwise: string) => option(name, otherwise).split(',');
const rounds = Number(option('rounds', '7'));
const perRound = Number(option('steps', '2'));
const batch = Number(option('batch', '8'));
const given = option('device', 'onnxruntime/cpu');
const device = given === 'cuda' ? 'onnxruntime/cuda' : given;
const peerDevice = option('peer', given === 'cuda' ? 'cuda' : 'cpu');
const models = list('models', '0.9,6').map((size) => `${size} M` as ModelSize);
const trains = list('train', 'lora,full') as Spec['train'][];
const threads = list('threads', '1,2').map(Number);
if (models.some((size) => !(size in MODELS)))
  throw new Error(`--models takes ${Object.keys(MODELS).join(' and ')} without the M.`);

const python = process.env.EMDPO_PYTHON ?? 'python3';
const torch = torchVersion();

function torchVersion(): string | undefined {
  try {
    const code = 'import sys, torch; print(torch.__version__, "on Python", sys.version.split()[0])';
    return execFileSync(python, ['-c', code], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

const quantile = (values: readonly number[], q: number) => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)];
  return low + (sorted[Math.ceil(at)] - low) * (at % 1);
};
const median = (values: readonly number[]) => quantile(values, 0.5);

/** Median, and the quartiles over rounds. */
const withSpread = (ratios: readonly number[]) =>
  `${median(ratios).toFixed(2)} (${quantile(ratios, 0.25).toFixed(2)}–${quantile(ratios, 0.75).toFixed(2)})`;

const startOurs = (spec: Spec): Promise<Child> =>
  startChild(
    process.execPath,
    [
      '--import',
      'tsx',
      '--import',
      './scripts/tensorflow-esm.mjs',
      path.join(here, 'ours.ts'),
      JSON.stringify(spec),
    ],
    root,
  );

/** Lets all take turns, and returns what each measured in each round, the warm-up first. */
async function takeTurns(children: readonly Child[]): Promise<Measured[][]> {
  const measured: Measured[][] = [];
  for (let round = 0; round <= rounds; round++) {
    const own: Measured[] = [];
    for (const child of children) own.push(await child.take(round === 0 ? WARM_UP : perRound));
    measured.push(own);
  }
  return measured;
}

/**
 * Largest relative difference of the first step's losses. AdamW's first update is the sign of the gradient, so that
 * rounding decides where a gradient is nearly 0, and later losses differ by more.
 */
function checkLosses([[ours, ...others]]: readonly Measured[][]): number {
  return Math.max(0, ...others.map(({ losses }) => Math.abs(losses[0] / ours.losses[0] - 1)));
}

interface Compared {
  readonly cells: readonly string[];
  /** Largest relative difference of a loss. */
  readonly difference: number;
}

const seconds = (measured: readonly Measured[][], which: number) =>
  median(measured.slice(1).flatMap((round) => round[which].seconds)).toFixed(3);
const ratios = (measured: readonly Measured[][], of: 'seconds' | 'processor', one: number, other: number) =>
  measured.slice(1).map((round) => median(round[one][of]) / median(round[other][of]));
const memory = (measured: readonly Measured[][], which: number) =>
  `${Math.round(measured[measured.length - 1][which].kilobytes / 1024)}`;

/** A step of ours beside PyTorch's, in each of its layouts. */
async function compare(spec: Spec, folder: string): Promise<Compared> {
  const children: Child[] = [];
  try {
    children.push(await startOurs(spec));
    if (torch !== undefined) {
      await recordSteps(spec, folder);
      for (const layout of LAYOUTS)
        children.push(
          await startChild(python, [path.join(here, 'peer.py'), folder, layout, peerDevice], root),
        );
    }
    const measured = await takeTurns(children);
    const others = children
      .slice(1)
      .flatMap((_, i) => [
        seconds(measured, i + 1),
        withSpread(ratios(measured, 'seconds', 0, i + 1)),
        median(ratios(measured, 'processor', 0, i + 1)).toFixed(2),
        memory(measured, i + 1),
      ]);
    return {
      cells: [
        spec.model,
        spec.train,
        `${spec.threads}`,
        seconds(measured, 0),
        memory(measured, 0),
        ...others,
      ],
      difference: checkLosses(measured),
    };
  } finally {
    for (const child of children) child.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A step of each of three adapters beside a step of one on as many rankings as the three together. */
async function three(spec: Spec): Promise<string[]> {
  const children: Child[] = [];
  try {
    children.push(await startOurs({ ...spec, policies: 3, batch: THREE_BATCH }));
    children.push(await startOurs({ ...spec, batch: 3 * THREE_BATCH }));
    const measured = await takeTurns(children);
    return [
      ...[spec.model, `${spec.threads}`, seconds(measured, 0), seconds(measured, 1)],
      withSpread(ratios(measured, 'seconds', 0, 1)),
      ...[memory(measured, 0), memory(measured, 1)],
    ];
  } finally {
    for (const child of children) child.end();
  }
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[]) => [row(head), row(head.map(() => '---'))];

/** The highest load average seen, our own processes included: those take turns, so they are two at most. */
let busy = 0;
const look = () => (busy = Math.max(busy, loadavg()[0]));
look();
console.log(
  torch === undefined
    ? `${python} has no PyTorch: ours alone is timed. EMDPO_PYTHON names a Python that has it.`
    : `PyTorch ${torch}`,
);
const steps = WARM_UP + rounds * perRound;
const beside = LAYOUTS.flatMap((layout) => [`PyTorch ${layout}`, `ours ÷ ${layout}`, 'by CPU time', 'MiB']);
const head = ['parameters', 'trained', 'threads', 'ours', 'MiB', ...(torch === undefined ? [] : beside)];
const compared = table(head);
console.error(compared.join('\n')); // as they come; all of it again at the end
let difference = 0;
const folder = mkdtempSync(path.join(tmpdir(), 'language-models-'));
try {
  for (const model of models)
    for (const train of trains)
      for (const n of threads) {
        const spec: Spec = { model, train, device, threads: n, policies: 1, batch, steps };
        const result = await compare(spec, path.join(folder, 'steps'));
        difference = Math.max(difference, result.difference);
        compared.push(row(result.cells));
        console.error(compared.at(-1));
        look();
      }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const threefold = table([
  'parameters',
  'threads',
  '3 adapters',
  '1 adapter, 3 × batch',
  'ratio',
  'MiB',
  'MiB',
]);
console.error(`\n${threefold.join('\n')}`);
for (const model of models)
  for (const n of threads) {
    threefold.push(row(await three({ model, train: 'lora', device, threads: n, policies: 1, batch, steps })));
    console.error(threefold.at(-1));
    look();
  }

const [{ model: processor }] = cpus();
const lines = [
  `One training step (${batch} rankings of 4 responses, each with a prompt of its own): packing the batch, Plackett–Luce DPO loss and gradients, clipping and AdamW. Llama architecture, byte-level, f32; LoRA of rank 8 on every linear map, or full fine-tuning.`,
  `Ours runs on ${device}. PyTorch ${torch ?? '(absent)'}, ${peerDevice}: plain modules, scaled_dot_product_attention, fused AdamW. *packed* has the same rows as ours, responses of one prompt sharing it; *padded* is the usual layout, every response with its prompt in a row of its own.`,
  `Seconds are medians over ${rounds} rounds of ${perRound} steps in which the processes take turns; ratios are medians over rounds, with quartiles. Below 1 ours is faster. MiB is the most memory a process held; ours includes Node.js and the reference's scoring. Largest relative difference between losses of the first step: ${difference.toExponential(0)}.`,
  `Machine: ${cpus().length} cores, ${processor.trim()}, Node.js ${process.versions.node}. Command: \`npm run bench:lm\`; on a machine with an NVIDIA GPU \`npm run bench:lm -- --device=cuda\`, or \`--device=tfjs/node --peer=cuda\`.`,
  '',
  ...compared,
  '',
  `Three adapters that take a step on ${THREE_BATCH} rankings each, beside one adapter that takes a step on ${3 * THREE_BATCH}:`,
  '',
  ...threefold,
];
console.log(`\n${lines.join('\n')}`);
if (!(difference <= LOSS_TOLERANCE)) {
  console.error(`The losses differ by ${difference}: the two do not compute the same.`);
  process.exitCode = 1;
} else if (process.argv.includes('--write')) {
  if (busy > BUSY)
    console.error(`The machine was busy (load average ${busy.toFixed(1)}): nothing was written.`);
  else putSection(path.join(root, 'docs/benchmarks.md'), 'Training language models', lines);
}
