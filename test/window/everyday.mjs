/* global getComputedStyle */
// From a sample to a report: what a person does on the first day.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { openBrowser } from '../../scripts/vscode-host-server.mjs';
import { COLOURS, assertAccessible } from './axe.mjs';
import { loggedErrors } from './logged-errors.mjs';
import { THEMES } from './themes.mjs';
import { until } from './until.mjs';

export const everyday = {
  title: 'From a sample to a report',
  async play(w) {
    const { page, panel, step, shot } = w;
    const runs = () => {
      const folder = path.join(w.folder, '.emdpo/runs');
      return existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [];
    };

    await step('Create Sample Dataset opens the sample', async () => {
      await w.command('EM-DPO: Create Sample Dataset');
      await page.locator('.tab.active', { hasText: 'answers-2.jsonl' }).waitFor();
      await page.locator('.view-lines', { hasText: 'annotator' }).first().waitFor();
      assert.equal(await w.squiggles('error').count(), 0);
      await shot('sample');
    });

    await step('a broken line gets a squiggle and a Problems entry', async () => {
      await w.goTo(3, 2);
      await page.keyboard.type('oops ');
      await w.squiggles('error').first().waitFor();
      await w.command('Problems: Focus on Problems View');
      const entry = w.problems(/form\//).first();
      await entry.waitFor();
      assert.match(await entry.innerText(), /\[Ln 3, Col \d+\]/);
      await shot('broken-line');
    });

    await step('the entry’s code opens the page that explains it', async () => {
      await w
        .problems(/form\//)
        .first()
        .locator('a', { hasText: 'form/' })
        .click();
      await page
        .locator('.tab', { hasText: /Preview/ })
        .first()
        .waitFor();
      await panel.locator('h1', { hasText: 'bad-json' }).waitFor();
      await shot('finding-page');
      await w.command('View: Close Editor');
    });

    await step('both go when the line is mended', async () => {
      await w.openFile('answers-2.jsonl');
      await w.goTo(3, 7);
      for (let i = 0; i < 5; i++) await page.keyboard.press('Backspace');
      await w.squiggles('error').first().waitFor({ state: 'detached' });
      await w
        .problems(/form\//)
        .first()
        .waitFor({ state: 'detached' });
      await page.keyboard.press('Control+S');
      await w.command('View: Hide Panel');
    });

    await step('Validate Dataset says what is in the file', async () => {
      await w.command('EM-DPO: Validate Dataset');
      const said = await w.notification(/rankings of .* by .* annotators/);
      const text = await said.locator('.notification-list-item-message').innerText();
      await w.clearNotifications();
      return text;
    });

    await step('Train runs to its end, from the palette', async () => {
      await w.command('EM-DPO: Train');
      await w.quickInput.locator('.monaco-list-row', { hasText: '3 types' }).waitFor();
      await shot('train-types');
      await w.choose('3 types');
      await panel.locator('h1', { hasText: 'answers-2' }).waitFor();
      await shot('train-progress');
      await w.notification(/Training answers-2 is done/);
      await shot('train-done');
      await w.clearNotifications();
      assert.equal(runs().length, 1);
    });

    for (const [id, title] of Object.entries({
      data: 'Data',
      training: 'Training',
      types: 'Types',
      regret: 'Regret',
      try: 'Try',
    })) {
      await step(`the panel shows ${title}`, async () => {
        await panel.getByRole('tab', { name: title }).click();
        await panel.locator(`.tab.${id} >> visible=true`).first().waitFor();
        assert.ok((await panel.locator(`.tab.${id}`).innerText()).length > 100);
        if (!['data', 'try'].includes(id))
          await panel.locator(`.tab.${id} svg >> visible=true`).first().waitFor();
        await shot(`panel-${id}`);
      });
    }

    await step('the side bar lists the run', async () => {
      await w.command('EM-DPO: Focus on Runs View');
      const row = page.locator('.pane-body .monaco-list-row', { hasText: 'answers-2' }).first();
      await row.waitFor();
      assert.match(await row.innerText(), /K=3/);
      await shot('runs-view');
    });

    for (const [name, theme] of Object.entries(THEMES)) {
      await step(`it follows the theme ${theme}`, async () => {
        const background = () =>
          panel.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
        const before = await background();
        // a choice made while the list is still being filtered is lost, so it is made again
        await until(`the colours of ${theme}`, async () => {
          await w.theme(theme);
          await page.waitForTimeout(500);
          return name === 'dark' || (await background()) !== before;
        });
        await shot(`theme-${name}`);
      });

      await step(`axe-core finds nothing serious in ${theme}`, () =>
        assertAccessible(panel, name === 'dark' ? undefined : COLOURS),
      );
    }

    await step('Open Report opens it, or offers it on a remote', async () => {
      await w.theme(THEMES.dark);
      await w.command('EM-DPO: Open Report');
      if (w.host === 'server') {
        await w.notification(/report\.html/);
        await shot('report-offer');
      }
      assert.ok(existsSync(path.join(runs()[0], 'report.html')));
      await w.clearNotifications();
    });

    await step('the report shows the same in a plain browser', async () => {
      const { browser, page: report } = await openBrowser();
      try {
        const failed = [];
        report.on('pageerror', (error) => failed.push(String(error)));
        report.on('request', (request) => {
          if (!/^(file|data|blob):/.test(request.url())) failed.push(request.url());
        });
        await report.goto(pathToFileURL(path.join(runs()[0], 'report.html')).href);
        await report.locator('h1', { hasText: 'answers-2' }).waitFor();
        assert.deepEqual(failed, []);
      } finally {
        await browser.close();
      }
    });

    await step('a run is deleted after asking', async () => {
      const row = page.locator('.pane-body .monaco-list-row', { hasText: 'answers-2' }).first();
      await row.hover();
      await row.getByRole('button', { name: 'Delete Run' }).click();
      await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Move to Trash' }).click();
      const forGood = page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete Permanently' });
      await Promise.race([forGood.waitFor(), row.waitFor({ state: 'detached' })]);
      if (await forGood.count()) await forGood.click();
      await row.waitFor({ state: 'detached' });
      await page.locator('.tab', { hasText: 'Results: answers-2' }).waitFor({ state: 'detached' });
      assert.deepEqual(runs(), []);
    });

    await step('two runs stand side by side', async () => {
      await w.openFile('quick.emdpo.json');
      for (const n of [1, 2]) {
        await w.command('EM-DPO: Train');
        await w.notification(/Training quick is done/);
        await w.clearNotifications();
        assert.equal(runs().length, n);
      }
      await w.command('EM-DPO: Compare Runs');
      for (const n of [0, 1]) await w.quickInput.locator('.monaco-list-row').nth(n).click();
      await page.keyboard.press('Enter');
      await panel.locator('.tab.compare >> visible=true').first().waitFor();
      await panel.locator('.tab.compare', { hasText: 'Log-likelihood' }).waitFor();
      await panel.locator('.tab.compare svg >> visible=true').first().waitFor();
      await shot('panel-compare');
    });

    await step('nothing was logged as an error', async () => {
      assert.deepEqual(w.errors, []);
      const logs = w.logs();
      assert.deepEqual(loggedErrors(logs), []);
      return logs.length === 0 ? 'this host writes no log files' : `${logs.length} log files`;
    });
  },
};
