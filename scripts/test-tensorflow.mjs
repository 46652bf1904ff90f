// npm run test:tensorflow: builds TensorFlow as emdpo does, from the real wheel (270 MB), and tests it. Needs python3
// with pip, a C++ compiler, make and the network; or a wheel that is there:
//   npm run test:tensorflow -- --wheel FILE
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { root, setup } from './setup.mjs';

setup();
const scratch = mkdtempSync(path.join(tmpdir(), 'emdpo-tensorflow-test-'));
// with a space, as editors' storage folders have one on macOS
const folder = path.join(scratch, 'built here');
try {
  run(
    'dist/emdpo.cjs',
    'devices',
    '--setup',
    'tensorflow',
    '--no-gpu',
    '--to',
    folder,
    ...process.argv.slice(2),
  );
  const hooks = ['--import', 'tsx', '--import', './scripts/tensorflow-esm.mjs'];
  run(...hooks, '--test', '--test-reporter=spec', 'test/unit/devices-tensorflow.test.ts');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function run(...args) {
  const env = { ...process.env, EMDPO_TENSORFLOW: folder };
  const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  if (status !== 0) {
    rmSync(scratch, { recursive: true, force: true });
    process.exit(1);
  }
}
