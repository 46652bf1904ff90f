/** The panel of language models: how they were trained, and asking them. */
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { AnswerLine, PromptQuestion } from '../../src/protocol/panel';
import { languageRun, ROUNDS, STEPS } from './language-fixture';
import { newPage, openInEditor, writeReport } from './panel-page';
import { assets, assertAccessible, openTab, shown, text } from './panel-test';

describe('the report of language models', () => {
  const language = languageRun();
  const { regret, candidates, types } = language.result!;

  shown('shows how they were trained, and the errors of what was sampled', async (browser) => {
    const { page, complaints } = await newPage(browser);
    await page.goto(writeReport(language, assets));
    assert.match(
      await page.locator('header.run').innerText(),
      /LoRA adapters of rank 8.*β 0\.5.*prior 0\.1/s,
    );
    assert.match(await page.locator('header.run').innerText(), /cross-fitted −/);
    assert.equal(await page.locator('#tab-try').count(), 0, 'a report cannot ask models');

    await openTab(page, 'training');
    const titles = await page.locator('.tab.training figure h3').allInnerTexts();
    assert.deepEqual(titles, [
      'Pretraining of the reference model',
      'Loss by step',
      'Pairs told apart by step',
      'Drift by step',
      'Log-likelihood by round',
      'Shares by round',
      'Assignments that moved, by round',
    ]);
    assert.equal(await page.locator('.tab.training figure svg[role=img][aria-label]').count(), titles.length);
    const loss = page.locator('figure', { hasText: 'Loss by step' });
    // the two starts tried, the later rounds and the last training: lines of three policies, and of a fourth in the last
    const labels = await loss.locator('svg text').allTextContents();
    for (const stage of ['round 1', 'start 2', `round ${ROUNDS}`, 'final'])
      assert.ok(labels.includes(stage), stage);
    await loss.locator('summary').click();
    assert.equal(await loss.locator('tbody tr').count(), STEPS * (3 * (ROUNDS + 1) + 4));
    assert.match(await text(page), /Each start was tried for one round/);
    assert.doesNotMatch(await text(page), /set the prior to 0|NaN|undefined/);

    await openTab(page, 'regret');
    const seen = await text(page);
    for (const words of [
      `95 % interval ${regret.intervals!.value.map((v) => v.toFixed(3)).join(' to ')}`,
      '4 responses of each policy to each of 20 prompts out of 24',
      '2.1 % of the responses were cut off',
      'Distilled',
      'not settled',
      'less fair',
      '0.100 to 0.400 nats less than plain DPO’s',
      ...candidates.map((c) => c.worstInterval!.map((v) => v.toFixed(3)).join(' to ')),
      ...candidates.flatMap((c) => c.standardError!.filter((s) => s > 0).map((s) => `± ${s.toFixed(3)}`)),
    ])
      assert.ok(seen.includes(words), words);
    assert.ok(!seen.includes('If β were different'));
    assert.equal(
      await page.locator('figure', { hasText: 'Regret matrix' }).getByText(/^± /).count(),
      types.length * (types.length - 1),
    );
    assert.deepEqual(complaints, []);
    await page.close();
  });
});

describe('asking language models', () => {
  const language = languageRun();
  const { types } = language.result!;
  const open = async (browser: Browser) => {
    const editor = await openInEditor(browser, assets, (method) =>
      method === 'snapshot' ? { ok: language } : method === 'ask' ? undefined : { ok: null },
    );
    await openTab(editor.page, 'try');
    return editor;
  };
  const answered = (policy: string, text: string) => ({
    ...{ type: 'answer' as const, policy, number: 0, text, tokens: 7, logProbability: -4.25 },
    ...{ ended: 'length', rewards: types.map((_, k) => (k === 1 ? 0.75 : -0.5)) },
  });

  shown('their answers grow side by side, with what each type thinks of them', async (browser) => {
    const { page, asked, post, complaints, state } = await open(browser);
    const prompt = page.getByLabel('Prompt', { exact: true });
    assert.equal(await prompt.inputValue(), language.result!.divides[0].prompt);
    assert.equal(await page.getByLabel('Temperature').inputValue(), '0.9');
    await prompt.fill('Why is the sky <b>blue</b>?');
    for (const name of ['Plain DPO', 'Fair mixture', 'Type 3'])
      await page.getByRole('checkbox', { name }).uncheck();
    await page.getByLabel('Seed').fill('11');
    await prompt.press('Control+Enter');
    await page.getByText('Loading the models').waitFor();
    const request = asked.find(({ method }) => method === 'ask')!;
    const { question, ...rest } = request.params as PromptQuestion;
    assert.deepEqual(rest, {
      ...{ prompt: 'Why is the sky <b>blue</b>?', policies: ['type1', 'type2'] },
      ...{ answers: 1, temperature: 0.9, seed: 11 },
    });
    const lines = (...added: AnswerLine[]) => post({ kind: 'answers', question, lines: added });
    const said = page.locator('.answers .said');
    await lines(
      { type: 'ready', policies: ['type1', 'type2'] },
      { type: 'text', policy: 'type1', number: 0, text: 'Because <i>of' },
    );
    await page.getByText('Type 1 is writing').waitFor();
    await lines({ type: 'text', policy: 'type1', number: 0, text: ' air' });
    await post({ kind: 'answers', question: question - 1, lines: [answered('type2', 'an old answer')] });
    assert.deepEqual(await said.allInnerTexts(), ['Because <i>of air…', '…']);
    await lines(answered('type1', 'Because <i>of air.'), answered('type2', ''));
    await post({ kind: 'reply', id: request.id, ok: { stopped: false } });
    await page.getByText(/2 answers after/).waitFor();
    assert.deepEqual(await said.allInnerTexts(), ['Because <i>of air.', '(empty)']);
    const rewards = page.locator('.answers .rewards').first();
    assert.equal(await rewards.locator('li').count(), types.length);
    assert.equal(await rewards.locator('strong').innerText(), '+0.75');
    assert.match(
      await page.locator('.answers').first().innerText(),
      /7 tokens.*cut off at the longest length/,
    );
    await page.locator('.tab.try summary').click();
    assert.equal(await page.locator('.tab.try tbody tr').count(), 2);
    assert.equal(await page.locator('main b, main i').count(), 0);
    await assertAccessible(page, ['try']);
    assert.deepEqual(complaints, []);

    // what was asked and answered is there again when the panel is
    const left = await state();
    const again = await openInEditor(browser, assets, () => ({ ok: language }), left);
    await again.page.locator('.answers .said', { hasText: 'Because <i>of air.' }).waitFor();
    assert.equal(await again.page.getByLabel('Seed').inputValue(), '11');
    assert.equal(await again.page.getByRole('checkbox', { name: 'Type 3' }).isChecked(), false);
    await again.page.close();
    await page.close();
  });

  shown(
    'Stop stops, a failure is a sentence, and nothing is asked without a prompt or a policy',
    async (browser) => {
      const { page, asked, post } = await open(browser);
      const run = page.getByRole('button', { name: 'Run' });
      await run.click();
      await page.getByRole('button', { name: 'Stop' }).click();
      const [request] = asked.filter(({ method }) => method === 'ask');
      await until(() => asked.some(({ method }) => method === 'stopAsking'));
      await post({ kind: 'reply', id: request.id, ok: { stopped: true } });
      await page.getByText('Stopped with 0 whole answers').waitFor();
      assert.equal(await page.locator('.answers .said', { hasText: '…' }).count(), 0);
      await run.click();
      await until(() => asked.filter(({ method }) => method === 'ask').length === 2);
      await post({ kind: 'reply', id: asked.at(-1)!.id, err: 'There are no language models in policies.' });
      await page.getByText('There are no language models in policies.').waitFor();
      await page.getByLabel('Prompt', { exact: true }).fill('  ');
      await run.click();
      await page.getByText('Give a prompt first.').waitFor();
      await page.getByLabel('Prompt', { exact: true }).fill('x');
      for (const box of await page.locator('.ask input[type=checkbox]').all()) await box.uncheck();
      await run.click();
      await page.getByText('Give a policy first.').waitFor();
      assert.equal(asked.filter(({ method }) => method === 'ask').length, 2);
      await page.close();
    },
  );

  shown('what starts a process is not offered where the workspace is not trusted', async (browser) => {
    const stopped = { ...language, state: 'cancelled' as const };
    const { page } = await openInEditor(browser, assets, () => ({ ok: stopped }), undefined, false);
    await openTab(page, 'regret');
    assert.equal(await page.locator('#tab-try').count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Resume' }).count(), 0);
    const trusted = await openInEditor(browser, assets, () => ({ ok: stopped }));
    await trusted.page.getByRole('button', { name: 'Resume' }).click();
    await until(() => trusted.asked.some(({ method }) => method === 'resume'));
    await trusted.page.close();
    await page.close();
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
