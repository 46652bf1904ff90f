// A dataset that the editor would not open: validated from disk, its findings listed, and others cancelled while they are read and checked.
import assert from 'node:assert/strict';
import { closeSync, openSync, truncateSync, writeSync } from 'node:fs';
import path from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { loggedErrors } from './logged-errors.mjs';

const BIG = 60e6;

export const tooBig = {
  title: 'A file too big to be opened',
  async play(w) {
    const { page, step, shot } = w;
    let received = 0;
    let faults = 0;
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => (received += payload.length));
    });

    await step('the files are there', async () => {
      const { writeBigDataset } = await tsImport('../editor/big-dataset.ts', import.meta.url);
      const made = await writeBigDataset(path.join(w.folder, 'big.jsonl'), BIG, 30);
      faults = made.faults;
      // zeros that take no room on the disk, but time to read
      await writeBigDataset(path.join(w.folder, 'endless.jsonl'), 1e6, 30);
      truncateSync(path.join(w.folder, 'endless.jsonl'), 60e9);
      // counts what the window fetches: a socket is only seen from its opening on
      await w.reload();
      // a window that is left cancels what it was reading
      w.errors.length = 0;
      return `${made.faults} faults in ${made.records} records`;
    });

    await step('Validate Dataset reads it from disk and says what was found', async () => {
      const before = received;
      await w.command('EM-DPO: Validate Dataset');
      await w.choose('big.jsonl');
      const said = await w.notification(/big\.jsonl: .* rankings of/);
      assert.match(await said.innerText(), /too big to be opened/);
      assert.match(await said.innerText(), new RegExp(` ${faults} errors`));
      assert.ok(before > 0, 'the window was not listened to');
      assert.ok(received - before < BIG / 4, `the window fetched ${received - before} bytes`);
      await shot('too-big');
      await said.hover();
      await said.locator('.monaco-button', { hasText: 'Show Problems' }).click();
      await w.problems('big.jsonl').first().waitFor();
      await w.problems('There is no response 7').first().waitFor();
    });

    const cancel = async (name, running) => {
      await running.hover();
      const asked = performance.now();
      await running.locator('.monaco-button', { hasText: 'Cancel' }).click();
      await page.locator('.statusbar-item', { hasText: `validation of ${name} was cancelled` }).waitFor();
      const acknowledged = performance.now() - asked;
      await running.waitFor({ state: 'detached' });
      assert.equal(await w.problems(name).count(), 0);
      return `after ${Math.round(acknowledged)} ms`;
    };

    await step('Cancel is acknowledged while a file is read', async () => {
      await w.command('EM-DPO: Validate Dataset');
      await w.choose('endless.jsonl');
      return cancel('endless.jsonl', await w.notification(/Validating endless\.jsonl.* left/));
    });

    await step('checking its records tells the time left, and can be cancelled', async () => {
      writeDifferentTexts(path.join(w.folder, 'words.jsonl'), BIG);
      await w.command('EM-DPO: Validate Dataset');
      await w.choose('words.jsonl');
      const running = await w.notification(/Validating words\.jsonl.*checking its records: \d+ % · .* left/);
      await shot('checking');
      return cancel('words.jsonl', running);
    });

    await step('nothing was logged as an error', () => {
      assert.deepEqual(w.errors, []);
      assert.deepEqual(loggedErrors(w.logs()), []);
    });
  },
};

/** Records whose texts nobody else was shown, so that only their words link annotators. */
function writeDifferentTexts(file, bytes) {
  const words = (from, count) =>
    Array.from({ length: count }, (_, i) => `w${(from * (i + 7)) % 5003}`).join(' ');
  const out = openSync(file, 'w');
  let written = 0;
  for (let i = 0; written < bytes; i++) {
    const record = {
      annotator: `a${i % 50}`,
      prompt: `p${i} ${words(i, 20)}`,
      responses: [1, 2, 3].map((r) => `r${i} ${r} ${words(3 * i + r, 25)}`),
      ranking: [0, 1, 2],
    };
    written += writeSync(out, JSON.stringify(record) + '\n');
  }
  closeSync(out);
}
