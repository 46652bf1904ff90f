// A table whose columns have names of their own: what a person does until it is read.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loggedErrors } from './logged-errors.mjs';

const VOTES = [
  'who,task,first,second,best',
  'ann,Sum,m1,m2,m1',
  'bob,Sum,m2,m1,tie',
  'ann,Add,m1,m2,m2',
  'bob,Add,m1,m3,m3',
];

export const mapped = {
  title: 'Columns with names of their own',
  prepare(folder) {
    writeFileSync(path.join(folder, 'votes.csv'), VOTES.join('\n') + '\n');
  },
  async play(w) {
    const { page, step, shot } = w;
    const item = (text) => w.quickInput.locator('.monaco-list-row', { hasText: text }).first();

    await step(
      'a table of unknown columns is not recognised, and the message offers to say what they mean',
      async () => {
        await w.openFile('votes.csv');
        await w.command('EM-DPO: Validate Dataset');
        const message = await w.notification(/votes\.csv: 0 rankings/);
        await w.squiggles('error').first().waitFor();
        await message.locator('.monaco-button', { hasText: 'Map Columns' }).click();
        await item('One vote a row').waitFor();
        await shot('mapping-layouts');
        await w.choose('One vote a row');
      },
    );

    await step('columns are named one by one, and the first records appear', async () => {
      for (const [role, column] of [
        ['First of the two', 'first'],
        ['Second of the two', 'second'],
        [/Winner/, 'best'], // not the sentence that says that nothing names it
        ['Annotator', 'who'],
        [/Prompt/, 'task'],
      ]) {
        await w.choose(role);
        await page.locator('.quick-input-title', { hasText: role }).waitFor();
        await w.choose(column);
        await item('another layout').waitFor();
      }
      await item('"m1" ≻ "m2"').waitFor();
      await item('"m2" ~ "m1"').waitFor();
      await shot('mapping-preview');
    });

    await step('the mapping is written into an experiment file, and the table is read that way', async () => {
      await w.choose('Write this into an experiment file');
      await page.locator('.tab.active', { hasText: 'votes.emdpo.json' }).waitFor();
      const text = readFileSync(path.join(w.folder, 'votes.emdpo.json'), 'utf8');
      assert.deepEqual(JSON.parse(text.replace(/^\/\/.*$/gm, '')).dataset, {
        path: 'votes.csv',
        form: 'arena-csv',
        columns: { a: 'first', b: 'second', winner: 'best', annotator: 'who', prompt: 'task' },
      });
      await shot('mapping-written');
      await w.openFile('votes.csv');
      await page.locator('.codelens-decoration', { hasText: '4 records' }).first().waitFor();
      await w.squiggles('error').first().waitFor({ state: 'detached' });
    });

    await step('nothing was logged as an error', () => {
      assert.deepEqual(w.errors, []);
      assert.deepEqual(loggedErrors(w.logs()), []);
    });
  },
};
