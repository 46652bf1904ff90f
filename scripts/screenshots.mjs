// Makes the pictures of the documentation: the sample, trained, in the window of a real VS Code with the package installed.
//   node scripts/screenshots.mjs      writes docs/images/{dark,light,contrast}.png
// EMDPO_VSIX=FILE shows this package instead of packing one.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { drive } from '../test/window/driver.mjs';
import { openWindow } from '../test/window/host.mjs';
import { pack } from '../test/window/pack.mjs';
import { root } from './vscode-host.mjs';

const THEMES = { dark: 'Dark Modern', light: 'Light Modern', contrast: 'Dark High Contrast' };
const images = path.join(root, 'docs/images');
const scratch = mkdtempSync(path.join(tmpdir(), 'emdpo-shots-'));
const folder = path.join(scratch, 'preferences');
mkdirSync(folder);
mkdirSync(images, { recursive: true });
const settings = {
  'editor.minimap.enabled': false,
  'window.commandCenter': false,
  'window.title': '${activeEditorShort}${separator}${rootName}',
};
const window = await openWindow.server({ vsix: process.env.EMDPO_VSIX ?? pack(), folder, settings });
try {
  const w = drive(window.page);
  await window.page.setViewportSize({ width: 1400, height: 900 });
  await window.page.locator('.monaco-workbench').waitFor();
  await w.command('EM-DPO: Create Sample Dataset');
  await window.page.locator('.tab.active', { hasText: 'answers.jsonl' }).waitFor();
  await w.command('EM-DPO: Train');
  await w.choose('3 types');
  await w.panel.locator('.state.finished').waitFor();
  await w.command('EM-DPO: Focus on Runs View');
  await w.panel.getByRole('tab', { name: 'Types' }).click();
  await w.notification(/Training answers is done/);
  await w.clearNotifications();
  // the tab from its top, so that nothing is cut
  await w.panel.getByRole('tablist').evaluate((tabs) => tabs.scrollIntoView({ block: 'start' }));
  for (const [name, theme] of Object.entries(THEMES)) {
    await w.theme(theme);
    await window.page.waitForTimeout(1000); // the panel draws its charts again
    await window.page.screenshot({ path: path.join(images, `${name}.png`) });
    console.log(`docs/images/${name}.png`);
  }
} finally {
  await window.close();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}
