/** What a person moves in the panel: protection weights, iterations, and what follows from them. */
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import type { PanelSnapshot } from '../../src/protocol/panel';
import { multiply } from '../../src/regret/matrix';
import { reweigh } from '../../src/regret/reweigh';
import { fixed, nats, natsAlike, percent } from '../../webview/format';
import { finishedRun, runningRun } from './fixture';
import { languageRun } from './language-fixture';
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

  shown('looking back shows assignments, who moved, and regrets as they were', async (browser) => {
    const history = run.history!;
    const names = run.posterior!.annotators;
    const { page, complaints } = await newPage(browser);
    await page.goto(writeReport(run, assets));
    await openTab(page, 'training');
    const moment = page.locator('.moment');
    const regrets = () => moment.locator('tbody td').allInnerTexts();
    const last = history.entries.at(-1)!;
    const shownRegrets = ({ regret }: (typeof history.entries)[number]) => {
      const show = natsAlike(regret!.matrix.flat());
      return regret!.matrix.flatMap((row, i) => [...row.map(show), percent(regret!.weights[i])]);
    };
    assert.deepEqual(await regrets(), shownRegrets(last), 'without a choice the end of the run');
    assert.deepEqual(last.regret!.matrix, run.result!.regret.matrix);
    await page.getByLabel('Look back at iterations').focus();
    await page.keyboard.press('Home');
    await page.getByText('At iteration 0, the first that was kept.').waitFor();
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
    const entry = history.entries[3];
    const [before, now] = [history.entries[2], entry].map(({ assignments }) =>
      Buffer.from(assignments, 'base64'),
    );
    const moved = names.filter((_, h) => before[h] !== now[h]);
    assert.ok(moved.length > 3);
    await page
      .getByText(`At iteration 3, ${moved.length} of 200 annotators (${percent(moved.length / 200)})`)
      .waitFor();
    assert.deepEqual(await regrets(), shownRegrets(entry));
    assert.ok((await moment.innerText()).includes(`regrets ${nats(entry.regret!.value)} nats`));
    assert.deepEqual(
      (await moment.locator('.counts li').allInnerTexts()).map((text) => Number(/ (\d+) \+/.exec(text)![1])),
      run.result!.types.map((_, k) => now.filter((label) => label === k).length),
    );
    await page.keyboard.press('Tab');
    await page.locator('.who-moved summary').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.locator('.who-moved .row.active bdi').first().innerText(), moved[0]);
    await page.keyboard.press('Enter');
    await page.locator('.tab.types .chosen h3', { hasText: moved[0] }).waitFor();
    assert.deepEqual(complaints, []);
    await page.close();
  });

  shown(
    'what there is not to look back at is said: live, of an earlier version, of rounds',
    async (browser) => {
      const says = async (snapshot: PanelSnapshot, sentence: string) => {
        const { page, complaints } = await newPage(browser);
        await page.goto(writeReport(snapshot, assets));
        await openTab(page, 'training');
        await page.locator('.look-back').getByText(sentence).waitFor();
        assert.equal(await page.locator('.moment tbody').count(), 0);
        assert.deepEqual(complaints, []);
        await page.close();
      };
      await says(runningRun(), 'is kept when the run has finished, and what the types regretted.');
      await says({ ...run, history: undefined }, 'This run keeps no assignments of its iterations');
      await says(languageRun(), 'Regret was not sampled at each round');
      await says(languageRun(), 'The run kept the assignments of round 3.');
    },
  );

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
