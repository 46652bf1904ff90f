/** Every heading of every table tells its meaning, and where more stands. */
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { PanelSnapshot } from '../../src/protocol/panel';
import type { BootstrapSummary, Interval } from '../../src/protocol/stability';
import { compared, comparisonOf, own } from './compare-fixture';
import { finishedRun } from './fixture';
import { languageRun } from './language-fixture';
import { newPage, writeReport } from './panel-page';
import { assets, openTab, shown } from './panel-test';

interface Heading {
  readonly title: string;
  /** What its definition says; empty where it has none. */
  readonly says: string;
}

/** In the page: all that is folded is opened, and each heading is reached as with the Tab key. */
async function headings(page: Page): Promise<Heading[]> {
  // back to an iteration at which somebody moved
  const back = page.locator('.tab:not([hidden]) .look-back input');
  if (await back.isVisible()) await back.fill('2');
  await page.evaluate(
    "for (const each of document.querySelectorAll('.tab details')) each.open = true; new Promise((done) => setTimeout(done, 100))",
  );
  return page.evaluate<Heading[]>(`[...document.querySelectorAll('thead th, [role=columnheader]')]
    .filter((heading) => heading.checkVisibility({ visibilityProperty: true }))
    .map((heading) => {
      const term = heading.querySelector('button.term');
      term?.focus();
      const tip = document.querySelector('[role=tooltip]');
      const says = term && tip && term.getAttribute('aria-describedby') === tip.id ? tip.textContent : '';
      term?.blur();
      return { title: heading.textContent, says };
    })`);
}

describe('report.html', () => {
  for (const [what, snapshot, tabs, least] of [
    ['a run', everything(), ['data', 'training', 'types', 'regret', 'try'], 80],
    ['language models', languageRun(), ['training', 'regret'], 40],
    ['a comparison', comparison(), ['compare'], 15],
  ] as const) {
    shown(`every heading of every table of ${what} has a definition`, async (browser) => {
      const { page, complaints } = await newPage(browser);
      await page.goto(writeReport(snapshot, assets));
      let count = 0;
      for (const tab of tabs) {
        await openTab(page, tab);
        const found = await headings(page);
        const without = found.filter(({ says }) => !/.{20}More: docs\/[a-z-]+\.md$/s.test(says));
        assert.deepEqual(without, [], tab);
        count += found.length;
      }
      assert.ok(count >= least, `${count} headings`);
      assert.deepEqual(complaints, []);
      await page.close();
    });
  }
});

/** A run with all that an experiment can ask for that tables show. */
function everything(): PanelSnapshot {
  const run = finishedRun();
  const bin = { from: 0.5, to: 0.75, predictions: 40, stated: 0.6, observed: 0.55 };
  const result = run.result!;
  const names = result.types.map(({ name }) => name);
  const around = (value: number): Interval => [value * 0.9, value * 1.1];
  const bootstrap: BootstrapSummary = {
    ...{ replicates: 50, level: 0.9, matching: 'optimal' },
    shares: result.types.map(({ share }) => around(share)),
    coefficients: result.types.map(({ coefficients = [] }) =>
      coefficients.map(({ name, value }) => ({ name, interval: around(value) })),
    ),
    regret: result.regret.matrix.map((row) => row.map(around)),
    weights: result.regret.weights.map(around),
    value: around(result.regret.value),
    candidates: result.candidates.map(({ name, worst }) => ({ name, worst: around(worst) })),
    switching: {
      ...{ mean: 0.1, count: 1, often: 0.3 },
      annotators: [{ annotator: 'annotator-001', type: 0, to: 1, share: 0.4 }],
    },
    lost: names.map(() => 0.02),
  };
  return {
    ...run,
    result: {
      ...result,
      selection: result.selection.map((row) => ({
        ...row,
        ...{
          bic: 1,
          icl: 2,
          heldOut: -3,
          heldOutStandardError: 4,
          behindBest: 5,
          behindBestStandardError: 6,
        },
      })),
      attribute: {
        name: 'Team',
        values: ['a', 'b', 'c'],
        adjustedRand: 0,
        confusion: result.known!.confusion,
        untold: 0,
      },
      stability: {
        bootstrap,
        calibration: {
          ...{ annotators: 40, unsplit: 1, tied: 2, predictions: 40, stated: 0.6, observed: 0.55 },
          ...{ expectedError: 0.05, errorByChance: 0.04, bins: [bin] },
        },
      },
      baselines: (['em-min-max', 'plain-dpo'] as const).map((kind) => ({
        ...{ name: kind, kind, regret: [1, 2, 3], worst: 3, worstInterval: [2, 4] as const },
        also: [{ yardstick: 'fitted' as const, regret: [1, 2, 3], worst: 3 }],
        ...{ heldOutLogLikelihood: -9, accuracy: names.map(() => 0.6), adjustedRand: 0.9 },
      })),
      comparison: { yardstick: 'known', types: names, groups: names, heldOutRecords: 9, notes: [] },
    },
  };
}

function comparison(): PanelSnapshot {
  const [first, second, third] = compared;
  return {
    ...own,
    comparison: comparisonOf(
      [first, second, third].map(({ directory }) => directory),
      first.directory,
    ),
  };
}
