// A run that would go on for minutes: watched, left alone while the window reloads, and stopped.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { loggedErrors } from './logged-errors.mjs';
import { until } from './until.mjs';

export const interrupted = {
  title: 'A run that is watched, reloaded and stopped',
  async play(w) {
    const { page, panel, step, shot } = w;
    let directory = '';
    let pid = 0;
    const events = () => readFileSync(path.join(directory, 'events.jsonl'), 'utf8').trim().split('\n');
    const curve = () =>
      panel
        .locator('.tab.training svg path')
        .evaluateAll((paths) => paths.map((each) => each.getAttribute('d')).join());
    const lastEvent = () => JSON.parse(events().at(-1)).type;

    await step('Train on an experiment opens the panel', async () => {
      await w.openFile('endless.emdpo.json');
      await w.command('EM-DPO: Train');
      await panel.locator('h1', { hasText: 'endless' }).waitFor();
      const folder = path.join(w.folder, '.emdpo/runs');
      directory = path.join(folder, readdirSync(folder)[0]);
      pid = JSON.parse(readFileSync(path.join(directory, 'lock.json'), 'utf8')).pid;
    });

    await step('the curve grows', async () => {
      await panel.getByRole('tab', { name: 'Training' }).click();
      await panel.locator('.tab.training svg path').first().waitFor({ state: 'attached' });
      const first = await curve();
      await until('a longer curve', async () => (await curve()) !== first);
      await shot('training-live');
    });

    await step('a notification and the status bar show how far it is', async () => {
      await w.notification(/Training endless/);
      await w.statusItem.waitFor();
      assert.match(await w.statusItem.innerText(), /EM-DPO/);
    });

    await step('a reload of the window leaves it running', async () => {
      const before = events().length;
      await w.reload();
      assert.ok(isAlive(pid));
      await until('more events', () => events().length > before);
    });

    await step('the panel and the status bar catch up', async () => {
      await panel.locator('h1', { hasText: 'endless' }).waitFor();
      await panel.locator('.tab.training svg path').first().waitFor({ state: 'attached' });
      const first = await curve();
      await until('a longer curve', async () => (await curve()) !== first);
      await w.statusItem.waitFor();
      await shot('training-reloaded');
    });

    await step('Stop Training is acknowledged and ends the whole process group', async () => {
      await w.command('EM-DPO: Stop Training');
      const asked = performance.now();
      await page
        .locator('.statusbar-item', { hasText: /Stopping endless|was stopped/ })
        .first()
        .waitFor();
      const acknowledged = performance.now() - asked;
      await until('an end of the process group', () => !isAlive(-pid) && !isAlive(pid), 10_000);
      const gone = performance.now() - asked;
      assert.equal(lastEvent(), 'cancelled');
      assert.ok(!existsSync(path.join(directory, 'lock.json')));
      return `acknowledged after ${Math.round(acknowledged)} ms, gone after ${Math.round(gone)} ms`;
    });

    await step('the panel, the status bar and the list say that it was stopped', async () => {
      await panel.locator('.state.cancelled').waitFor();
      await w.statusItem.waitFor({ state: 'detached' });
      await w.command('EM-DPO: Focus on Runs View');
      await page
        .locator('.pane-body .monaco-list-row', { hasText: /endless.*stopped/s })
        .first()
        .waitFor();
      await shot('training-stopped');
    });

    await step('Resume on the panel goes on, and panel, list and status bar follow', async () => {
      const before = events().length;
      await panel.locator('.actions').getByText('Resume').click();
      await panel.locator('.state.running').waitFor();
      await w.statusItem.waitFor();
      await w.notification(/Training endless/);
      const first = await curve();
      await until('a longer curve', async () => (await curve()) !== first);
      assert.ok(
        events()
          .slice(before)
          .some((line) => JSON.parse(line).resumed === true),
      );
      await shot('training-resumed');
      await w.command('EM-DPO: Stop Training');
      await panel.locator('.state.cancelled').waitFor();
      await w.statusItem.waitFor({ state: 'detached' });
    });

    await step('a run directory that vanishes becomes a sentence', async () => {
      rmSync(directory, { recursive: true, force: true });
      await page.locator('.part.sidebar').hover();
      await page.locator('.part.sidebar').getByRole('button', { name: 'Refresh Runs' }).click();
      await panel.getByRole('alert').waitFor();
      return panel.getByRole('alert').locator('p').innerText();
    });

    await step('Cancel in the notification stops a run too', async () => {
      await w.openFile('endless.emdpo.json');
      await w.command('EM-DPO: Train');
      const toast = await w.notification(/Training endless/);
      await toast.hover();
      await toast.locator('.monaco-button', { hasText: 'Cancel' }).click();
      await toast.waitFor({ state: 'detached' });
      const folder = path.join(w.folder, '.emdpo/runs');
      await until('a run that was cancelled, and none that goes on', () => {
        const runs = readdirSync(folder).map((name) => path.join(folder, name));
        return (
          runs.length > 0 &&
          runs.every((run) => !existsSync(path.join(run, 'lock.json')) && wasCancelled(run))
        );
      });
    });

    await step('nothing was logged as an error', () => {
      assert.deepEqual(w.errors, []);
      assert.deepEqual(loggedErrors(w.logs()), []);
    });
  },
};

function wasCancelled(run) {
  const file = path.join(run, 'events.jsonl');
  return existsSync(file) && readFileSync(file, 'utf8').includes('"type":"cancelled"');
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
