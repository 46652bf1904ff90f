// A run of ten thousand annotators: every tab opens, and is for everybody in every theme.
import { spawnSync } from 'node:child_process';
import assert from 'node:assert/strict';
import path from 'node:path';
import process from 'node:process';
import { root } from '../../scripts/setup.mjs';
import { COLOURS, assertAccessible } from './axe.mjs';
import { THEMES } from './themes.mjs';

export const crowd = {
  title: 'Ten thousand annotators',
  prepare(folder) {
    const dataset = path.join(folder, 'many-people.jsonl');
    const people = ['--annotators', '10000', '--prompts', '200', '--records', '3', '--scale', '2'];
    emdpo('simulate', '--types', '3', ...people, '--out', dataset);
    const run = path.join(folder, '.emdpo/runs/20260101-000000-crowd');
    emdpo('train', dataset, '--types', '3', '--starts', '1', '--name', 'crowd', '--run-dir', run);
  },
  async play({ command, panel, step, shot, theme, errors }) {
    await step('Show Results opens the run', async () => {
      await command('EM-DPO: Show Results');
      await panel.locator('h1', { hasText: 'crowd' }).waitFor();
      await panel.getByRole('tab', { name: 'Types' }).click();
      const list = panel.getByRole('grid');
      await list.scrollIntoViewIfNeeded();
      assert.equal(await list.getAttribute('aria-rowcount'), '10001');
      await shot('crowd-types');
    });

    for (const [name, title] of Object.entries(THEMES)) {
      await step(`axe-core finds nothing serious in ${title}`, async () => {
        await theme(title);
        await panel.locator(`body.vscode-${name === 'contrast' ? 'high-contrast' : name}`).waitFor();
        return assertAccessible(panel, name === 'dark' ? undefined : COLOURS);
      });
    }

    await step('nothing was logged as an error', () => {
      assert.deepEqual(errors, []);
    });
  },
};

function emdpo(...args) {
  const command = [path.join(root, 'dist/emdpo.cjs'), ...args];
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}
