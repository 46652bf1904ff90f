import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  claimRunDirectory,
  createRunDirectory,
  folderName,
  listRuns,
  projectOf,
} from '../../src/run/directory';
import { scratchFolder } from './run-files';

const now = new Date('2026-01-31T12:34:56.789Z');

test('a run is made in the nearest project above the dataset, hidden from git', async (t) => {
  const project = scratchFolder(t);
  mkdirSync(path.join(project, '.git'));
  mkdirSync(path.join(project, 'data/deep'), { recursive: true });
  const directory = await createRunDirectory(
    path.join(project, 'data/deep/answers.jsonl'),
    'my answers',
    now,
  );
  assert.equal(directory, path.join(project, '.emdpo/runs/20260131-123456-my-answers'));
  assert.equal(readFileSync(path.join(project, '.emdpo/.gitignore'), 'utf8'), '*\n');
});

test('runs of the same second get folders of their own, newest listed first', async (t) => {
  const project = scratchFolder(t);
  const dataset = path.join(project, 'answers.jsonl');
  const made = await Promise.all(Array.from({ length: 4 }, () => createRunDirectory(dataset, 'a', now)));
  assert.equal(new Set(made).size, 4);
  const later = await createRunDirectory(dataset, 'a', new Date(now.getTime() + 1000));
  const runs = await listRuns(project);
  assert.equal(runs[0], later);
  assert.deepEqual(runs.toSorted(), [...made, later].toSorted());
});

test('without a project the folder of the dataset is one; the home folder is none for its .vscode', async (t) => {
  const home = scratchFolder(t);
  mkdirSync(path.join(home, '.vscode'));
  mkdirSync(path.join(home, 'study/data'), { recursive: true });
  const dataset = path.join(home, 'study/data/answers.jsonl');
  assert.equal(await projectOf(dataset, home), path.join(home, 'study/data'));
  mkdirSync(path.join(home, 'study/.vscode'));
  assert.equal(await projectOf(dataset, home), path.join(home, 'study'));
});

test('a project without runs has none', async (t) => {
  assert.deepEqual(await listRuns(scratchFolder(t)), []);
});

test('a named directory is made, but never taken from another run', async (t) => {
  const folder = scratchFolder(t);
  const directory = path.join(folder, 'new/run');
  assert.equal(await claimRunDirectory(directory), directory);
  assert.ok(existsSync(directory));
  writeFileSync(path.join(directory, 'events.jsonl'), '');
  await assert.rejects(claimRunDirectory(directory), /already holds a run/);
  const file = path.join(folder, 'file');
  writeFileSync(file, '');
  await assert.rejects(claimRunDirectory(file), /a file of that name is in the way/);
});

test('any name makes a folder name that every system takes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      assert.match(folderName(name), /^[\p{L}\p{N}_](?:[\p{L}\p{N}._-]{0,58}[\p{L}\p{N}_])?$/u);
    }),
  );
  assert.equal(folderName('../..'), 'run');
  assert.equal(folderName('Größe & Farbe'), 'Größe-Farbe');
});
