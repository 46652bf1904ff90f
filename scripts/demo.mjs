// npm run demo: from the bundled sample to a fair policy, on a fresh clone.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root, setup } from './setup.mjs';

const sample = 'media/sample/answers.jsonl';

setup();
const started = Date.now();
const emdpo = path.join(root, 'dist/emdpo.cjs');

heading(`emdpo validate ${sample} --types 3`);
const validated = run(['validate', sample, '--types', '3'], 'inherit');
if (validated.status !== 0) fail('The sample did not validate.');

heading(`emdpo train ${sample} --types 3`);
const before = Date.now();
const trained = run(
  ['train', sample, '--types', '3', '--name', 'demo', '--json'],
  // a bar on a terminal; elsewhere the events are in the run directory
  ['ignore', 'pipe', process.stderr.isTTY ? 'inherit' : 'pipe'],
);
if (trained.status !== 0) fail(`The training failed.\n${trained.stderr ?? ''}`);
const result = JSON.parse(trained.stdout);
const truth = JSON.parse(readFileSync(path.join(root, 'media/sample/answers.truth.json'), 'utf8'));

console.log('\nShares');
for (const type of result.types) {
  console.log(`  ${type.name.padEnd(10)} ${percent(type.share).padStart(7)}  ${type.annotators} annotators`);
}

console.log('\nRegret of each type under each policy');
const names = result.candidates.map(({ name }) => name);
const width = Math.max(...names.map((name) => name.length));
const row = (name, cells) => `  ${name.padEnd(width)}${cells.map((cell) => cell.padStart(10)).join('')}`;
console.log(row('', [...result.types.map(({ name }) => name), 'worst']));
for (const { name, regret, worst } of result.candidates) {
  console.log(
    row(
      name,
      [...regret, worst].map((value) => (Math.abs(value) < 5e-5 ? 0 : value).toFixed(4)),
    ),
  );
}
const { weights, value } = result.regret;
const fair = result.types.map(({ name }, k) => `${percent(weights[k])} ${name}`).join(', ');
console.log(`  fairest mixture: ${fair}; its worst regret is ${value.toFixed(4)}`);

console.log('\nFound types against the known ones');
const { accuracy } = result.known;
console.log(`  annotators assigned to their true type   ${percent(accuracy)}`);
console.log(`  by a classifier that knows the rewards   ${percent(truth.idealAccuracy)}`);
console.log(`  ratio                                    ${(accuracy / truth.idealAccuracy).toFixed(3)}`);
for (const { code, message } of result.alarms) console.log(`\nalarm ${code}: ${message}`);

console.log(
  `\ntrained in ${((Date.now() - before) / 1000).toFixed(1)} s, all in ${((Date.now() - started) / 1000).toFixed(1)} s`,
);
console.log(`run directory: ${result.runDirectory}`);
console.log(`report: ${path.join(result.runDirectory, 'report.html')}`);

function run(args, stdio) {
  return spawnSync(process.execPath, [emdpo, ...args], {
    cwd: root,
    stdio,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
}

function heading(text) {
  console.log(`\n$ ${text}\n`);
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
