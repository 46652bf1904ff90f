/** report.html in a real browser, opened from disk. */
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { finishedRun, runningRun } from './fixture';
import { newPage, writeReport } from './panel-page';
import { assets, openTab, shown, tabs, text } from './panel-test';

const run = finishedRun();
const result = run.result!;

test('the bundle stays within 700 kB', () => {
  assert.ok(Buffer.byteLength(assets.script) <= 700_000, `${Buffer.byteLength(assets.script)} bytes`);
});

describe('report.html', () => {
  shown('every tab shows its numbers, and the page asks nothing of the network', async (browser) => {
    const { page, complaints } = await newPage(browser);
    await page.goto(writeReport(run, assets));
    await page.locator('h1').waitFor();
    const header = await page.locator('header.run').innerText();
    assert.match(header, /answers/);
    assert.match(header, /finished/);
    assert.ok(
      header.includes(
        `−${Math.abs(result.fit.logLikelihood).toLocaleString('en', { minimumFractionDigits: 2 })}`,
      ),
    );
    assert.match(header, /2 of 6 starts ended in other groups/);

    const expected: Record<string, string[]> = {
      data: [
        '200',
        '1,600',
        'the ranking names a response that is not there',
        'no finite optimum',
        'unknown',
        'line 12:31',
        '3.2e−7',
      ],
      training: [
        'Finished after 12 s',
        ...result.starts.map((s) =>
          Math.abs(s.objective ?? NaN)
            .toFixed(2)
            .replace(/^(\d)(\d{3})/, '$1,$2'),
        ),
      ],
      types: [
        ...result.types.map((t) => `${(t.share * 100).toFixed(1)} %`),
        'terse',
        '0.870',
        result.divides[0].prompt,
      ],
      regret: [
        ...result.candidates.flatMap((c) => [c.name, c.worst.toFixed(3)]),
        ...result.regret.weights.map((w) => `${(w * 100).toFixed(1)} %`),
        ...result.regret.matrix.flat().map((r) => r.toFixed(3)),
        'the fair policy costs it',
      ],
      try: [result.divides[0].prompt, result.divides[0].responses[0].text, 'Fair mixture'],
    };
    for (const tab of tabs) {
      await openTab(page, tab);
      if (tab === 'data') await page.locator('summary', { hasText: 'Assumes' }).first().click();
      const seen = await text(page);
      for (const words of expected[tab]) assert.ok(seen.includes(words), `${tab} does not show ${words}`);
      assert.ok(!/undefined|NaN|\[object/.test(seen), `${tab} shows a value that is none`);
    }
    assert.deepEqual(complaints, []);
    await page.close();
  });

  shown('text from the data is text, in its own direction', async (browser) => {
    const mark = '<img src=x onerror="window.broken=1"><b>bold</b>';
    const hostile = {
      ...run,
      manifest: { ...run.manifest, name: mark },
      result: {
        ...result,
        divides: result.divides.map((d) => ({ ...d, prompt: mark })),
        alarms: [{ code: 'x', message: mark }],
      },
      posterior: { ...run.posterior!, annotators: run.posterior!.annotators.map(() => mark) },
    };
    const { page, complaints } = await newPage(browser);
    await page.goto(writeReport(hostile, assets));
    for (const tab of tabs) await openTab(page, tab);
    assert.equal(await page.locator('main img, main b').count(), 0);
    assert.equal(await page.locator('h1').innerText(), mark);
    await openTab(page, 'types');
    const direction =
      "[...document.querySelectorAll('bdi.data')].filter((e) => e.textContent.startsWith('قد يكون')).map((e) => getComputedStyle(e).direction)";
    assert.equal(new Set(await page.evaluate<string[]>(direction)).values().next().value, 'rtl');
    assert.deepEqual(complaints, []);
    await page.close();
  });

  shown('printing shows every tab with their charts, opened or not', async (browser) => {
    const { page } = await newPage(browser);
    await page.goto(writeReport(run, assets) + '#data');
    await page.locator('.tab.data section').first().waitFor();
    const others = '.tab:not(.data) figure svg';
    assert.equal(await page.locator(others).count(), 0);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    assert.ok((await page.locator(others).count()) > 7);
    assert.equal(await page.locator('figure .drawing:empty').count(), 0);
    await page.emulateMedia({ media: 'print' });
    for (const tab of tabs) assert.ok(await page.locator(`.tab.${tab}`).isVisible(), tab);
    await page.close();
  });

  shown('ten thousand annotators and a run without results both open', async (browser) => {
    const { page, complaints } = await newPage(browser);
    const crowd = finishedRun({ annotators: 10_000, types: 5, prompts: 60 });
    await page.goto(writeReport(crowd, assets));
    await openTab(page, 'types');
    await page.locator('canvas').focus();
    await page.keyboard.press('End');
    assert.match(await page.locator('.readout').innerText(), /annotator-\d+ · Type 1/);
    // of the list only what is seen is there, wherever it is scrolled to
    const grid = page.getByRole('grid', { name: 'Annotators' });
    assert.equal(await grid.getAttribute('aria-rowcount'), '10001');
    await grid.focus();
    await page.keyboard.press('End');
    const last = grid.locator('.row.active');
    assert.equal(await last.getAttribute('aria-rowindex'), '10001');
    assert.equal(await grid.getAttribute('aria-activedescendant'), await last.getAttribute('id'));
    assert.ok((await grid.locator('.rows > .row').count()) < 40);
    // lines come in again with other rows, in the order in which they are read
    const { annotators, entropy } = crowd.posterior!;
    for (const top of [50_000, 50_100, 49_900, 0]) {
      const rows = await page.evaluate<[string, string, string, string][]>(`new Promise((resolve) => {
        document.querySelector('[role=grid]').scrollTop = ${top};
        requestAnimationFrame(() => setTimeout(() => resolve(
          [...document.querySelectorAll('[role=grid] .rows > .row')].map((row) => [
            row.getAttribute('aria-rowindex'), row.style.top, row.firstChild.textContent, row.lastChild.textContent,
          ]),
        )));
      })`);
      const first = Number(rows[0][0]);
      assert.ok((first - 2) * 28 <= top && (first - 1 + rows.length) * 28 > top + 300, String(top));
      rows.forEach(([index, at, name, doubt], n) => {
        assert.equal(Number(index), first + n);
        assert.equal(at, `${(first + n - 2) * 28}px`);
        assert.ok(Math.abs(Number(doubt) - entropy[annotators.indexOf(name)]) < 6e-4, `${name} ${doubt}`);
      });
    }
    await page.getByLabel('Find by name').fill('annotator-77');
    await page.getByText(/^\d+ of 10,000 annotators$/).waitFor();
    assert.equal(await grid.getAttribute('aria-rowcount'), String(1 + 110));
    await page.goto(writeReport({ ...runningRun(), state: 'failed', validation: undefined }, assets));
    await openTab(page, 'regret');
    assert.match(await text(page), /The run failed before it had results/);
    await openTab(page, 'data');
    assert.match(await text(page), /has no validation yet/);
    assert.deepEqual(complaints, []);
    await page.close();
  });
});
