// A workspace that is not trusted: datasets are checked, nothing is started.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';

export const untrusted = {
  title: 'A workspace that is not trusted',
  settings: {
    'security.workspace.trust.enabled': true,
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
    'security.workspace.trust.untrustedFiles': 'open',
  },
  async play(w) {
    const { page, step, shot } = w;
    await step('findings come', async () => {
      await w.openFile('answers.jsonl');
      await w.goTo(2, 2);
      await page.keyboard.type('oops ');
      await w.squiggles('error').first().waitFor();
    });

    await step('what starts a process is not offered, Validate Dataset is', async () => {
      assert.ok(await w.offers('EM-DPO: Validate Dataset'));
      for (const name of [
        'Train',
        'Resume Run',
        'Add to Queue',
        'Run Queue',
        'Show Devices',
        'Set Up TensorFlow',
      ])
        assert.ok(!(await w.offers(`EM-DPO: ${name}`)), name);
    });

    await step('the runs view says why', async () => {
      await w.command('EM-DPO: Focus on Runs View');
      await page.locator('.welcome-view-content', { hasText: 'trust this workspace first' }).waitFor();
      await shot('untrusted');
      assert.ok(!existsSync(path.join(w.folder, '.emdpo')));
    });
  },
};
