import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { runChoices } from '../../src/run/compare/choices';
import { faultOfName, readLabel, renameRun } from '../../src/run/label';
import { writeManifest } from '../../src/run/manifest';
import { pinFile, pinnedRun, pinRun, projectOfRun, unpin } from '../../src/run/pinned';
import { writeResult } from '../../src/run/result';
import { readSnapshot } from '../../src/run/snapshot';
import { finishedRun } from '../window/fixture';
import { manifest, scratchFolder } from './run-files';

const { result } = finishedRun();

/** A project with runs of these names; all but `unfinished` have a result. */
async function project(t: TestContext, ...names: string[]): Promise<{ folder: string; runs: string[] }> {
  const folder = scratchFolder(t);
  const runs = names.map((name) => path.join(folder, '.emdpo', 'runs', name));
  for (const [i, run] of runs.entries()) {
    mkdirSync(run, { recursive: true });
    await writeManifest(run, { ...manifest, created: `2026-01-0${i + 1}T12:00:00.000Z` });
    assert.ok(result);
    if (names[i] !== 'unfinished') await writeResult(run, result);
  }
  return { folder, runs };
}

test('one run of a project is pinned at a time, for everybody who reads the file', async (t) => {
  const { folder, runs } = await project(t, 'one', 'two');
  assert.equal(await pinnedRun(folder), undefined);
  assert.equal(await pinRun(runs[0]), folder);
  assert.equal(await pinnedRun(folder), runs[0]);
  await pinRun(runs[1]);
  assert.equal(await pinnedRun(folder), runs[1]);
  // so that both can be moved together
  assert.deepEqual(JSON.parse(readFileSync(pinFile(folder), 'utf8')), { run: '.emdpo/runs/two' });
  assert.equal(readFileSync(path.join(folder, '.emdpo/.gitignore'), 'utf8'), '*\n');
  rmSync(runs[1], { recursive: true });
  assert.equal(await pinnedRun(folder), undefined);
  await unpin(folder);
  await unpin(folder);
  assert.ok(!existsSync(pinFile(folder)));
});

test('only a finished run is pinned, and a damaged file says what to do', async (t) => {
  const { folder, runs } = await project(t, 'unfinished', 'one');
  await assert.rejects(pinRun(runs[0]), /holds no finished run: only a finished one/);
  assert.equal(await pinnedRun(folder), undefined);
  writeFileSync(pinFile(folder), '{"run": 5}');
  await assert.rejects(
    pinnedRun(folder),
    /pinned\.json is damaged at "run".*Pin a run again, or delete the file\.$/,
  );
  await pinRun(runs[1]);
  assert.equal(await pinnedRun(folder), runs[1]);
});

test('a run outside of a runs folder belongs to the project of its dataset', async (t) => {
  const folder = scratchFolder(t);
  const home = path.join(folder, 'project');
  const run = path.join(folder, 'elsewhere');
  mkdirSync(path.join(home, '.emdpo'), { recursive: true });
  mkdirSync(run);
  const file = path.join(home, 'answers.jsonl');
  await writeManifest(run, { ...manifest, dataset: { ...manifest.dataset, path: file } });
  assert.ok(result);
  await writeResult(run, result);
  assert.equal(await projectOfRun(run), home);
  await pinRun(run);
  assert.equal(await pinnedRun(home), run);
});

test('a name stands beside run.json, which stays as it is', async (t) => {
  const [run] = (await project(t, 'one')).runs;
  const before = readFileSync(path.join(run, 'run.json'));
  assert.equal(await readLabel(run), undefined);
  await renameRun(run, '  Größer, mit β ½ 🎯 ');
  assert.equal(await readLabel(run), 'Größer, mit β ½ 🎯');
  assert.equal((await readSnapshot(run)).name, 'Größer, mit β ½ 🎯');
  assert.deepEqual(readFileSync(path.join(run, 'run.json')), before);
  await renameRun(run, undefined);
  assert.equal(await readLabel(run), undefined);
  for (const bad of ['', '  ', 'a\nb', 'x'.repeat(201)]) {
    assert.ok(faultOfName(bad));
    await assert.rejects(renameRun(run, bad), /character/);
  }
  writeFileSync(path.join(run, 'label.json'), 'no');
  const { name, problems } = await readSnapshot(run);
  assert.equal(name, undefined);
  assert.match(problems?.join(' ') ?? '', /label\.json is damaged/);
});

test('of other runs it is told which can be compared, and why others cannot', async (t) => {
  const { folder, runs } = await project(t, 'own', 'one', 'unfinished', 'other', 'broken', 'odd-name');
  const [own, one, unfinished, other, broken, odd] = runs;
  await writeManifest(other, {
    ...manifest,
    dataset: { ...manifest.dataset, sha256: 'cd', path: '/data/poems.jsonl' },
  });
  writeFileSync(path.join(broken, 'result.json'), '{"fit": ');
  writeFileSync(path.join(odd, 'label.json'), '[]');
  await renameRun(one, 'renamed');
  await pinRun(one);
  const nothing = path.join(folder, '.emdpo', 'runs', 'nothing');
  mkdirSync(nothing);
  const { ownPinned, others } = await runChoices(own, [...runs, nothing]);
  assert.equal(ownPinned, false);
  const of = (directory: string) => others.find((each) => each.directory === directory);
  assert.equal(others.length, 5);
  assert.deepEqual(
    [one, unfinished, other, broken, odd].map((each) => of(each)?.refused),
    [undefined, 'unfinished', 'dataset', 'damaged', undefined],
  );
  assert.deepEqual([of(one)?.name, of(one)?.pinned, of(odd)?.name], ['renamed', true, 'answers']);
  assert.equal(of(one)?.logLikelihood, result?.fit.logLikelihood);
  assert.equal(of(other)?.dataset, 'poems.jsonl');
  assert.equal((await runChoices(one, [own])).ownPinned, true);
});
