import { test } from 'node:test';
import type { TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TOLERANCE } from '../../src/compute/devices/catalogue';
import { openDevice } from '../../src/compute/devices/open';
import { agreement } from '../../src/compute/devices/self-test/self-test';
import { defaultFolder, findTensorFlow } from '../../src/compute/devices/tensorflow/place';
import { setUpTensorFlow } from '../../src/compute/devices/tensorflow/set-up';

const posix = process.platform === 'win32' ? 'TensorFlow is not set up on Windows' : false;

function scratch(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'emdpo-set-up-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A PATH that holds these programs alone: shell scripts. */
function onlyPrograms(t: TestContext, programs: Record<string, string>): string {
  const bin = path.join(scratch(t), 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    const file = path.join(bin, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }
  const before = process.env.PATH;
  process.env.PATH = bin;
  t.after(() => {
    process.env.PATH = before;
  });
  return bin;
}

const tools = { python3: 'exit 0', 'c++': 'exit 0', make: 'exit 0', npm: 'exit 0' };

const lacking: Record<string, { programs: Record<string, string>; told: RegExp }> = {
  Python: { programs: {}, told: /^DeviceError: Python 3\.9 or newer is needed, as python3 on the PATH/ },
  pip: { programs: { ...tools, python3: '[ "$1" = -c ]' }, told: /^DeviceError: Python’s pip is needed/ },
  'a compiler': {
    programs: { ...tools, 'c++': 'exit 1' },
    told: /^DeviceError: A C\+\+ compiler and make are needed/,
  },
  npm: { programs: { ...tools, npm: 'exit 1' }, told: /^DeviceError: npm is needed/ },
  'the network': {
    programs: { ...tools, npm: '[ "$1" = --version ] || { echo "getaddrinfo ENOTFOUND" >&2; exit 1; }' },
    told: /^DeviceError: The npm package could not be installed: npm ended with 1\.\ngetaddrinfo ENOTFOUND$/,
  },
  'a wheel for this Python': {
    programs: {
      ...tools,
      python3: '[ "$3" != download ] || { echo "No matching distribution" >&2; exit 1; }',
    },
    told: /^DeviceError: TensorFlow could not be downloaded with pip: python3 ended with 1\.\nNo matching distribution$/,
  },
};
for (const [what, { programs, told }] of Object.entries(lacking)) {
  test(`without ${what} the set-up says so, and leaves nothing behind`, { skip: posix }, async (t) => {
    const parent = scratch(t);
    onlyPrograms(t, programs);
    const options = {
      folder: path.join(parent, 'tensorflow'),
      gpu: false,
      log: () => undefined,
      step: () => undefined,
    };
    await assert.rejects(setUpTensorFlow(options), told);
    assert.deepEqual(readdirSync(parent), []);
  });
}

test(
  'a set-up that is cancelled ends what it started, and keeps the build of before',
  { skip: posix },
  async (t) => {
    const folder = path.join(scratch(t), 'tensorflow');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'built.json'), '{"name":"@tensorflow/tfjs-node","tensorflow":"2.21.0"}');
    onlyPrograms(t, { ...tools, npm: '[ "$1" = --version ] || while :; do :; done' });
    const stop = new AbortController();
    const done = setUpTensorFlow({
      folder,
      gpu: false,
      signal: stop.signal,
      log: () => undefined,
      step: (title) => {
        if (title.startsWith('Installing'))
          setTimeout(() => {
            stop.abort(new Error('Cancelled.'));
          }, 100);
      },
    });
    await assert.rejects(done, /^Error: Cancelled\.$/);
    assert.deepEqual(readdirSync(path.dirname(folder)), ['tensorflow']);
    assert.ok(findTensorFlow({ EMDPO_TENSORFLOW: folder }));
  },
);

test('a build is found where the environment says, else in the cache', (t) => {
  const cache = scratch(t);
  assert.equal(defaultFolder({ XDG_CACHE_HOME: cache }), path.join(cache, 'emdpo', 'tensorflow'));
  assert.equal(findTensorFlow({ XDG_CACHE_HOME: cache }), undefined);
  const folder = defaultFolder({ XDG_CACHE_HOME: cache });
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'built.json'),
    '{"name":"@tensorflow/tfjs-node-gpu","tensorflow":"2.20.0"}',
  );
  assert.deepEqual(findTensorFlow({ EMDPO_TENSORFLOW: path.join(cache, 'none'), XDG_CACHE_HOME: cache }), {
    name: '@tensorflow/tfjs-node-gpu',
    tensorflow: '2.20.0',
    package: path.join(folder, 'node_modules', '@tensorflow/tfjs-node-gpu'),
  });
});

test('TensorFlow agrees with plain TensorFlow.js, gradients included', async (t) => {
  const build = findTensorFlow();
  if (build === undefined || !existsSync(build.package)) {
    t.skip('TensorFlow is not set up here; npm run test:tensorflow sets it up and tests it');
    return;
  }
  const { relativeError, worst } = await agreement(
    await openDevice('tfjs/node', 2),
    await openDevice('tfjs/cpu', 1),
  );
  assert.ok(relativeError > 0 && relativeError < TOLERANCE, `${relativeError} in ${worst}`);
});
