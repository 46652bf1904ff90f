/** The Compare tab in a real browser: choosing runs in the editor, and a report that holds a comparison. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { PanelSnapshot } from '../../src/protocol/panel';
import { choices, compared, comparisonOf, crowd, MOVED, own } from './compare-fixture';
import { newPage, openInEditor, writeReport } from './panel-page';
import type { EditorPage } from './panel-page';
import { assertAccessible, assets, shown } from './panel-test';

const [first, second, third] = compared;

const seen = async (page: Page) => (await page.locator('.tab.compare').innerText()).replace(/\s+/g, ' ');

interface Opened extends EditorPage {
  readonly pinned: unknown[];
}

/** The panel of the first run, with the others to choose from. */
async function open(browser: Browser, snapshot: PanelSnapshot = own, left?: unknown): Promise<Opened> {
  const pinned: unknown[] = [];
  const editor = await openInEditor(
    browser,
    assets,
    (method, params) => {
      if (method === 'snapshot') return { ok: snapshot };
      if (method === 'runs') return { ok: { ownPinned: false, others: choices } };
      if (method === 'pin') pinned.push(params);
      if (method !== 'compare') return { ok: null };
      const asked = params as { with: string[]; baseline: string };
      return { ok: comparisonOf([first.directory, ...asked.with], asked.baseline) };
    },
    left,
  );
  await editor.page.locator('#tab-compare').click();
  return { ...editor, pinned };
}

describe('in the editor', () => {
  shown('the pinned run is compared with at first, and everything has its numbers', async (browser) => {
    const { page, complaints, asked } = await open(browser);
    await page.locator('.compared section').first().waitFor();
    assert.deepEqual(asked.find(({ method }) => method === 'compare')?.params, {
      with: [second.directory],
      baseline: second.directory,
    });
    const text = await seen(page);
    for (const words of [
      'strong prior',
      'em.prior',
      '0.5',
      `${MOVED} of 200 annotators (8.5 %) are most probably of another type`,
      // the pinned run comes first: from the baseline to this run
      '−12.50',
      '(90 %)',
      'Policy of Terse',
      '2 runs that cannot be compared',
    ])
      assert.ok(text.includes(words), `${words} is not in: ${text}`);
    assert.ok(!/undefined|NaN|\[object/.test(text));
    // those below the screen are drawn after it
    const charts = page.locator('.tab.compare figure svg[role=img][aria-label]');
    await charts.nth(2).waitFor();
    assert.equal(await charts.count(), 3);
    const rows = await page
      .locator('table', { hasText: 'correspond to them' })
      .locator('tbody tr')
      .allInnerTexts();
    assert.deepEqual(
      rows.map((row) => row.split(/\s*\t\s*/).slice(0, 2)),
      [
        ['Terse', 'Type 3'],
        ['Type 2', 'Type 1'],
        ['نوع طويل', 'Type 2'],
      ],
    );
    await assertAccessible(page, ['compare']);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  shown('what is chosen is compared by keyboard, and chosen again after a reload', async (browser) => {
    const { page, asked, state } = await open(browser);
    await page.locator('.compared section').first().waitFor();
    const two = page.getByRole('checkbox', { name: /two types/ });
    await two.focus();
    await page.keyboard.press('Space');
    await page
      .getByText('Who moved from A to C')
      .or(page.getByText('Who moved from B to C'))
      .first()
      .waitFor();
    assert.equal(await page.evaluate('document.activeElement.value'), third.directory);
    assert.match(
      await page.locator('.tab.compare svg', { hasText: 'no such type' }).innerHTML(),
      /no such type/,
    );
    const before = asked.length;
    assert.deepEqual(asked[before - 1].params, {
      with: [third.directory, second.directory],
      baseline: second.directory,
    });
    const left = await state();
    const again = await open(browser, own, left);
    await again.page.locator('.compared section').first().waitFor();
    assert.deepEqual(
      again.asked.find(({ method }) => method === 'compare')?.params,
      asked[before - 1].params,
    );
    assert.ok(await again.page.getByRole('checkbox', { name: /two types/ }).isChecked());
    await again.page.close();
    await page.close();
  });

  shown('a run of another dataset is refused in a sentence that says what to do', async (browser) => {
    const wanted = { ...own, compareWith: [choices[2].directory, third.directory, '/project/gone'] };
    const { page, asked } = await open(browser, wanted);
    await page.locator('.compared section').first().waitFor();
    const alerts = await page.locator('[role=alert]').allInnerTexts();
    assert.match(
      alerts[0],
      /poems.*learnt from poems\.jsonl, another dataset.*Train its settings on answers\.jsonl/s,
    );
    assert.match(alerts[1], /A run chosen before is gone/);
    assert.deepEqual(asked.find(({ method }) => method === 'compare')?.params, {
      with: [third.directory],
      baseline: first.directory,
    });
    assert.equal(await page.getByRole('checkbox').count(), 2);
    await page.close();
  });

  shown('a failure is told, and the run can be pinned from here', async (browser) => {
    const { page, pinned } = await open(browser);
    await page.getByRole('button', { name: 'Pin this run as the baseline' }).click();
    await page.getByText('Pinned: other runs are compared with this one.').waitFor();
    assert.deepEqual(pinned, [{ run: first.directory, pinned: true }]);
    await page.close();
    const broken = await openInEditor(browser, assets, (method) =>
      method === 'snapshot' ? { ok: own } : { err: 'The disk is on fire.' },
    );
    await broken.page.locator('#tab-compare').click();
    await broken.page.getByRole('alert').getByText('The disk is on fire.').waitFor();
    await broken.page.close();
  });

  shown('without another run it says what to do', async (browser) => {
    const alone = await openInEditor(browser, assets, (method) =>
      method === 'runs'
        ? { ok: { ownPinned: true, others: [] } }
        : { ok: method === 'snapshot' ? own : null },
    );
    await alone.page.locator('#tab-compare').click();
    await alone.page.getByText('There is no other finished run of this dataset').waitFor();
    await alone.page.getByRole('button', { name: 'Unpin this run' }).waitFor();
    await alone.page.getByRole('button', { name: 'Duplicate with changes' }).click();
    assert.ok(alone.asked.some(({ method }) => method === 'duplicate'));
    await alone.page.close();
  });
});

describe('report.html', () => {
  const comparison = comparisonOf([first.directory, second.directory, third.directory], first.directory);

  shown('has the tab only where it was made with a comparison', async (browser) => {
    const { page, complaints } = await newPage(browser);
    await page.goto(writeReport(own, assets));
    await page.locator('h1').waitFor();
    assert.equal(await page.locator('#tab-compare').count(), 0);
    await page.goto(writeReport({ ...own, comparison }, assets));
    await page.locator('#tab-compare').click();
    assert.match(await seen(page), /A answers this run baseline.*B strong prior.*C two types/);
    assert.equal(await page.locator('.picker').count(), 0);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    shown(
      `nothing sticks out of a narrow window, and axe finds nothing serious in ${colorScheme}`,
      async (browser) => {
        const { page } = await newPage(browser, { colorScheme, viewport: { width: 320, height: 640 } });
        await page.goto(writeReport({ ...own, comparison }, assets));
        await page.locator('#tab-compare').click();
        await page.locator('.tab.compare figure svg').nth(3).waitFor();
        const over = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        assert.equal(over, 0);
        await assertAccessible(page, ['compare']);
        await page.close();
      },
    );
  }

  shown('names from the data are text, and ten thousand annotators open', async (browser) => {
    const mark = '<img src=x onerror="window.broken=1">';
    const hostile = {
      ...comparison,
      runs: comparison.runs.map((run) => ({ ...run, name: mark, types: run.types.map(() => mark) })),
    };
    const { page, complaints } = await newPage(browser);
    await page.goto(writeReport({ ...own, comparison: hostile }, assets));
    await page.locator('#tab-compare').click();
    await page.locator('.tab.compare svg').first().waitFor();
    assert.equal(await page.locator('main img').count(), 0);
    await page.goto(writeReport({ ...own, comparison: crowd(10_000) }, assets));
    await page.locator('#tab-compare').click();
    await page
      .getByText(/of 10,000 annotators/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: /Show all/ }).waitFor();
    assert.deepEqual(complaints, []);
    await page.close();
  });
});
