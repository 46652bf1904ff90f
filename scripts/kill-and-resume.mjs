// Kills training runs of small language models at random moments with SIGKILL, goes on with each by `emdpo resume`, and
// compares the bytes of what they wrote with those of a run that nobody disturbed. Prints a table; fails on a difference.
//   node scripts/kill-and-resume.mjs [--runs N] [--device ID] [--threads N] [--keep]
import { spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const emdpo = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../dist/emdpo.cjs');
const { values: asked } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    device: { type: 'string', default: 'onnxruntime/cpu' },
    threads: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
});

/** Who is killed: everybody at once, as when the power fails; the process that trains; the one that supervises it. */
const VICTIMS = ['all', 'training', 'supervisor'];

const scratch = mkdtempSync(path.join(tmpdir(), 'emdpo-kill-'));
const experiment = path.join(scratch, 'answers.emdpo.json');
try {
  writeDataset(path.join(scratch, 'answers.jsonl'));
  writeFileSync(experiment, JSON.stringify(experimentOf(asked), null, 2));
  const undisturbed = path.join(scratch, 'undisturbed');
  const { code, said } = await finish(train(undisturbed));
  if (code !== 0) throw new Error(`The undisturbed run ended with code ${code}.\n${said}`);
  const expected = hashes(undisturbed);
  const seconds = trainingSeconds(undisturbed);
  console.log(`undisturbed: ${seconds.toFixed(1)} s of training`);
  for (const [file, hash] of expected) console.log(`  ${hash.slice(0, 16)} ${file}`);
  console.log('run  killed (who after how many seconds)        resumed  same bytes');
  let different = 0;
  for (let i = 0; i < Number(asked.runs); i++) {
    const { kills, resumed, same } = await disturbed(i, seconds, expected);
    if (!same) different++;
    console.log(
      `${String(i + 1).padStart(3)}  ${kills.padEnd(42)} ${resumed.padStart(8)}  ${same ? 'yes' : 'NO'}`,
    );
  }
  console.log(
    different === 0
      ? `All ${asked.runs} runs wrote the same bytes.`
      : `${different} of ${asked.runs} runs differ.`,
  );
  if (different > 0) process.exitCode = 1;
} finally {
  if (asked.keep) console.log(`kept: ${scratch}`);
  else rmSync(scratch, { recursive: true, force: true });
}

/** One run, killed once or twice after its dataset was read; what dies before that is started again, not resumed. */
async function disturbed(i, seconds, expected) {
  const directory = path.join(scratch, `run-${i + 1}`);
  const kills = [];
  let begin = () => train(directory);
  for (let kill = 0; kill <= i % 2 && stateOf(directory) !== 'finished'; kill++) {
    const victim = VICTIMS[(i + kill) % VICTIMS.length];
    const moment = (seconds * randomInt(0, 950)) / 1000 / (kill + 1);
    const child = begin();
    const ended = finish(child);
    const begun = events(directory).filter(({ type }) => type === 'started').length;
    void afterReading(directory, child, begun).then(async () => {
      await sleep(1000 * moment);
      killNow(child, victim);
    });
    await ended;
    kills.push(`${victim} ${moment.toFixed(1)}`);
    begin = () => start(['resume', directory]);
  }
  if (stateOf(directory) !== 'finished') {
    const { code, said } = await finish(begin());
    if (code !== 0) throw new Error(`Run ${i + 1} could not go on (code ${code}).\n${said}`);
  }
  const resumed = events(directory).filter((event) => event.resumed).length;
  const found = hashes(directory);
  const same = JSON.stringify([...found]) === JSON.stringify([...expected]);
  if (!same)
    for (const [file, hash] of expected)
      if (found.get(file) !== hash) console.log(`     ${file} differs in run ${i + 1}`);
  return { kills: kills.join(', '), resumed: `${resumed} ×`, same };
}

/** Ends when this start of the run has read its dataset and written run.json, or has ended. */
async function afterReading(directory, child, begun) {
  while (child.exitCode === null) {
    const own = events(directory).slice(indexOfStart(directory, begun));
    if (own.some(({ type, phase }) => type === 'phase' && phase === 'validating')) return;
    await sleep(20);
  }
}

/** Where the events of the latest start begin; after all of them while it has not begun. */
function indexOfStart(directory, begun) {
  const all = events(directory);
  const starts = all.flatMap(({ type }, i) => (type === 'started' ? [i] : []));
  return starts[begun] ?? all.length;
}

function trainingSeconds(directory) {
  const all = events(directory);
  const began = all.find(({ phase }) => phase === 'validating').time;
  return (new Date(all.at(-1).time) - new Date(began)) / 1000;
}

function killNow(child, victim) {
  const trainers = childrenOf(child.pid);
  const targets = { all: [...trainers, child.pid], training: trainers, supervisor: [child.pid] }[victim];
  for (const pid of targets) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has just ended by itself
    }
  }
}

/** Linux only: elsewhere the supervisor is killed, and its training ends with it. */
function childrenOf(pid) {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number) : [pid];
}

function train(directory) {
  return start(['train', experiment, '--run-dir', directory]);
}

function start(args) {
  return spawn(process.execPath, [emdpo, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
}

async function finish(child) {
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { code, said: said.slice(-2000) };
}

function stateOf(directory) {
  return events(directory).at(-1)?.type;
}

function events(directory) {
  const file = path.join(directory, 'events.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

/** SHA-256 of what a run leaves behind, by file: its policies, and the posterior of the annotators. */
function hashes(directory) {
  const files = readdirSync(path.join(directory, 'policies'), { recursive: true })
    .filter((file) => file.endsWith('.safetensors'))
    .sort()
    .map((file) => `policies/${file.replaceAll('\\', '/')}`);
  return new Map(
    [...files, 'posterior.csv'].map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(path.join(directory, file)))
        .digest('hex'),
    ]),
  );
}

function experimentOf({ device, threads }) {
  return {
    dataset: 'answers.jsonl',
    types: 2,
    policy: {
      kind: 'transformer',
      model: 'scratch',
      rounds: 6,
      promptTokens: 24,
      responseTokens: 80,
      scratch: { layers: 2, hidden: 32, heads: 2, epochs: 12 },
      optimizer: { epochs: 2 },
      sampling: { prompts: 4, responses: 2, distillation: 16 },
    },
    em: { starts: 2 },
    seed: 7,
    compute: { device, threads: Number(threads) },
  };
}

/** Two types of annotators: one likes the short answer, one the long. Every fifth judgement is the other way round. */
function writeDataset(file) {
  const things = ['tides', 'rain', 'bread', 'trains', 'bees', 'glass'];
  const lines = Array.from({ length: 16 }, (_, annotator) =>
    things.map((thing, i) => {
      const responses = [
        'It depends.',
        'It depends on much.',
        'It depends on much, so look closer at it.',
      ].map((answer) => `On ${thing}: ${answer}`);
      const turned = (annotator * 3 + i) % 5 === 0;
      const ranking = (annotator % 2 === 0) === turned ? [2, 1, 0] : [0, 1, 2];
      return JSON.stringify({ annotator: `a${annotator}`, prompt: `Explain ${thing}.`, responses, ranking });
    }),
  ).flat();
  writeFileSync(file, lines.join('\n') + '\n');
}
