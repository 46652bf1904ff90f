// Checks a machine with a GPU (docs/devices.md): lists and tests its devices, trains a short EM-DPO of small language
// models on each that passed, and prints times and how far the results are from the processor's. Needs Node.js, dist/
// and node_modules/onnxruntime-*; nothing is downloaded, nothing but a temporary folder is written.
//   node scripts/gpu-check.mjs [--device ID …] [--rounds N] [--json FILE]
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const emdpo = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../dist/emdpo.cjs');
const { values: asked } = parseArgs({
  options: {
    device: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '2' },
    json: { type: 'string' },
  },
});

const scratch = mkdtempSync(path.join(tmpdir(), 'emdpo-gpu-check-'));
const report = { machine: await machine(), devices: [], trainings: [] };
try {
  console.log(report.machine.join('\n'));
  const only = asked.device === undefined ? [] : ['--only', ...new Set(['onnxruntime/cpu', ...asked.device])];
  const listed = await run([emdpo, 'devices', '--json', ...only]);
  if (listed.code !== 0) throw new Error(listed.said);
  report.devices = JSON.parse(listed.output).devices;
  for (const { id, state, reason, speed, test } of report.devices) {
    const figures = test
      ? ` ${test.stepMilliseconds.toFixed(2)} ms a step, ${speed?.toFixed(2) ?? '?'} × onnxruntime/cpu.`
      : '';
    console.log(`${state.padEnd(7)} ${id.padEnd(19)} ${reason}${figures}`);
  }
  const usable = report.devices.filter(
    ({ state, id }) => state === 'passed' && id !== 'tfjs/cpu' && id !== 'tfjs/wasm',
  );
  // the processor first: the others are compared with it
  usable.sort((a, b) => Number(b.id === 'onnxruntime/cpu') - Number(a.id === 'onnxruntime/cpu'));
  writeDataset(path.join(scratch, 'answers.jsonl'));
  for (const { id } of usable) await train(id);
} catch (error) {
  console.log(`Failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (asked.json !== undefined) writeFileSync(asked.json, JSON.stringify(report, null, 2));
const wrong = report.trainings.filter(({ agrees }) => agrees === false);
if (report.trainings.length === 0 || wrong.length > 0) process.exitCode = 1;
console.log(
  process.exitCode
    ? 'The check failed.'
    : 'Every device that passed its test trained, and agrees with the processor.',
);

/** A short run of EM-DPO on a small byte-level model. Rounding differs by device, so results agree, but not to the bit. */
async function train(device) {
  const name = device.replace('/', '-');
  const experiment = path.join(scratch, `${name}.emdpo.json`);
  writeFileSync(
    experiment,
    JSON.stringify({
      dataset: 'answers.jsonl',
      policy: {
        kind: 'transformer',
        model: 'scratch',
        rounds: Number(asked.rounds),
        scratch: { epochs: 2 },
        sampling: { prompts: 4, responses: 4 },
      },
      types: 2,
      em: { starts: 1 },
      seed: 7,
      compute: { device },
    }),
  );
  const start = performance.now();
  const directory = path.join(scratch, name);
  const { code, output, said } = await run([emdpo, 'train', experiment, '--run-dir', directory, '--json']);
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0) {
    report.trainings.push({ device, seconds, agrees: false, said: said.slice(-2000) });
    console.log(
      `${device}: the training failed after ${seconds.toFixed(1)} s.\n${said.trim().split('\n').at(-1)}`,
    );
    return;
  }
  const { fit, types } = JSON.parse(output);
  const shares = types.map(({ share }) => share);
  const first = report.trainings.find(({ logLikelihood }) => logLikelihood !== undefined);
  const far = first === undefined ? 0 : Math.abs(fit.logLikelihood / first.logLikelihood - 1);
  const agrees = far < 0.02;
  const seen = deviceSeen(directory);
  report.trainings.push({
    device,
    seconds,
    logLikelihood: fit.logLikelihood,
    shares,
    relativeDifference: far,
    agrees,
    seen,
  });
  console.log(
    `${device}: trained in ${seconds.toFixed(1)} s, log-likelihood ${fit.logLikelihood.toFixed(3)}, shares ${shares.map((share) => share.toFixed(3)).join(' ')}` +
      (first === undefined ? '.' : `, ${(100 * far).toFixed(2)} % from the processor’s.`),
  );
}

/** What the run itself says that it ran on. */
function deviceSeen(directory) {
  const events = readdirSync(directory).includes('events.jsonl')
    ? readFileSync(path.join(directory, 'events.jsonl'), 'utf8').split('\n')
    : [];
  return events.filter((line) => line.includes('"type":"device"')).map((line) => JSON.parse(line));
}

/** Two types of annotators: one likes the short answer, one the long. Every fifth judgement is the other way round. */
function writeDataset(file) {
  const things = ['tides', 'rain', 'bread', 'trains', 'bees', 'glass'];
  const lines = [];
  for (let annotator = 0; annotator < 16; annotator++) {
    for (const [i, thing] of things.entries()) {
      const short = `About ${thing}: it depends.`;
      const middle = `About ${thing}: it depends on many things.`;
      const long = `About ${thing}: it depends on many things, and each of them deserves a closer look.`;
      const turned = (annotator * 3 + i) % 5 === 0;
      const likesShort = annotator % 2 === 0;
      lines.push(
        JSON.stringify({
          annotator: `a${annotator}`,
          prompt: `Explain ${thing}.`,
          responses: [short, middle, long],
          ranking: likesShort === turned ? [2, 1, 0] : [0, 1, 2],
        }),
      );
    }
  }
  writeFileSync(file, lines.join('\n') + '\n');
}

async function machine() {
  const lines = [
    `${platform()} ${release()} ${arch()}, Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`,
  ];
  const gpu = await run(
    ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'],
    'nvidia-smi',
  );
  lines.push(gpu.code === 0 ? `NVIDIA: ${gpu.output.trim()}` : 'NVIDIA: no driver that answers');
  return lines;
}

function run(args, command = process.execPath) {
  return new Promise((resolve) => {
    execFile(command, args, { maxBuffer: 2 ** 28 }, (error, output, said) => {
      resolve({ code: error ? (error.code ?? 1) : 0, output, said: said || (error?.message ?? '') });
    });
  });
}
