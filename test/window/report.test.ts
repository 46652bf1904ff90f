/** The panel in a real browser: as report.html from disk, and fed by messages as in the editor. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { AnswerLine, PromptQuestion } from '../../src/protocol/panel';
import { multiply } from '../../src/regret/matrix';
import { reweigh } from '../../src/regret/reweigh';
import type { ReportAssets } from '../../src/run/report';
import { fixed, percent } from '../../webview/format';
import { finishedRun, runningRun } from './fixture';
import { languageRun, ROUNDS, STEPS } from './language-fixture';
import { bundlePanel, newPage, openBrowser, openInEditor, writeReport } from './panel-page';

const tabs = ['data', 'training', 'types', 'regret', 'try'];
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
    await page.goto(writeReport(finishedRun({ annotators: 10_000, types: 5, prompts: 60 }), assets));
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

  for (const colorScheme of ['light', 'dark'] as const) {
    shown(`axe finds nothing serious in ${colorScheme}`, async (browser) => {
      const { page } = await newPage(browser, { colorScheme });
      await page.goto(writeReport(language, assets));
      await assertAccessible(page, ['training', 'types', 'regret']);
      await page.close();
    });
  }
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

/** Opens everything on every tab, and lets axe look at it. */
async function assertAccessible(page: Page, which = tabs): Promise<void> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  for (const tab of which) {
    await openTab(page, tab);
    const folded = page.locator(`.tab.${tab} details:not([open]) > summary`);
    while ((await folded.count()) > 0) await folded.first().click();
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
