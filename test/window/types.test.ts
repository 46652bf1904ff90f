/** The Types tab in a real browser: who the annotators are, what one of them said, and what their types are called. */
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { AnnotatorRecords } from '../../src/protocol/annotator';
import type { PanelSnapshot } from '../../src/protocol/panel';
import { withTypeNames } from '../../src/run/named-result';
import { finishedRun } from './fixture';
import { newPage, openInEditor, writeReport } from './panel-page';
import { assets, shown } from './panel-test';

const run = finishedRun();
const posterior = run.posterior!;
const card = (page: Page) => page.locator('article.chosen');

const records: AnnotatorRecords = {
  annotator: 'x',
  total: 7,
  records: Array.from({ length: 7 }, (_, r) => ({
    line: 40 + r,
    prompt: r === 0 ? 'Is <i>it</i> so?' : `Prompt ${r}`,
    weight: r === 1 ? 2 : 1,
    options: [
      { text: 'Yes.', place: 1 },
      { text: 'No.', place: null },
    ],
    types: [
      { places: [1, 2], logLikelihood: r === 6 ? null : Math.log(0.8) },
      { places: [2, 1], logLikelihood: r === 6 ? null : Math.log(0.2) },
      { places: [1, 1], logLikelihood: r === 6 ? null : Math.log(0.5) },
    ],
  })),
};

function openTypes(browser: Browser, answer: { ok: unknown } | { err: string } = { ok: records }) {
  return openInEditor(
    browser,
    assets,
    (method) => (method === 'snapshot' ? { ok: run } : method === 'annotator' ? answer : { ok: null }),
    { tab: 'types' },
  );
}

describe('choosing an annotator', () => {
  shown(
    'shows their records beside what each type would have said, with a way to the line',
    async (browser) => {
      const { page, asked, complaints, state } = await openTypes(browser);
      await page.locator('canvas').focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await card(page).getByText('7 records, and what each type would have said').waitFor();
      const { annotator } = asked.find(({ method }) => method === 'annotator')!.params as {
        annotator: string;
      };
      assert.ok(posterior.annotators.includes(annotator));
      assert.equal(await card(page).locator('header h3').innerText(), annotator);
      assert.equal(await page.evaluate('document.activeElement.textContent'), annotator);
      const h = posterior.annotators.indexOf(annotator);
      const shares = posterior.gamma.slice(3 * h, 3 * h + 3).map((p) => `${(p * 100).toFixed(1)} %`);
      const seen = (await card(page).innerText()).replace(/\s+/g, ' ');
      for (const share of shares) assert.ok(seen.includes(share), share);
      // 0.8 / 0.5 once for each of six records, and once more for the one that counts twice
      assert.ok(seen.includes(`All together are ${Math.round(1.6 ** 7)} times likelier under Type 1`), seen);
      assert.ok(seen.includes('This ranking is 1.6 times likelier under Type 1 than under Type 3'), seen);
      assert.ok(seen.includes('It counts 2 times'));
      assert.equal(await card(page).locator('main i, article i').count(), 0);
      const first = card(page).locator('tbody tr').first();
      assert.deepEqual(await first.locator('td').allInnerTexts(), ['1', '1', '2', '1']);
      assert.equal(await card(page).locator('table').count(), 6);
      await card(page).getByText('Show 1 more record').click();
      await card(page).getByText('The run left this record out').waitFor();
      await page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (t) => { window.copied = t; } } })",
      );
      await card(page).getByRole('button', { name: 'Copy as CSV: Records of x' }).click();
      await page.waitForFunction('window.copied');
      const lines = (await page.evaluate<string>('window.copied')).split('\r\n');
      assert.equal(lines[0], 'Line,Prompt,Response,Place,Type 1,Type 2,Type 3,Counts');
      assert.deepEqual(lines.slice(1, 5), [
        '40,Is <i>it</i> so?,Yes.,1,1,2,1,1',
        '40,Is <i>it</i> so?,No.,,2,1,1,1',
        '41,Prompt 1,Yes.,1,1,2,1,2',
        '41,Prompt 1,No.,,2,1,1,2',
      ]);
      assert.equal(lines.length, 16, 'all records, also those that are not shown yet');
      await card(page).getByRole('button', { name: 'Copy as Markdown: Records of x' }).click();
      await page.waitForFunction("window.copied.startsWith('| Line | Prompt |')");
      await card(page).getByRole('button', { name: 'line 41' }).click();
      assert.deepEqual(asked.at(-1), {
        ...asked.at(-1)!,
        method: 'openDataset',
        params: { line: 41, column: 1 },
      });

      // whoever was chosen is there again when the panel is
      const again = await openInEditor(
        browser,
        assets,
        (method) => (method === 'snapshot' ? { ok: run } : { ok: records }),
        await state(),
      );
      await card(again.page).getByText('7 records').waitFor();
      await again.page.close();

      await card(page).locator('header h3').focus();
      await page.keyboard.press('Escape');
      assert.equal(await card(page).isVisible(), false);
      assert.equal(await page.evaluate('document.activeElement.localName'), 'canvas');
      assert.deepEqual(complaints, []);
      await page.close();
    },
  );

  shown('works from the triangle and the list, and says why records cannot be read', async (browser) => {
    const { page, asked } = await openTypes(browser, { err: 'answers.jsonl has changed since the run.' });
    const triangle = page.locator('svg.ternary');
    await triangle.waitFor();
    await triangle.locator('circle').first().click({ force: true });
    await card(page).getByRole('alert').getByText('answers.jsonl has changed since the run.').waitFor();
    const name = await card(page).locator('header h3').innerText();
    // the biggest dot is of many: the next click goes on to the next of them
    await triangle.locator('circle').first().click({ force: true });
    await page.waitForFunction(
      `document.querySelector('article.chosen h3').textContent !== ${JSON.stringify(name)}`,
    );
    await page.getByLabel('Find by name').fill(posterior.annotators[17]);
    await page.getByRole('grid', { name: 'Annotators' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await card(page).locator('header h3', { hasText: posterior.annotators[17] }).waitFor();
    assert.deepEqual(asked.at(-1)?.params, { annotator: posterior.annotators[17] });
    await page.close();
  });

  shown('in a report shows who they are, and says where their records are', async (browser) => {
    const { page, complaints } = await newPage(browser);
    await page.goto(`${writeReport(run, assets)}#types`);
    await page.locator('canvas').click();
    await card(page).getByText('Open this run in VS Code').waitFor();
    assert.deepEqual(complaints, []);
    await page.close();
  });
});

describe('names of types', () => {
  shown('are asked for once, refused with a sentence, and then stand everywhere', async (browser) => {
    let answer: { ok: unknown } | { err: string } = { err: 'Two types cannot both be called “terse”.' };
    let now: PanelSnapshot = run;
    const { page, asked, post } = await openInEditor(
      browser,
      assets,
      (method) => (method === 'snapshot' ? { ok: now } : answer),
      { tab: 'types' },
    );
    await page.locator('summary', { hasText: 'Name the types' }).click();
    await page.getByLabel(/^Type 1 /).fill('terse');
    await page.getByLabel(/^Type 3 /).fill('terse');
    await page.getByLabel(/^Type 3 /).press('Enter');
    await page.getByRole('alert').getByText('Two types cannot both').waitFor();
    assert.deepEqual(asked.at(-1)?.params, { names: ['terse', null, 'terse'] });
    answer = { ok: null };
    await page.getByLabel(/^Type 3 /).fill('<b>kind</b>');
    await page.getByRole('button', { name: 'Save names' }).click();
    await page.getByText('The names are kept with the run.').waitFor();
    const typeNames = ['terse', null, '<b>kind</b>'];
    now = { ...run, typeNames, result: withTypeNames(run.result!, typeNames) };
    await post({ kind: 'changed' });
    await page.locator('.cards h3', { hasText: 'terse' }).waitFor();
    const seen = await page.locator('main').innerText();
    assert.ok(seen.includes('Type 2') && seen.includes('<b>kind</b>') && !/Type [13]\b/.test(seen), seen);
    assert.equal(await page.locator('main b').count(), 0);
    await page.locator('summary', { hasText: 'Name the types' }).click();
    assert.equal(await page.getByLabel(/^Type 1 /).inputValue(), 'terse');
    await page.close();
  });
});

describe('the editor', () => {
  shown('brings the panel to an annotator', async (browser) => {
    const { page, post } = await openInEditor(
      browser,
      assets,
      (method) => (method === 'snapshot' ? { ok: run } : { ok: records }),
      { tab: 'regret' },
    );
    await page.locator('.tab.regret section').first().waitFor();
    await post({ kind: 'annotator', annotator: posterior.annotators[3] });
    await card(page).locator('header h3', { hasText: posterior.annotators[3] }).waitFor();
    await page.waitForFunction("document.querySelector('article.chosen').getBoundingClientRect().top < 200");
    await post({ kind: 'annotator', annotator: 'nobody' });
    await page.getByText('“nobody” is not among the annotators that this panel shows.').waitFor();
    assert.equal(await card(page).isVisible(), false);
    await page.close();
  });
});

describe('an attribute of annotators', () => {
  const attribute = {
    ...{ name: 'region', values: ['north', 'ش'], adjustedRand: 0.12, untold: 3 },
    confusion: [
      [30, 10, 0],
      [10, 20, 30],
    ],
  };
  shown('stands as parts of each row beside those of all', async (browser) => {
    const { page } = await newPage(browser);
    await page.goto(`${writeReport({ ...run, result: { ...run.result!, attribute } }, assets)}#types`);
    const section = page.locator('section', { has: page.getByRole('heading', { name: 'Against region' }) });
    const rows = await section.locator('tbody tr').allInnerTexts();
    assert.deepEqual(
      rows.map((row) => row.replace(/\s+/g, ' ').trim()),
      [
        'north 30 · 75 % 10 · 25 % 0 · 0 % 40',
        'ش 10 · 17 % 20 · 33 % 30 · 50 % 60',
        'all 40 · 40 % 30 · 30 % 30 · 30 % 100',
      ],
    );
    await section.getByText('3 annotators without it in the file are left out.').waitFor();
    await page.close();
  });
});

describe('coefficients', () => {
  const ends = run.result!.types.map(({ coefficients = [] }) =>
    coefficients.map(({ name, value }) => ({ name, interval: [value - 0.5, value + 0.25] as const })),
  );
  const nothing = { replicates: 40, level: 0.9, matching: 'optimal', shares: [], regret: [], weights: [] };
  const bootstrap = {
    ...nothing,
    ...{ value: [0, 1], candidates: [], lost: [0, 0, 0], coefficients: ends },
    shares: run.result!.types.map(({ share }) => [share - 0.01, share + 0.01]),
    switching: { mean: 0, count: 0, often: 0.1, annotators: [] },
  };
  const stable = {
    ...run,
    result: { ...run.result!, stability: { bootstrap } },
  } as unknown as PanelSnapshot;

  shown('stand with their intervals where the run has them', async (browser) => {
    const { page } = await newPage(browser);
    await page.goto(`${writeReport(stable, assets)}#types`);
    const figure = page.locator('figure', { hasText: 'Coefficients by type' });
    await figure.getByText('Lines through the dots are 90 % intervals').waitFor();
    await figure.locator('summary').click();
    const { value } = run.result!.types[0].coefficients![0];
    const shown = (x: number) => x.toFixed(3).replace('-', '−');
    await figure
      .getByText(`${shown(value - 0.5)} to ${shown(value + 0.25)}`)
      .first()
      .waitFor();
    await page.close();
  });
});
