/** What a person moves in the panel: protection weights, iterations, and what follows from them. */
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import { multiply } from '../../src/regret/matrix';
import { reweigh } from '../../src/regret/reweigh';
import { fixed, percent } from '../../webview/format';
import { finishedRun } from './fixture';
import { newPage, writeReport } from './panel-page';
import { assets, openTab, shown, text } from './panel-test';

const run = finishedRun();
const result = run.result!;

describe('report.html', () => {
  shown('moving a protection weight solves the fairest mixture again', async (browser) => {
    const { page, complaints } = await newPage(browser);
    await page.goto(writeReport(run, assets));
    await openTab(page, 'regret');
    const { matrix, protection, weights } = result.regret;
    const rows = page
      .locator('section', { hasText: 'If a type were protected more' })
      .locator('table', { hasText: 'Under plain DPO' })
      .locator('tbody tr');
    const column = async (n: number) =>
      Promise.all((await rows.all()).map((row) => row.locator('td').nth(n).innerText()));
    const percents = (values: readonly number[]) => values.map((w) => percent(w));
    const exact = reweigh(matrix, protection, protection).weights;
    assert.deepEqual(await column(1), percents(exact));
    assert.deepEqual(await column(2), percents(weights));
    const picture = () => page.locator('svg.simplex').innerHTML();
    const before = await picture();
    await page.getByLabel('Type 3', { exact: true }).focus();
    for (let step = 0; step < 6; step++) await page.keyboard.press('ArrowRight');
    const { weights: now, adversary, matrix: scaled } = reweigh(matrix, protection, [1, 1, 2.5]);
    assert.notDeepEqual(percents(now), percents(weights));
    assert.deepEqual(await column(0), ['1', '1', '2.5']);
    assert.deepEqual(await column(1), percents(now));
    assert.deepEqual(await column(3), percents(adversary));
    // regrets stand as the types feel them, without the weight
    assert.deepEqual(
      (await column(4)).map(Number),
      multiply(scaled, now).map((r, k) => Number((r / [1, 1, 2.5][k]).toFixed(3))),
    );
    assert.notEqual(await picture(), before);
    await page.getByText('"protection": [1, 1, 2.5]').waitFor();
    await page.getByText('As in this run').click();
    assert.deepEqual(await column(1), percents(exact));
    assert.deepEqual(complaints, []);
    await page.close();
  });

  shown('a slider looks back at the iterations that the events tell of', async (browser) => {
    const { page } = await newPage(browser);
    await page.goto(writeReport(run, assets));
    await openTab(page, 'training');
    const told = () => page.locator('.look-back output').innerText();
    const last = await told();
    await page.getByLabel('Look back at iterations').focus();
    await page.keyboard.press('Home');
    const [, start, iteration, likelihood] = /Start (\d+), iteration (\d+): log-likelihood (\S+),/.exec(
      await told(),
    )!;
    const event = run.events.find(
      (e) =>
        e.type === 'em' &&
        e.types === 3 &&
        e.start === Number(start) - 1 &&
        e.iteration === Number(iteration),
    );
    assert.ok(event?.type === 'em');
    assert.equal(likelihood, fixed(event.logLikelihood, 2));
    for (const share of event.shares) assert.ok((await told()).includes(percent(share)), await told());
    assert.equal(
      await page.locator('.tab.training svg [stroke-dasharray]').count(),
      2,
      'marked in both curves',
    );
    await page.keyboard.press('End');
    assert.equal(await told(), last);
    await page.close();
  });

  shown(
    'two types are drawn as a curve, four as a table; what protection 0 hides is said',
    async (browser) => {
      const { page, complaints } = await newPage(browser);
      await page.goto(writeReport(finishedRun({ types: 2 }), assets));
      await openTab(page, 'regret');
      await page.locator('figure', { hasText: 'Every mixture of the two policies' }).locator('svg').waitFor();
      const four = finishedRun({ types: 4 });
      const { regret } = four.result!;
      const without = regret.matrix.map((row, k) => (k === 1 ? row.map(() => 0) : row));
      const unprotected = {
        ...four,
        result: { ...four.result!, regret: { ...regret, matrix: without, protection: [1, 0, 1, 1] } },
      };
      await page.goto(writeReport(unprotected, assets));
      await openTab(page, 'regret');
      assert.equal(await page.locator('input[type=range]').count(), 3);
      assert.match(await text(page), /This run gave Type 2 protection 0/);
      assert.equal(await page.locator('.protect figure').count(), 0);
      assert.deepEqual(complaints, []);
      await page.close();
    },
  );
});
