/** The panel fed by messages, as in the editor. */
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import { finishedRun, runningRun } from './fixture';
import { openInEditor } from './panel-page';
import { assets, openTab, shown } from './panel-test';

const run = finishedRun();

describe('in the editor', () => {
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
    // the run tells an iteration every 120 ms, and starts count from 0
    await page
      .locator('.status')
      .getByText(/[78]\.\d iterations a second/)
      .waitFor();
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

  shown('a definition opens its page, and what is folded away stays so', async (browser) => {
    const { page, asked, state } = await openInEditor(browser, assets, (method) =>
      method === 'snapshot' ? { ok: run } : { ok: null },
    );
    await page.locator('.in-short > summary').click();
    assert.equal(await page.getByText('Who is in the smallest?').isVisible(), false);
    await page.locator('.glossary > summary').click();
    const entry = page.locator('.glossary dl > div', { has: page.getByText('Duality gap', { exact: true }) });
    await entry.getByRole('button', { name: 'docs/regret.md' }).click();
    await until(() => asked.some(({ method }) => method === 'openPage'));
    assert.deepEqual(asked.at(-1)!.params, { page: 'regret' });
    const again = await openInEditor(browser, assets, () => ({ ok: run }), await state());
    await again.page.locator('h1').waitFor();
    assert.equal(await again.page.getByText('Who is in the smallest?').isVisible(), false);
    await again.page.close();
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

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
