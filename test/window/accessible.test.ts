/** The panel for everybody: axe-core on every tab and theme, the keyboard, narrow windows and zoom. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { PanelSnapshot } from '../../src/protocol/panel';
import { readSnapshot } from '../../src/run/snapshot';
import { run as trainRun } from '../unit/cli-run';
import { finishedRun } from './fixture';
import { languageRun } from './language-fixture';
import { newPage, openInEditor, writeReport } from './panel-page';
import { assets, COLOURS, assertAccessible, inHighContrast, openTab, shown, tabs } from './panel-test';

const run = finishedRun();

/** All rules in one theme, in the others those that a theme can break. */
async function inEveryTheme(browser: Browser, snapshot: PanelSnapshot): Promise<void> {
  const { page } = await newPage(browser, { colorScheme: 'light' });
  await page.goto(writeReport(snapshot, assets));
  await assertAccessible(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await assertAccessible(page, tabs, COLOURS);
  await page.close();
  const { page: inEditor } = await openInEditor(browser, assets, () => ({ ok: snapshot }));
  await inHighContrast(inEditor);
  await assertAccessible(inEditor, tabs, COLOURS);
  await inEditor.close();
}

describe('axe finds nothing serious', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    shown(`in ${colorScheme}`, async (browser) => {
      const { page } = await newPage(browser, { colorScheme });
      await page.goto(writeReport(run, assets));
      await assertAccessible(page);
      await page.close();
    });

    shown(`of language models, in ${colorScheme}`, async (browser) => {
      const { page } = await newPage(browser, { colorScheme });
      await page.goto(writeReport(languageRun(), assets));
      await assertAccessible(page, ['training', 'types', 'regret']);
      await page.close();
    });
  }

  shown('in high contrast', async (browser) => {
    const { page } = await openInEditor(browser, assets, () => ({ ok: run }));
    await inHighContrast(page);
    await assertAccessible(page);
    await page.close();
  });

  shown('of ten thousand annotators, in light, in dark and in high contrast', async (browser) => {
    await inEveryTheme(browser, finishedRun({ annotators: 10_000, prompts: 200 }));
  });

  shown('of the bundled sample, in light, in dark and in high contrast', async (browser) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'emdpo-accessible-'));
    try {
      const sample = ['train', 'media/sample/answers.jsonl', '--types', '3', '--run-dir', folder];
      const { code, stderr } = await trainRun(sample);
      assert.equal(code, 0, stderr);
      await inEveryTheme(browser, await readSnapshot(folder));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the page', () => {
  shown('the keyboard moves between tabs, and a term tells its meaning on focus', async (browser) => {
    const { page } = await newPage(browser);
    await page.goto(writeReport(run, assets));
    await page.locator('#tab-data').click();
    assert.equal(await page.locator('#tab-data').getAttribute('role'), 'tab');
    for (const tab of ['training', 'types', 'regret', 'try']) {
      await page.keyboard.press('ArrowRight');
      await page.locator(`#view-${tab}`).waitFor({ state: 'visible' });
      assert.equal(await page.locator(`#tab-${tab}`).getAttribute('aria-selected'), 'true');
    }
    await page.keyboard.press('Home');
    await page.locator('#view-data').waitFor({ state: 'visible' });
    await page.locator('button.term', { hasText: 'Log-likelihood' }).first().focus();
    assert.match(await page.locator('[role=tooltip]').innerText(), /Nearer to 0 is better/);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('[role=tooltip]').count(), 0);
    await page.close();
  });

  for (const [name, options] of Object.entries({
    'a narrow window': { viewport: { width: 320, height: 640 } },
    '200 % zoom': { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
  })) {
    shown(`nothing sticks out of ${name}`, async (browser) => {
      const { page } = await newPage(browser, options);
      await page.goto(writeReport(run, assets));
      for (const tab of tabs) {
        await openTab(page, tab);
        const over = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        assert.equal(over, 0, tab);
        // the probabilities of long responses stand under them
        const wide = await page.evaluate(
          "[...document.querySelectorAll('.divide .scroll')].filter((e) => e.clientWidth > 0 && e.scrollWidth > e.clientWidth).length",
        );
        assert.equal(wide, 0, tab);
      }
      await page.close();
    });
  }
});
