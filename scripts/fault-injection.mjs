// npm run faults: do runs survive whatever happens to them? Each of many runs is hit once at a random moment: killed,
// its disk full or faulty, its last event cut short, its newest checkpoint half-written. After each, nothing that was
// committed may be lost, `emdpo resume` has to end, and the results have to be those of an undisturbed run, byte for
// byte, but for times. Linux only: it asks /proc who belongs to a run.
//   --count 200    injections          --language 24  how many of them hit language models
//   --seed 1       other moments       --jobs 1       at the same time
//   --keep         leave the run directories of those that failed
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { inject } from './faults/inject.mjs';
import { launch, seconds } from './faults/launch.mjs';
import { committed, differences, eventLines } from './faults/observe.mjs';
import { writeTexts } from './faults/texts.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { values: asked } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    language: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
});
const [count, language, jobs] = [asked.count, asked.language, asked.jobs].map(Number);
const source = xoroshiro128plus(Number(asked.seed));
/** A whole number from 0 to below n. */
const below = (n) => uniformInt(source, 0, n - 1);

const scratch = mkdtempSync(path.join(tmpdir(), 'emdpo-faults-'));
const families = [
  {
    name: 'log-linear',
    injections: count - Math.min(count, language),
    kinds: ['kill', 'kill in a write', 'disk full', 'disk error', 'event cut short', 'file half-written'],
    experiment: logLinear,
  },
  {
    name: 'language model',
    injections: Math.min(count, language),
    kinds: [
      'kill training',
      'kill supervisor',
      'kill group',
      'kill in a write',
      'disk full',
      'disk error',
      'event cut short',
      'file half-written',
      'checkpoint damaged',
    ],
    experiment: writeTexts,
  },
];

let failed = 0;
try {
  for (const family of families) if (family.injections > 0) await hitAll(family);
} finally {
  if (asked.keep && failed > 0) console.log(`kept: ${scratch}`);
  else rmSync(scratch, { recursive: true, force: true });
}
console.log(
  failed === 0
    ? `${count} injections: nothing that was committed was lost, every run ended, all results are the same bytes.`
    : `${failed} of ${count} injections failed.`,
);
process.exitCode = failed > 0 ? 1 : 0;

async function hitAll({ name, injections, kinds, experiment }) {
  const folder = path.join(scratch, name.replace(' ', '-'));
  mkdirSync(folder);
  const file = experiment(folder);
  const undisturbed = path.join(folder, 'undisturbed');
  const whole = await launch(['train', file, '--run-dir', undisturbed]).ended;
  if (whole.code !== 0) throw new Error(`The undisturbed run ended with code ${whole.code}.\n${whole.said}`);
  const expected = {
    directory: undisturbed,
    file,
    seconds: seconds(undisturbed),
    events: eventLines(undisturbed).length,
  };
  console.log(`${name}: ${expected.events} events in ${expected.seconds.toFixed(1)} s when nothing happens`);

  // drawn before anything runs, so that the seed decides whatever takes how long
  const plans = Array.from({ length: injections }, (_, i) => ({
    kind: kinds[i % kinds.length],
    directory: path.join(folder, `run-${i + 1}`),
    moment: below(1000) / 1000,
    call: below(1_000_000) / 1_000_000,
    cut: below(1_000_000) / 1_000_000,
  }));
  const table = new Map(
    kinds.map((kind) => [kind, { hit: 0, missed: 0, wentOn: 0, again: 0, same: 0, failed: 0 }]),
  );
  const waiting = [...plans];
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      for (let plan = waiting.shift(); plan !== undefined; plan = waiting.shift()) {
        await hitOne(plan, expected, table.get(plan.kind));
      }
    }),
  );
  print(table);
}

/** A run that had finished before it was hit, or had nothing yet to be damaged, is started again for another moment. */
async function hitForSure(plan, expected, row) {
  for (let attempt = 0; attempt < 8; attempt++) {
    const { hit, said } = await inject(plan, expected);
    if (hit || said.length > 0) {
      row.hit++;
      return said;
    }
    row.missed++;
    const late = committed(plan.directory, true).finished;
    plan.moment = late ? plan.moment / 2 : (1 + plan.moment) / 2;
    plan.call = plan.call / 2;
    rmSync(plan.directory, { recursive: true, force: true });
  }
  return ['it was never hit'];
}

/** One run, hit once; counts what became of it. */
async function hitOne(plan, expected, row) {
  const { directory, kind } = plan;
  const faults = [];
  const said = await hitForSure(plan, expected, row);
  const before = committed(directory, kind !== 'checkpoint damaged');
  faults.push(...before.damaged, ...said);

  let how = 'wentOn';
  if (before.finished) how = undefined;
  else {
    let ended = await launch(['resume', directory]).ended;
    if (ended.code !== 0 && !before.hasManifest) {
      // nothing was committed yet, and resume has said so
      if (!/no run directory|no run that can go on/.test(ended.said))
        faults.push(`resume said: ${ended.said}`);
      rmSync(directory, { recursive: true, force: true });
      how = 'again';
      ended = await launch(['train', expected.file, '--run-dir', directory]).ended;
    }
    if (ended.code !== 0) faults.push(`it could not go on (code ${ended.code}): ${ended.said}`);
  }
  if (how !== undefined) row[how]++;
  if (how !== 'again') faults.push(...before.lostIn(directory));
  // who dies after the last event leaves a lock that names nobody
  if (before.finished) rmSync(path.join(directory, 'lock.json'), { force: true });
  const different = differences(expected.directory, directory);
  if (different.length === 0) row.same++;
  faults.push(...different);
  if (faults.length === 0) rmSync(directory, { recursive: true, force: true });
  else {
    row.failed++;
    failed++;
    console.log(
      `  FAILED: ${kind}, ${path.basename(directory)}\n${faults.map((fault) => `    ${fault}`).join('\n')}`,
    );
  }
}

function print(table) {
  const columns = ['hit', 'missed', 'went on', 'started again', 'same bytes', 'failed'];
  console.log(`  ${'what happened'.padEnd(20)}${columns.map((name) => name.padStart(15)).join('')}`);
  for (const [kind, { hit, missed, wentOn, again, same, failed: bad }] of table) {
    const cells = [hit, missed, wentOn, again, same, bad].map((value) => String(value).padStart(15));
    console.log(`  ${kind.padEnd(20)}${cells.join('')}`);
  }
}

function logLinear(folder) {
  cpSync(path.join(root, 'media/sample/answers.jsonl'), path.join(folder, 'answers.jsonl'));
  const file = path.join(folder, 'answers.emdpo.json');
  const em = { starts: 2, iterations: 15 };
  writeFileSync(
    file,
    JSON.stringify({ dataset: 'answers.jsonl', types: 2, policy: { kind: 'loglinear' }, em }),
  );
  return file;
}
