import { test } from 'node:test';
import type { TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { catalogue } from '../../src/compute/devices/catalogue';
import type { KnownDevice } from '../../src/compute/devices/catalogue';
import { chooseDevice } from '../../src/compute/devices/choose';
import { listDevices, preferred } from '../../src/compute/devices/list';
import { testDevice } from '../../src/compute/devices/test-device';
import type { DeviceReport } from '../../src/protocol/device';

const anywhere: KnownDevice = { id: 'tfjs/cpu', title: 'A device', ruledOut: () => undefined };

/** A program in place of emdpo: what a device test meets when a native library misbehaves. */
function programOf(t: TestContext, source: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'emdpo-device-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const file = path.join(folder, 'program.cjs');
  writeFileSync(file, source);
  return file;
}

/** A program that answers with these errors and times, by device. */
function answering(t: TestContext, answers: Record<string, { error: number; ms: number } | string>): string {
  return programOf(
    t,
    `const answer = ${JSON.stringify(answers)}[process.argv[3]];
     const test = (a) => ({ threads: 1, relativeError: a.error, worst: 'gather, loss', repeatable: true, stepMilliseconds: a.ms });
     process.send(typeof answer === 'object'
       ? { kind: 'tested', title: process.argv[3], test: test(answer) }
       : { kind: 'error', message: answer ?? 'There is none here.' });`,
  );
}

const ruin: Record<string, { source: string; told: RegExp }> = {
  crashes: {
    source: `process.stderr.write('loading the driver\\n'); process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);`,
    told: /^It does not run: its process was ended by SIGKILL; the last it said was “loading the driver”$/,
  },
  'is missing': {
    source: `require('not-there');`,
    told: /^It does not run: its process ended with code 1; the last it said was “Error: Cannot find module 'not-there'”$/,
  },
  'ends without a word': {
    source: `process.exit(7);`,
    told: /^It does not run: its process ended with code 7\.$/,
  },
  hangs: {
    source: `setInterval(() => {}, 1000);`,
    told: /^It does not run: no answer within 0\.5 seconds, so its process was ended\.$/,
  },
  throws: {
    source: `process.send({ kind: 'error', message: 'Out of memory.\\nSecond line' });`,
    told: /^It does not run: Out of memory\.$/,
  },
};
for (const [what, { source, told }] of Object.entries(ruin)) {
  test(`a device whose library ${what} is one that failed, in a sentence`, async (t) => {
    const program = programOf(t, source);
    const report = await testDevice(anywhere, {
      program,
      threads: 1,
      limitSeconds: what === 'hangs' ? 0.5 : 60,
    });
    assert.equal(report.state, 'failed');
    assert.match(report.reason, told);
  });
}

test('a test that is cancelled ends its process', async (t) => {
  const program = programOf(t, `setInterval(() => {}, 1000);`);
  const stop = new AbortController();
  const tested = testDevice(anywhere, { program, threads: 1, signal: stop.signal });
  stop.abort(new Error('Enough.'));
  await assert.rejects(tested, /^Error: Enough\.$/);
});

test('a device that differs from the CPU is not trusted, and the reason says where', async (t) => {
  const program = answering(t, { 'tfjs/wasm': { error: 2e-4, ms: 1 } });
  const { devices, auto } = await listDevices({ program, threads: 1, only: ['tfjs/wasm'] });
  assert.equal(auto, undefined);
  assert.equal(devices[0].state, 'failed');
  assert.match(devices[0].reason, /^Differs from the CPU by 2\.0e-4 \(gather, loss\)/);
  await assert.rejects(
    chooseDevice({ device: 'tfjs/wasm', threads: 1, program }),
    /^DeviceError: This run cannot use tfjs\/wasm: Differs from the CPU by 2\.0e-4/,
  );
});

test('what another platform has is absent without being tried', async () => {
  const dml = catalogue.find(({ id }) => id === 'onnxruntime/dml')!;
  const report = await testDevice(
    { ...dml, ruledOut: () => dml.ruledOut('linux', 'x64') },
    { program: '/nowhere', threads: 1 },
  );
  assert.deepEqual([report.state, report.reason], ['absent', 'DirectML is part of Windows.']);
});

test('auto is the fastest device that passed, and says which failed', async (t) => {
  const program = answering(t, {
    'onnxruntime/cpu': { error: 1e-7, ms: 8 },
    'onnxruntime/cuda': { error: 0.3, ms: 1 },
    'onnxruntime/webgpu': { error: 1e-7, ms: 2 },
    'onnxruntime/dml': { error: 1e-7, ms: 2 },
    'onnxruntime/coreml': { error: 1e-7, ms: 2 },
    'tfjs/node': { error: 1e-7, ms: 1.5 },
    'tfjs/wasm': { error: 1e-7, ms: 20 },
    'tfjs/cpu': { error: 0, ms: 900 },
  });
  const { devices, auto } = await listDevices({ program, threads: 1 });
  const auto2 = devices
    .filter(({ state }) => state === 'passed')
    .filter(({ test }) => test?.stepMilliseconds === 2);
  assert.ok(auto2.some(({ id }) => id === auto));
  const cpu = devices.find(({ id }) => id === 'tfjs/cpu')!;
  assert.equal(cpu.speed, 8 / 900);
  const cuda = devices.find(({ id }) => id === 'onnxruntime/cuda')!;
  assert.notEqual(cuda.state, 'passed');
});

test('TensorFlow is preferred only where it is twice as fast', () => {
  const device = (id: string, ms: number): DeviceReport => ({
    id,
    title: id,
    state: 'passed',
    reason: '',
    test: { threads: 1, relativeError: 0, worst: '', repeatable: true, stepMilliseconds: ms },
  });
  assert.equal(preferred([device('onnxruntime/cpu', 10), device('tfjs/node', 6)])?.id, 'onnxruntime/cpu');
  assert.equal(preferred([device('onnxruntime/cpu', 10), device('tfjs/node', 4)])?.id, 'tfjs/node');
  assert.equal(preferred([{ ...device('onnxruntime/cpu', 1), state: 'failed' }]), undefined);
});

test('an unknown device is refused with the names of those there are', async () => {
  await assert.rejects(
    chooseDevice({ device: 'abacus', threads: 1, program: '/nowhere' }),
    /^DeviceError: There is no device “abacus”\. The devices are onnxruntime\/cuda, .*, and auto for the fastest\.$/,
  );
});

test('no device is used when none passes', async (t) => {
  await assert.rejects(
    chooseDevice({ device: 'auto', threads: 1, program: answering(t, {}) }),
    /^DeviceError: No device passed its self-test\. .*onnxruntime\/cpu: It does not run: There is none here\./,
  );
});
