import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { run, twoTypes } from './cli-run';
import { scratchFolder } from './run-files';

/** A run that was killed after its dataset was checked, whose validation.json says so with a word of its own. */
async function killed(t: TestContext): Promise<{ directory: string; validation: string }> {
  const folder = scratchFolder(t);
  const dataset = path.join(folder, 'answers.jsonl');
  writeFileSync(dataset, twoTypes());
  const directory = path.join(folder, 'run');
  await run(['train', dataset, '--types', '2', '--run-dir', directory], { fault: 'KILL@40' });
  const validation = path.join(directory, 'validation.json');
  assert.ok(existsSync(validation) && !existsSync(path.join(directory, 'result.json')));
  change(validation, (report) => ({ ...report, mark: 'of the first start' }));
  return { directory, validation };
}

function change(file: string, by: (content: object) => object): void {
  writeFileSync(file, JSON.stringify(by(JSON.parse(readFileSync(file, 'utf8')) as object)));
}

async function marked({ directory, validation }: { directory: string; validation: string }) {
  const ended = await run(['resume', directory]);
  assert.equal(ended.code, 0, ended.stderr);
  return readFileSync(validation, 'utf8').includes('of the first start');
}

test('a run that goes on keeps what was found about its dataset', async (t) => {
  assert.equal(await marked(await killed(t)), true);
});

test('it writes the same bytes as a run that nothing happened to', async (t) => {
  const start = await killed(t);
  await run(['resume', start.directory]);
  const other = `${start.directory}-undisturbed`;
  await run(['train', path.join(start.directory, '../answers.jsonl'), '--types', '2', '--run-dir', other]);
  const kept = readFileSync(start.validation, 'utf8').replace(/,\n {2}"mark": ".*"/, '');
  assert.equal(kept, readFileSync(path.join(other, 'validation.json'), 'utf8'));
});

test('another version of the program checks the dataset again', async (t) => {
  const start = await killed(t);
  change(path.join(start.directory, 'run.json'), (manifest) => ({
    ...manifest,
    versions: { emdpo: '0.0.0', node: process.version, platform: 'linux-x64' },
  }));
  assert.equal(await marked(start), false);
});

test('a dataset is checked again where what was found is damaged', async (t) => {
  const start = await killed(t);
  writeFileSync(start.validation, '{"verdicts": []}');
  assert.equal(await marked(start), false);
  assert.match(readFileSync(start.validation, 'utf8'), /"design"/);
});
