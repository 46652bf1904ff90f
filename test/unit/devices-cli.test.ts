import { test } from 'node:test';
import assert from 'node:assert/strict';
import path from 'node:path';
import type { DevicesReport } from '../../src/protocol/device';
import { assertCivil, run } from './cli-run';
import { scratchFolder } from './run-files';

test('devices are listed as JSON, with progress on standard error', async () => {
  const ended = await run(['devices', '--json', '--threads', '1', '--only', 'tfjs/cpu', 'onnxruntime/cpu']);
  assert.equal(ended.code, 0);
  const { devices, auto } = JSON.parse(ended.stdout) as DevicesReport;
  assert.equal(auto, 'onnxruntime/cpu');
  assert.deepEqual(
    devices.map(({ id, state }) => [id, state]),
    [
      ['onnxruntime/cpu', 'passed'],
      ['tfjs/cpu', 'passed'],
    ],
  );
  assert.equal(devices[0].speed, 1);
  assert.ok(devices[1].speed !== undefined && devices[1].speed < 1);
  assert.equal(devices[0].test?.threads, 1);
  const steps = ended.stderr.trim().split('\n');
  assert.deepEqual(
    steps.map((line) => (JSON.parse(line) as { type: string }).type),
    ['step', 'step'],
  );
});

test('the built command line finds WebAssembly beside itself', async () => {
  const ended = await run(['devices', '--json', '--only', 'tfjs/wasm']);
  const [wasm] = (JSON.parse(ended.stdout) as DevicesReport).devices;
  assert.equal(wasm.state, 'passed', wasm.reason);
});

test('devices are listed for people, with the reason why one is not there', async () => {
  const elsewhere = process.platform === 'win32' ? 'onnxruntime/coreml' : 'onnxruntime/dml';
  const ended = await run(['devices', '--only', elsewhere]);
  assertCivil(ended);
  assert.equal(ended.code, 0);
  assert.match(
    ended.stdout,
    /^– onnxruntime\/(dml|coreml) .*\n {4}(DirectML is part of Windows|Core ML is part of macOS)\.\n$/,
  );
});

test('what makes no sense is refused in a sentence', async () => {
  const abacus = await run(['devices', '--only', 'abacus']);
  assertCivil(abacus);
  assert.equal(abacus.code, 2);
  assert.match(abacus.stderr, /^emdpo: There is no device “abacus”\. The devices are onnxruntime\/cuda, /);
  const to = await run(['devices', '--to', 'here']);
  assert.equal(to.code, 2);
  assert.match(to.stderr, /^emdpo: --to only makes sense with --setup tensorflow\.\n$/);
});

test(
  'a set-up with a wheel that is not there fails in a sentence',
  { skip: process.platform === 'win32' },
  async (t) => {
    const folder = scratchFolder(t);
    const ended = await run([
      'devices',
      '--setup',
      'tensorflow',
      '--no-gpu',
      '--to',
      path.join(folder, 'tf'),
      '--wheel',
      'none.whl',
    ]);
    assertCivil(ended);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /^emdpo: There is no file .*none\.whl\.$/m);
  },
);
