/* global axe, document */
// axe-core in a real window.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What another theme can break: the rest of a page is the same in each. */
export const COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * Opens each tab of the panel in front and what is folded away on it, and has axe-core look at the page.
 *
 * @param rules of axe-core; all when absent
 */
export async function assertAccessible(panel, rules) {
  const body = await panel.locator('body').elementHandle();
  const frame = await body.ownerFrame();
  await frame.evaluate(source);
  const tabs = await panel.locator('vscode-panel-tab').all();
  for (const tab of tabs) {
    await tab.click();
    const id = (await tab.getAttribute('id')).replace('tab-', '');
    await panel.locator(`.tab.${id} section >> visible=true`).first().waitFor();
    const folded = panel.locator(`.tab.${id} details:not([open]) > summary`);
    while ((await folded.count()) > 0) await folded.first().click();
    const found = await frame.evaluate(async (values) => {
      // what is in order is not described, which takes longer than to look at it
      const options = { resultTypes: ['violations'] };
      if (values) options.runOnly = { type: 'rule', values };
      const { violations } = await axe.run(document, options);
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id: rule, nodes }) => `${rule}: ${nodes.map(({ html }) => html).join('\n')}`);
    }, rules);
    assert.deepEqual(found, [], id);
  }
  return `${tabs.length} tabs`;
}
