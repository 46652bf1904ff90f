// A run that goes on while no window is open, is killed, and is gone on with: nothing is missed and nothing differs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/setup.mjs';
import { loggedErrors } from './logged-errors.mjs';
import { until } from './until.mjs';

export const outlived = {
  title: 'A run that outlives its window',
  async play(w) {
    const { step } = w;
    let window = w;
    let directory = '';
    const file = (name) => path.join(directory, name);
    const events = () =>
      readFileSync(file('events.jsonl'), 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line));
    const holder = () => JSON.parse(readFileSync(file('lock.json'), 'utf8')).pid;

    await step('Train on an experiment opens the panel', async () => {
      await w.openFile('long.emdpo.json');
      await w.command('EM-DPO: Train');
      await w.panel.locator('h1', { hasText: 'long' }).waitFor();
      const folder = path.join(w.folder, '.emdpo/runs');
      directory = path.join(folder, readdirSync(folder)[0]);
      await until('a first iteration', () => iterations(events()).length > 0);
    });

    await step('it goes on while no window is open', async () => {
      window = await w.reopen(async () => {
        const before = iterations(events()).length;
        await until('more iterations', () => iterations(events()).length > before + 20);
      });
      await window.ready();
    });

    await step('a new window takes it up again', async () => {
      await window.statusItem.waitFor();
      await window.command('EM-DPO: Show Results');
      await window.panel.locator('h1', { hasText: 'long' }).waitFor();
      await window.panel.getByRole('tab', { name: 'Training' }).click();
      await window.panel.locator('.tab.training svg path').first().waitFor({ state: 'attached' });
    });

    await step('killed with kill -9, it is shown to have died', async () => {
      const pid = holder();
      await until('it to be in the middle of its fit', () =>
        ['em', 'progress'].includes(events().at(-1).type),
      );
      process.kill(-pid, 'SIGKILL');
      await window.panel.locator('.state.dead').waitFor();
      assert.ok(!isAlive(-pid));
      return window.panel.locator('.state.dead').innerText();
    });

    await step('Resume goes on with it to its end', async () => {
      await window.panel.locator('.actions').getByText('Resume').click();
      await window.panel.locator('.state.finished').waitFor({ timeout: 300_000 });
      assert.ok(events().some(({ resumed }) => resumed === true));
      assert.ok(!existsSync(file('lock.json')));
    });

    await step('the curve has no gap', async () => {
      await window.panel.getByRole('tab', { name: 'Training' }).click();
      const run = events();
      const last = run.findLastIndex(({ type }) => type === 'started');
      const points = iterations(run.slice(last)).filter(({ types }) => types === 3);
      for (const start of new Set(points.map((each) => each.start))) {
        const own = points.filter((each) => each.start === start).map(({ iteration }) => iteration);
        assert.equal(own[0], 1);
        // each of the first 20, then those that are 10 % further on
        own.slice(1).forEach((iteration, i) => {
          assert.ok(
            iteration <= Math.max(own[i] + 1, Math.ceil(1.1 * own[i])),
            `${own[i]}, then ${iteration}`,
          );
        });
      }
      const drawn = await window.panel
        .locator('.tab.training svg[aria-label^="Log-likelihood by iteration"] path:not([transform])')
        .evaluateAll((paths) =>
          paths.reduce((sum, each) => sum + each.getAttribute('d').match(/[ML]/g).length, 0),
        );
      assert.equal(drawn, points.length);
      return `${drawn} points`;
    });

    await step('the result is that of a run which nobody disturbed', () => {
      const emdpo = path.join(root, 'dist/emdpo.cjs');
      const { status, stdout, stderr } = spawnSync(process.execPath, [emdpo, 'reproduce', directory], {
        encoding: 'utf8',
      });
      assert.equal(status, 0, stdout + stderr);
      return stdout.trim().split('\n').at(-1);
    });

    await step('nothing was logged as an error', () => {
      assert.deepEqual(w.errors, []);
      assert.deepEqual(loggedErrors(w.logs()), []);
    });
  },
};

function iterations(events) {
  return events.filter(({ type }) => type === 'em');
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
