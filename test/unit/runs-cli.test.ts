import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { openEvents } from '../../src/run/events';
import { writeManifest } from '../../src/run/manifest';
import type { RunEventBody } from '../../src/protocol/event';
import { pinRun } from '../../src/run/pinned';
import { writeResult } from '../../src/run/result';
import { finishedRun } from '../window/fixture';
import { assertCivil, run } from './cli-run';
import { manifest, scratchFolder } from './run-files';

test('runs lists what became of every run of a project, also of one whose process is gone', async (t) => {
  const folder = scratchFolder(t);
  const none = await run(['runs', folder]);
  assert.equal(none.code, 0);
  assert.match(none.stdout, /has no runs yet/);

  const make = async (name: string, ...events: RunEventBody[]) => {
    const directory = path.join(folder, '.emdpo', 'runs', name);
    mkdirSync(directory, { recursive: true });
    await writeManifest(directory, manifest);
    const writer = openEvents(directory);
    for (const event of events) writer.emit(event);
    writer.close();
    return directory;
  };
  const started: RunEventBody = { type: 'started', pid: 1 };
  const done = await make('1', started, { type: 'finished', seconds: 1, logLikelihood: -12.5 });
  await writeResult(done, finishedRun().result!);
  await pinRun(done);
  await make('2', started, { type: 'cancelled' });
  const dead = await make('3', started);
  const damaged = await make('4', started);
  writeFileSync(path.join(damaged, 'run.json'), '{');

  const listed = await run(['runs', folder, '--json']);
  assertCivil(listed);
  const { project, runs } = JSON.parse(listed.stdout) as {
    project: string;
    runs: { directory: string; state: string; logLikelihood: number | null; pinned: boolean }[];
  };
  assert.equal(project, folder);
  assert.deepEqual(
    runs.map(({ directory, state, logLikelihood, pinned }) => [
      path.basename(directory),
      state,
      logLikelihood,
      pinned,
    ]),
    [
      ['4', 'damaged', null, false],
      ['3', 'dead', null, false],
      ['2', 'cancelled', null, false],
      ['1', 'finished', -12.5, true],
    ],
  );
  const words = await run(['runs'], { cwd: folder });
  assertCivil(words);
  assert.match(words.stdout, /^finished +answers \(baseline\) +2026-01-31 12:00 +2 +-12\.50 /m);
  assert.match(words.stdout, /^dead: its process ended without a word/m);
  assert.match(words.stdout, /^go on with one that did not finish: emdpo resume \.emdpo\/runs\/3$/m);

  const stop = await run(['stop', dead]);
  assert.equal(stop.code, 1);
  assert.match(stop.stderr, /it is dead, as its process ended without a word; “emdpo resume” goes on/);
});
