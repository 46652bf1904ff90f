import assert from 'node:assert/strict';
import { chmodSync, createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { assertCivil, emdpo, record, run } from './cli-run';
import { scratchFolder } from './run-files';

/** Content of a file, what is wrong with it, and the code of the finding. */
const files: readonly (readonly [string, string | Buffer, RegExp, string])[] = [
  ['an empty file', '', /^.*data\.jsonl:1:1 error form\/empty-file/m, 'form/empty-file'],
  [
    'a binary file',
    Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 37) % 256)),
    /data\.jsonl:1:1 error form\/binary/,
    'form/binary',
  ],
  [
    'bad UTF-8',
    Buffer.concat([Buffer.from(record() + '\n'), Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d, 0x0a])]),
    /data\.jsonl:2:\d+ error form\/invalid-utf8/,
    'form/invalid-utf8',
  ],
  [
    'broken JSON',
    `${record()}\n{"annotator": \n${record()}\n`,
    /data\.jsonl:2:\d+ error form\/bad-json/,
    'form/bad-json',
  ],
  ['a wrong type', `${record()}\n${record({ prompt: 5 })}\n`, /data\.jsonl:2:\d+ error form\//, 'form/'],
  [
    'duplicate ids',
    `${record({ id: 'r1' })}\n${record({ id: 'r1', annotator: 'a2' })}\n`,
    /data\.jsonl:2:\d+ \w+ (form|data)\/.*id/,
    '',
  ],
  [
    'a rank out of range',
    `${record()}\n${record({ ranking: [0, 3] })}\n`,
    /data\.jsonl:2:\d+ error form\//,
    'form/',
  ],
  [
    'features that are not numbers',
    `${record()}\n${record().replace('}', ',"features":[[NaN],[1],[2]]}')}\n`,
    /data\.jsonl:2:\d+ error form\//,
    'form/',
  ],
  [
    'features that are infinite',
    `${record({ features: [[1], [2], [3]] })}\n${record().replace('}', ',"features":[[1e999],[1],[2]]}')}\n`,
    /data\.jsonl:2:\d+ error form\/not-finite/,
    'form/not-finite',
  ],
];

for (const [what, content, place, code] of files) {
  test(`validate says where ${what} is wrong`, async (t) => {
    const file = path.join(scratchFolder(t), 'data.jsonl');
    writeFileSync(file, content);
    const ended = await run(['validate', file]);
    assertCivil(ended);
    assert.equal(ended.code, 1, ended.stdout + ended.stderr);
    assert.match(ended.stdout, place);
    const json = await run(['validate', file, '--json']);
    assert.equal(json.code, 1);
    const report = JSON.parse(json.stdout) as { findings: { code: string; severity: string }[] };
    assert.ok(
      report.findings.some((finding) => finding.severity === 'error' && finding.code.startsWith(code)),
    );
  });
}

test('a CSV file without its columns names them', async (t) => {
  const file = path.join(scratchFolder(t), 'votes.csv');
  writeFileSync(file, 'question,left,right\nq1,m1,m2\n');
  const ended = await run(['validate', file, '--form', 'arena-csv']);
  assertCivil(ended);
  assert.equal(ended.code, 1);
  assert.match(ended.stdout, /votes\.csv:1:1 error form\/missing-column/);
  assert.match(ended.stdout, /winner/);
});

test('a single line of 100 MB ends with its place', async (t) => {
  const file = path.join(scratchFolder(t), 'data.jsonl');
  const stream = createWriteStream(file);
  stream.write('{"annotator":"a1","prompt":"');
  const block = 'x'.repeat(1 << 20);
  for (let i = 0; i < 100; i++) if (!stream.write(block)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'close');
  const ended = await run(['validate', file]);
  assertCivil(ended);
  assert.equal(ended.code, 1, ended.stdout + ended.stderr);
  assert.match(ended.stdout, /data\.jsonl:1:1 error form\//);
  assert.ok(ended.stdout.length < 10_000);
});

for (const command of ['validate', 'train']) {
  test(`${command} of a folder or of nothing is a sentence`, async (t) => {
    const folder = scratchFolder(t);
    const directory = await run([command, folder]);
    assertCivil(directory);
    assert.equal(directory.code, 1);
    assert.match(directory.stderr, /is a folder/);
    const nothing = await run([command, path.join(folder, 'none.jsonl')]);
    assertCivil(nothing);
    assert.equal(nothing.code, 1);
    assert.match(nothing.stderr, /There is no file .*none\.jsonl/);
  });

  test(`${command} without permission is a sentence`, async (t) => {
    const folder = scratchFolder(t);
    const file = path.join(folder, 'data.jsonl');
    writeFileSync(file, record() + '\n');
    chmodSync(folder, 0o755);
    chmodSync(file, 0o000);
    // root may read everything, so another user asks; who must be able to run the program
    const asRoot = process.getuid?.() === 0;
    const user = asRoot ? { uid: 65_534, cwd: folder } : { cwd: folder };
    if (process.platform === 'win32' || (await run(['--version'], user)).code !== 0) {
      t.skip(`permissions cannot be tried here: ${emdpo} must be readable for everybody`);
      return;
    }
    const ended = await run([command, file], user);
    assertCivil(ended);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /may not be read: permission denied/);
  });
}

test('train of a file without a usable record fails, and says which is wrong', async (t) => {
  const folder = scratchFolder(t);
  const file = path.join(folder, 'data.jsonl');
  writeFileSync(file, `${record({ ranking: [0, 7] })}\n`);
  const directory = path.join(folder, 'run');
  const ended = await run(['train', file, '--run-dir', directory]);
  assertCivil(ended);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /holds no ranking that can be used\. .*data\.jsonl:1:\d+: /);
  const report = await run(['report', directory]);
  assertCivil(report);
  assert.equal(report.code, 1);
  assert.match(report.stderr, /failed before it had read its dataset/);
});

const usage: readonly (readonly [readonly string[], RegExp])[] = [
  [[], /Usage: emdpo/],
  [['valdate', 'x'], /unknown command 'valdate'/],
  [['validate'], /missing required argument 'file'/],
  [['validate', 'x.jsonl', '--tpyes', '3'], /unknown option '--tpyes'/],
  [['validate', 'x.jsonl', '--types', '0'], /whole number from 1 to 64/],
  [['train', 'x.jsonl', '--types', '0'], /whole number from 1 to 64/],
  [['train', 'x.jsonl', '--types', '2.5'], /whole number/],
  [['train', 'x.jsonl', '--types', '-1'], /whole number/],
  [['train', 'x.jsonl', '--prior', '-1'], /at least 0/],
  [['train', 'x.jsonl', '--prior', 'Infinity'], /at least 0/],
  [['train', 'x.jsonl', '--beta', '0'], /greater than 0/],
  [['train', 'x.jsonl', '--policy', 'neural'], /Allowed choices are auto, tabular, loglinear, transformer/],
  [['train', 'x.jsonl', '--protect', '1,x'], /at least 0/],
  [['train', 'x.jsonl', '--column', 'judge'], /role=column/],
  [['train', 'x.jsonl', 'y.jsonl'], /too many arguments/],
  [['simulate'], /required option '--out <file>'/],
  [['simulate', '--out', 'x.jsonl', '--format', 'duel'], /ranking, pair, best-of/],
  [
    ['simulate', '--out', 'x.jsonl', '--responses', '2', '--format', 'best-of-3'],
    /shows 3 responses, but a prompt has 2/,
  ],
  [['simulate', 'population.json', '--out', 'x.jsonl', '--types', '2'], /contradict each other/],
];

for (const [args, sentence] of usage) {
  test(`bad usage is a sentence and exit code 2: emdpo ${args.join(' ')}`, async (t) => {
    const ended = await run(args, { cwd: scratchFolder(t) });
    assertCivil(ended);
    assert.equal(ended.code, 2, ended.stderr);
    assert.match(ended.stderr, sentence);
    assert.doesNotMatch(ended.stderr, /^emdpo: *$/m);
    assert.equal(ended.stdout, '');
  });
}

test('help and version are no errors', async (t) => {
  for (const args of [['--help'], ['--version'], ['train', '--help'], ['help', 'validate']]) {
    const ended = await run(args, { cwd: scratchFolder(t) });
    assert.deepEqual([ended.code, ended.stderr], [0, ''], args.join(' '));
    assert.ok(ended.stdout.length > 0);
  }
});

test('a broken experiment file is located', async (t) => {
  const folder = scratchFolder(t);
  writeFileSync(
    path.join(folder, 'a.emdpo.json'),
    '{\n  // comment\n  "dataset": "d.jsonl",\n  "typs": 3\n}\n',
  );
  for (const command of ['train', 'validate']) {
    const ended = await run([command, 'a.emdpo.json'], { cwd: folder });
    assertCivil(ended);
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /a\.emdpo\.json:4:3: "typs" is not a key here\. Did you mean "types"\?/);
    assert.equal(ended.stdout, '');
  }
});

test('a run directory is never taken from another run, and report of no run is a sentence', async (t) => {
  const folder = scratchFolder(t);
  const file = path.join(folder, 'data.jsonl');
  writeFileSync(file, record() + '\n');
  const taken = path.join(folder, 'taken');
  mkdirSync(taken);
  writeFileSync(path.join(taken, 'run.json'), '{');
  const train = await run(['train', file, '--run-dir', taken]);
  assertCivil(train);
  assert.equal(train.code, 1);
  assert.match(train.stderr, /already holds a run/);
  const damaged = await run(['report', taken]);
  assertCivil(damaged);
  assert.equal(damaged.code, 1);
  assert.match(damaged.stderr, /run\.json is damaged: it is not JSON/);
  const none = await run(['report', folder]);
  assertCivil(none);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /is no run directory/);
});
