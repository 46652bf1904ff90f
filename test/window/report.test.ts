/** The panel in a real browser: as report.html from disk, and fed by messages as in the editor. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { ReportAssets } from '../../src/run/report';
import { finishedRun, runningRun } from './fixture';
import { bundlePanel, newPage, openBrowser, openInEditor, writeReport } from './panel-page';

const tabs = ['data', 'training', 'types', 'regret'];
const run = finishedRun();
const result = run.result!;
let browser: Browser | undefined;
let assets: ReportAssets;

before(async () => {
  assets = await bundlePanel();
  browser = await openBrowser();
});
after(() => browser?.close());

/** A test that needs the browser. */
function shown(name: string, body: (browser: Browser) => Promise<void>): void {
  test(name, async (t) => {
    if (browser) await body(browser);
    else t.skip('no Chromium on this machine: install one, or set CHROMIUM to its path');
  });
}

/** What the person sees of the open tab. */
const text = async (page: Page) => (await page.locator('main').innerText()).replace(/\s+/g, ' ');

async function openTab(page: Page, tab: string): Promise<void> {
  await page.locator(`#tab-${tab}`).click();
  await page.locator(`.tab.${tab} section, .tab.${tab} .empty`).first().waitFor();
}

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

  shown('the keyboard moves between tabs, and a term tells its meaning on focus', async (browser) => {
    const { page } = await newPage(browser);
    await page.goto(writeReport(run, assets));
    await page.locator('#tab-data').click();
    assert.equal(await page.locator('#tab-data').getAttribute('role'), 'tab');
    for (const tab of ['training', 'types', 'regret']) {
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

  for (const colorScheme of ['light', 'dark'] as const) {
    shown(`axe finds nothing serious in ${colorScheme}`, async (browser) => {
      const { page } = await newPage(browser, { colorScheme });
      await page.goto(writeReport(run, assets));
      await assertAccessible(page);
      await page.close();
    });
  }

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
      }
      await page.close();
    });
  }

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

  shown(
    'a chart saves as SVG with its colours written in, and the canvas follows the theme',
    async (browser) => {
      const { page } = await newPage(browser, { colorScheme: 'light' });
      await page.goto(writeReport(run, assets));
      await openTab(page, 'types');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('figure', { hasText: 'Share of each type' }).getByText('Save as SVG').click(),
      ]);
      const svg = readFileSync(await download.path(), 'utf8');
      assert.match(svg, /^<svg[^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      assert.ok(!svg.includes('var('));
      assert.equal(download.suggestedFilename(), 'answers-share-of-each-type.svg');
      const pixels = () => page.evaluate("document.querySelector('canvas').toDataURL()");
      const light = await pixels();
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.waitForFunction("document.body.classList.contains('vscode-dark')");
      assert.notEqual(await pixels(), light);
      await page.close();
    },
  );

  shown('printing shows all four tabs with their charts, opened or not', async (browser) => {
    const { page } = await newPage(browser);
    await page.goto(writeReport(run, assets) + '#data');
    await page.locator('.tab.data section').first().waitFor();
    assert.equal(await page.locator('figure svg').count(), 0);
    const drawn = await page.evaluate(
      "dispatchEvent(new Event('beforeprint')); document.querySelectorAll('figure svg').length",
    );
    assert.equal(drawn, 7);
    await page.emulateMedia({ media: 'print' });
    for (const tab of tabs) assert.ok(await page.locator(`.tab.${tab}`).isVisible(), tab);
    await page.close();
  });

  shown('ten thousand annotators and a run without results both open', async (browser) => {
    const { page, complaints } = await newPage(browser);
    await page.goto(writeReport(finishedRun({ annotators: 10_000, types: 5, prompts: 60 }), assets));
    await openTab(page, 'types');
    await page.locator('canvas').focus();
    await page.keyboard.press('End');
    assert.match(await page.locator('.readout').innerText(), /annotator-\d+ · Type 1/);
    await page.goto(writeReport({ ...runningRun(), state: 'failed', validation: undefined }, assets));
    await openTab(page, 'regret');
    assert.match(await text(page), /The run failed before it had results/);
    await openTab(page, 'data');
    assert.match(await text(page), /has no validation yet/);
    assert.deepEqual(complaints, []);
    await page.close();
  });
});

describe('in the editor', () => {
  shown('axe finds nothing serious in high contrast', async (browser) => {
    const { page } = await openInEditor(browser, assets, () => ({ ok: run }));
    const colours = {
      foreground: '#fff',
      'editor-background': '#000',
      descriptionForeground: '#fff',
      contrastBorder: '#6fc3df',
      'textLink-foreground': '#21a6ff',
    };
    const style = Object.entries(colours)
      .map(([name, value]) => `--vscode-${name}: ${value}`)
      .join(';');
    await page.evaluate(
      `document.documentElement.style.cssText = '${style}'; document.body.className = 'vscode-high-contrast'`,
    );
    await assertAccessible(page);
    await page.close();
  });

  shown('events arrive without moving anything, and the results when the run is done', async (browser) => {
    const running = runningRun();
    let now = running;
    const { page, complaints, asked, post, state } = await openInEditor(browser, assets, () => ({ ok: now }));
    await page.locator('.tab.training figure svg').first().waitFor();
    await page.evaluate(
      "window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) window.shift += e.value; }).observe({ type: 'layout-shift' })",
    );
    const curve = () => page.locator('.tab.training figure svg').first().innerHTML();
    const first = await curve();
    const rest = run.events.slice(running.events.length, -1);
    for (let i = 0; i < rest.length; i += 20) await post({ kind: 'events', events: rest.slice(i, i + 20) });
    await page.getByText('Computing regrets').first().waitFor();
    assert.notEqual(await curve(), first);
    assert.equal(await page.evaluate('window.shift'), 0);
    now = run;
    await post({ kind: 'changed' });
    await page.locator('.state.finished').waitFor();
    await openTab(page, 'regret');
    assert.deepEqual(
      asked.map((a) => a.method),
      ['snapshot', 'snapshot'],
    );
    assert.deepEqual(await state().then((s) => [(s as { run: string }).run, (s as { tab: string }).tab]), [
      '/runs/one',
      'regret',
    ]);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  shown('a position opens the dataset there, and a failure is told', async (browser) => {
    const { page, asked } = await openInEditor(browser, assets, (method) =>
      method === 'snapshot' ? { ok: run } : { err: 'answers.jsonl was moved.' },
    );
    await openTab(page, 'data');
    await page.getByRole('button', { name: 'line 98:30' }).click();
    await page.getByText('The dataset could not be opened: answers.jsonl was moved.').waitFor();
    assert.deepEqual(asked[1].params, { line: 98, column: 30 });
    await page.close();
  });

  shown('a run that cannot be read is a sentence with a way to try again', async (browser) => {
    let broken = true;
    const { page, post } = await openInEditor(browser, assets, () =>
      broken ? { err: 'The run directory is gone. Train again.' } : { ok: run },
    );
    await page.getByRole('alert').getByText('The run directory is gone').waitFor();
    await post({ kind: 'nonsense' });
    await page.getByText('got a message that it does not understand').waitFor();
    broken = false;
    await page.getByText('Try again').click();
    await page.locator('h1', { hasText: 'answers' }).waitFor();
    await page.close();
  });
});

/** Opens everything on every tab, and lets axe look at it. */
async function assertAccessible(page: Page): Promise<void> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  for (const tab of tabs) {
    await openTab(page, tab);
    for (const summary of await page.locator(`.tab.${tab} summary`).all()) await summary.click();
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
    assert.deepEqual(
      serious.map((v) => `${tab}: ${v.id}: ${v.nodes.map((n) => n.html).join('\n')}`),
      [],
    );
  }
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
