/** What the tests of the panel's pages share: a browser, the panel's bundle, and a person's first steps. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { ReportAssets } from '../../src/run/report';
import { bundlePanel, openBrowser } from './panel-page';

let browser: Browser | undefined;
/** The panel as scripts/build.mjs bundles it; there when the tests run. */
export let assets: ReportAssets;

before(async () => {
  assets = await bundlePanel();
  browser = await openBrowser();
});
after(() => browser?.close());

/** A test that needs the browser. */
export function shown(name: string, body: (browser: Browser) => Promise<void>): void {
  test(name, async (t) => {
    if (browser) await body(browser);
    else t.skip('no Chromium on this machine: install one, or set CHROMIUM to its path');
  });
}

/** Tabs of a report on one run. */
export const tabs = ['data', 'training', 'types', 'regret', 'try'];

/** What the person sees of the open tab. */
export const text = async (page: Page) => (await page.locator('main').innerText()).replace(/\s+/g, ' ');

export async function openTab(page: Page, tab: string): Promise<void> {
  await page.locator(`#tab-${tab}`).click();
  await page.locator(`.tab.${tab} section, .tab.${tab} .empty`).first().waitFor();
}

/** The rules of axe-core that another theme can break: the rest of the page is the same in each. */
export const COLOURS = ['color-contrast', 'link-in-text-block'];

/** What is in order is not described, which takes longer than to look at it. */
const QUICK = { resultTypes: ['violations'] };

/**
 * Opens each tab and what is folded away on it, and has axe-core look at the page.
 *
 * @param rules of axe-core; all when absent
 */
export async function assertAccessible(page: Page, which = tabs, rules?: readonly string[]): Promise<void> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  for (const tab of which) {
    await openTab(page, tab);
    const folded = page.locator(`.tab.${tab} details:not([open]) > summary`);
    while ((await folded.count()) > 0) await folded.first().click();
    const options = { ...QUICK, ...(rules && { runOnly: { type: 'rule', values: rules } }) };
    const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`);
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

/** Gives the page the colours of “Dark High Contrast”, as the editor would. */
export async function inHighContrast(page: Page): Promise<void> {
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
}
