/**
 * A person who knows DPO but not this tool opens the bundled run. Each of six questions has its answer in the page, in
 * sight without a click, and what it says is what result.json holds.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { RunResult } from '../../src/protocol/result';
import type { ValidationReport } from '../../src/protocol/validation';
import { run } from '../unit/cli-run';
import { newPage, openBrowser } from './panel-page';

const folder = mkdtempSync(path.join(tmpdir(), 'emdpo-questions-'));
const read = (name: string): unknown => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
let browser: Browser | undefined;
let page: Page;
let result: RunResult;

before(async () => {
  browser = await openBrowser();
  if (!browser) return;
  const sample = ['train', 'media/sample/answers.jsonl', '--types', '3', '--run-dir', folder];
  const { code, stderr } = await run(sample);
  assert.equal(code, 0, stderr);
  result = read('result.json') as RunResult;
  ({ page } = await newPage(browser));
  await page.goto(pathToFileURL(path.join(folder, 'report.html')).href);
  await page.locator('h1').waitFor();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The answer beside a question. */
function asks(question: string, check: (answer: string) => void): void {
  test(question, async (t) => {
    if (!browser) {
      t.skip('no Chromium on this machine: install one, or set CHROMIUM to its path');
      return;
    }
    const entry = page.locator('.in-short dl > div', { has: page.getByText(question, { exact: true }) });
    assert.ok(await entry.isVisible(), 'in sight without a click');
    check((await entry.locator('dd').innerText()).replace(/\s+/g, ' '));
  });
}

const says = (answer: string, ...words: string[]) => {
  for (const each of words) assert.ok(answer.includes(each), `“${answer}” does not say “${each}”`);
};
const percent = (share: number, digits: number) => `${(share * 100).toFixed(digits)} %`;
/** As the page rounds a regret. */
const nats = (value: number) => value.toFixed(value < 10 ? 3 : value < 100 ? 2 : 1);
const plainDpo = () => result.candidates.find((c) => c.kind === 'plain-dpo')!;

describe('the bundled run answers from its panel alone', () => {
  asks('How many types, and how sure?', (answer) => {
    const { certain } = result.posterior;
    says(
      answer,
      `${result.types.length} types`,
      percent(certain / result.fit.annotators, 0),
      'surely placed',
    );
    // nobody compared other numbers in this run, and the page does not pretend
    assert.equal(result.recommendation, undefined);
    says(answer, 'no other was compared');
  });

  asks('Who is in the smallest?', (answer) => {
    const type = result.types.at(-1)!;
    assert.equal(type.share, Math.min(...result.types.map((t) => t.share)));
    says(answer, type.name, percent(type.share, 1), String(type.annotators));
    const rows = readFileSync(path.join(folder, 'posterior.csv'), 'utf8').trim().split(/\r?\n/).slice(1);
    const surest = Math.max(...rows.map((row) => Number(row.split(',')[result.types.length])));
    const named = /Surest of all: (.*?)[,.]/.exec(answer)![1];
    assert.equal(
      Number(rows.find((row) => row.startsWith(`${named},`))!.split(',')[result.types.length]),
      surest,
    );
    const { names, confusion } = result.known!;
    const column = confusion.map((row) => row[result.types.length - 1]);
    says(answer, `${Math.max(...column)} of them “${names[column.indexOf(Math.max(...column))]}”`);
  });

  asks('What does it want?', (answer) => {
    const { liked, disliked } = result.types.at(-1)!;
    says(
      answer,
      liked[0].response.slice(0, 40),
      liked[0].prompt.slice(0, 30),
      percent(liked[0].reference, 0),
    );
    says(answer, disliked[0].response.slice(0, 40));
  });

  asks('Who loses most under plain DPO?', (answer) => {
    const { regret, worst } = plainDpo();
    assert.equal(worst, Math.max(...regret));
    says(answer, `${result.types[regret.indexOf(worst)].name}, by ${nats(worst)} nats`);
    result.types.forEach(({ name }, k) => { says(answer, `${name} ${regret[k].toFixed(worst < 10 ? 3 : worst < 100 ? 2 : 1)}`); }); // prettier-ignore
  });

  asks('Which policy is fairest?', (answer) => {
    const best = result.candidates.reduce((a, b) => (b.worst < a.worst ? b : a));
    assert.ok(answer.toLowerCase().startsWith(best.name.toLowerCase()), answer);
    says(answer, `${nats(best.worst)} nats`, `plain DPO ${nats(plainDpo().worst)}`);
    says(answer, `(mixture) ${nats(result.regret.value)}`);
  });

  asks('Should I believe it?', (answer) => {
    const [, good = '', bad = '', open = ''] =
      /(For it: .*?)?(Against it: .*?\.)(?: (Not looked at: .*))?$/.exec(answer)!;
    const verdict = (read('validation.json') as ValidationReport).verdicts.find(
      (v) => v.scope === 'finite-mixture' && v.types === result.types.length,
    )!.verdict;
    says(verdict === 'sufficient-generic' ? good : bad, 'theory');
    const same = result.starts.filter((s) => s.agreement! >= 0.95).length;
    says(2 * same >= result.starts.length ? good : bad, `${same} of ${result.starts.length} starts`);
    says(result.known!.accuracy >= 0.8 ? good : bad, percent(result.known!.accuracy, 0));
    if (result.alarms.length > 0) says(bad, `${result.alarms.length} alarm`);
    says(open, 'evaluate.bootstrap', 'evaluate.calibration');
  });
});
