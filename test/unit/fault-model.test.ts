import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DETACHED } from '../../src/platform';
import { readEvents } from '../../src/run/events';
import { readManifest } from '../../src/run/manifest';
import { modelFiles, requireSameModel } from '../../src/run/model-files';
import { readState } from '../../src/run/state';
import { writeCheckpoint } from '../../src/policy/transformer/export/checkpoint';
import { assertCivil, record, run, start } from './cli-run';
import { tinyScratch } from './generate-run';
import { scratchFolder } from './run-files';

/** An experiment on a small model in a folder, which takes some seconds. */
async function experimentIn(t: TestContext): Promise<{ model: string; directory: string; train: string[] }> {
  const folder = scratchFolder(t);
  const model = path.join(folder, 'model');
  await writeCheckpoint(model, { model: tinyScratch(1) });
  const lines = Array.from({ length: 12 }, (_, h) =>
    ['a?', 'b?'].map((prompt) =>
      record({
        annotator: `a${h}`,
        prompt,
        responses: ['yes', 'no', 'no, never'],
        ranking: h % 2 === 0 ? [0, 1, 2] : [2, 1, 0],
      }),
    ),
  );
  writeFileSync(path.join(folder, 'texts.jsonl'), lines.flat().join('\n') + '\n');
  const experiment = path.join(folder, 'texts.emdpo.json');
  writeFileSync(
    experiment,
    JSON.stringify({
      dataset: 'texts.jsonl',
      types: 2,
      policy: {
        kind: 'transformer',
        model,
        promptTokens: 8,
        responseTokens: 16,
        rounds: 2,
        sampling: { prompts: 2, responses: 2, distillation: 4 },
      },
      compute: { device: 'onnxruntime/cpu', threads: 1 },
    }),
  );
  const directory = path.join(folder, 'run');
  return { model, directory, train: ['train', experiment, '--run-dir', directory] };
}

test('resume and generate refuse a base model that is not the run’s', async (t) => {
  const { model, directory, train } = await experimentIn(t);
  const killed = await run(train, { fault: 'KILL@45' });
  assert.ok(killed.code !== 0);
  const config = path.join(model, 'config.json');
  const before = readFileSync(config, 'utf8');
  assert.ok((await readManifest(directory))?.modelFiles?.['model.safetensors']);
  const refused = (args: string[]) => async () => {
    writeFileSync(config, before.replace('{', '{ '));
    const ended = await run(args);
    assertCivil(ended);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /config\.json has changed since the run was started.* Put the model back/);
    writeFileSync(config, before);
  };
  await refused(['resume', directory])();
  const resumed = await run(['resume', directory]);
  assert.equal(resumed.code, 0, resumed.stderr);
  const generate = ['generate', directory, '--prompt', 'a?', '--policy', 'type1'];
  await refused(generate)();
  assert.equal((await run(generate)).code, 0);

  const manifest = await readManifest(directory);
  assert.deepEqual(manifest?.modelFiles, await modelFiles(model));
  await requireSameModel(manifest);
  writeFileSync(path.join(model, 'README.md'), 'Nothing that the model depends on.');
  await requireSameModel(manifest);
  writeFileSync(path.join(model, 'chat_template.jinja'), '');
  await assert.rejects(requireSameModel(manifest), /chat_template\.jinja is new since/);
  rmSync(model, { recursive: true });
  await assert.rejects(requireSameModel(manifest), /is gone since/);
});

test('every checkpoint of a run is told of in its events, and is there', async (t) => {
  const { directory, train } = await experimentIn(t);
  assert.equal((await run(train)).code, 0);
  const { events } = await readEvents(directory);
  const files = events.flatMap((event) => (event.type === 'checkpoint' ? [event.file] : []));
  assert.ok(files.length > 2);
  for (const name of readdirSync(path.join(directory, 'checkpoint'))) {
    if (name.endsWith('.checkpoint')) assert.ok(files.includes(`checkpoint/${name}`), name);
  }
  assert.ok(readdirSync(path.join(directory, 'checkpoint')).includes(path.basename(files.at(-1)!)));
});

/** The processes of a group that live, from /proc. */
function groupOf(leader: number): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(group) === leader && state !== 'Z' && state !== 'X';
    } catch {
      return false;
    }
  });
}

for (const [how, hang] of [
  ['a stop', false],
  ['a stop of a run that does not answer', true],
] as const) {
  test(`after ${how} no process of the run’s group lives`, async (t) => {
    if (process.platform !== 'linux') {
      t.skip('only Linux says in /proc who belongs to a group');
      return;
    }
    const { directory, train } = await experimentIn(t);
    const { child, ended } = start(train, { ...DETACHED });
    while (!(await readEvents(directory)).events.some(({ type }) => type === 'loss')) {
      assert.equal(child.exitCode, null, 'it ended before it was stopped');
      await sleep(20);
    }
    assert.equal(groupOf(child.pid!).length, 2, 'a supervisor and a training');
    if (hang) for (const pid of groupOf(child.pid!)) process.kill(Number(pid), 'SIGSTOP');
    const stop = await run(['stop', directory]);
    assertCivil(stop);
    assert.equal(stop.code, 0, stop.stderr);
    assert.deepEqual(groupOf(child.pid!), []);
    await ended;
    assert.equal(await readState(directory), 'cancelled');
    const again = await run(['stop', directory]);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /is not running: it was stopped/);
  });
}
