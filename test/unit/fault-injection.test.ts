import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

// the first few of `npm run faults`; the seed is another than its own
test('runs that are hit at random moments lose nothing and end with the same bytes', async (t) => {
  if (process.platform !== 'linux') {
    t.skip('only Linux says in /proc who belongs to a run');
    return;
  }
  const args = ['--count', '8', '--language', '1', '--jobs', '2', '--seed', '5'];
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/fault-injection.mjs', ...args]);
  assert.match(stdout, /^8 injections: nothing that was committed was lost/m);
  assert.doesNotMatch(stdout, /FAILED/);
});
