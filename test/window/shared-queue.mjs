// Two windows on one folder: what one adds to the queue, starts and stops, the other shows, too.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { loggedErrors } from './logged-errors.mjs';
import { until } from './until.mjs';

export const sharedQueue = {
  title: 'A queue that two windows share',
  async play(w) {
    const { step, shot } = w;
    let other;
    const lock = path.join(w.folder, '.emdpo/queue/lock.json');
    const rows = (window, text) =>
      window.page.locator('.pane-body .monaco-list-row', { hasText: text }).first();

    await step('experiments are added, and the side bar shows them in order', async () => {
      for (const name of ['endless', 'quick']) {
        await w.openFile(`${name}.emdpo.json`);
        await w.command('EM-DPO: Add to Queue');
        await w.notification(`${name} was added to the queue`);
      }
      await w.clearNotifications();
      await w.command('EM-DPO: Focus on Queue View');
      await rows(w, /endless.*next/s).waitFor();
      await rows(w, /quick.*2/s).waitFor();
      await shot('queue-waiting');
    });

    await step('another window shows the same, and runs it', async () => {
      other = await w.another();
      await other.ready();
      await other.command('EM-DPO: Focus on Queue View');
      await rows(other, /quick.*2/s).waitFor();
      await other.command('EM-DPO: Run Queue');
      for (const window of [w, other]) {
        await rows(window, /endless.*running/s).waitFor();
        await window.statusItem.waitFor();
      }
      await shot('queue-running');
    });

    await step('a run that is stopped in one makes room for the next', async () => {
      await w.command('EM-DPO: Stop Training');
      const runs = path.join(w.folder, '.emdpo/runs');
      await until('the end of the queue', () => !existsSync(lock));
      const ends = readdirSync(runs).map((name) =>
        JSON.parse(
          readFileSync(path.join(runs, name, 'events.jsonl'), 'utf8')
            .trim()
            .split('\n')
            .at(-1),
        ),
      );
      assert.deepEqual(ends.map(({ type }) => type).sort(), ['cancelled', 'finished']);
      for (const window of [w, other]) {
        await window.statusItem.waitFor({ state: 'detached' });
        await rows(window, /endless.*stopped/s).waitFor();
      }
    });

    await step('nothing was logged as an error', () => {
      assert.deepEqual(w.errors, []);
      assert.deepEqual(loggedErrors(w.logs()), []);
    });
  },
};
