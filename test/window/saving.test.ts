/** Charts and tables of the panel as files and on the clipboard. */
import { readFileSync } from 'node:fs';
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import { finishedRun } from './fixture';
import { newPage, writeReport } from './panel-page';
import { assets, openTab, shown } from './panel-test';

const run = finishedRun();
const result = run.result!;

describe('report.html', () => {
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

  shown('a chart saves as PNG, and a table as CSV and Markdown', async (browser) => {
    const { page, complaints } = await newPage(browser);
    await page.goto(writeReport(run, assets));
    await openTab(page, 'regret');
    const saved = async (name: string | RegExp) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name }).first().click(),
      ]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const picture = await saved('Save as PNG: Regret matrix');
    assert.equal(picture.name, 'answers-regret-matrix.png');
    assert.equal(picture.bytes.toString('latin1', 1, 4), 'PNG');
    const svg = page.locator('figure', { hasText: 'Regret matrix' }).locator('svg');
    const width = (await svg.boundingBox())!.width;
    assert.equal(picture.bytes.readUInt32BE(16), Math.round(width * 3), 'three pixels for each of the page');
    const { bytes } = await saved(/^Save as CSV: Regret of every type under every candidate/);
    const best = [...result.candidates].sort((a, b) => a.worst - b.worst)[0];
    assert.ok(bytes.toString().split('\r\n')[1].includes(`,${best.worst},`), 'in full precision');
    await page.evaluate(
      "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (t) => { window.copied = t; } } })",
    );
    await page.getByRole('button', { name: /^Copy as Markdown: Fair weights and adversary/ }).click();
    await page.waitForFunction('window.copied');
    const lines = (await page.evaluate<string>('window.copied')).split('\n');
    assert.match(lines[0], /^\| Type \| Share \| Fair weight \|/);
    assert.match(lines[1], /^\| --- \| --: \|/);
    assert.match(lines[2], /^\| Type 1 \| \d+\.\d % \|/);
    assert.deepEqual(complaints, []);
    await page.close();
  });
});
