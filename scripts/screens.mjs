// Makes a picture of every tab in three themes, and of each in a narrow panel: npm run screens writes docs/screens/.
/* global document */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { root } from './setup.mjs';
import { openBrowser } from './vscode-host-server.mjs';

const MOST_BYTES = 5_000_000;
/** Of a tab, from its top; in CSS pixels. */
const MOST_HEIGHT = 1500;
const WIDE = 960;
const NARROW = 400;
/** What “Dark High Contrast” gives the panel. */
const CONTRAST = {
  foreground: '#fff',
  descriptionForeground: '#fff',
  'editor-background': '#000',
  'editorWidget-background': '#000',
  'editorWidget-border': '#6fc3df',
  'panel-border': '#6fc3df',
  contrastBorder: '#6fc3df',
  focusBorder: '#f38518',
  'textLink-foreground': '#21a6ff',
  'badge-background': '#000',
  'badge-foreground': '#fff',
  'button-secondaryBackground': '#000',
  'button-secondaryForeground': '#fff',
  'dropdown-background': '#000',
  'dropdown-foreground': '#fff',
  'dropdown-border': '#6fc3df',
  'panelTitle-activeBorder': '#6fc3df',
  'panelTitle-activeForeground': '#fff',
  'panelTitle-inactiveForeground': '#fff',
  'editorWarning-foreground': '#ffd370',
  'editorError-foreground': '#f48771',
};
const folder = path.join(root, 'docs/screens');
const scratch = mkdtempSync(path.join(tmpdir(), 'emdpo-screens-'));
const [run, other] = ['answers', 'two-types'].map((name) => path.join(scratch, name));
const report = path.join(scratch, 'report.html');
try {
  const sample = path.join(root, 'media/sample/answers.jsonl');
  emdpo('train', sample, '--types', '3', '--bootstrap', '50', '--run-dir', run);
  emdpo('train', sample, '--types', '2', '--name', 'two-types', '--run-dir', other);
  emdpo('compare', run, other, '--report', report);
  // the pictures are of no one's machine
  const anywhere = readFileSync(report, 'utf8')
    .replaceAll(scratch, '/home/ada/preferences/.emdpo/runs')
    .replaceAll(path.join(root, 'media/sample'), '/home/ada/preferences');
  writeFileSync(report, anywhere);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { browser } = await openBrowser();
  try {
    for (const theme of ['light', 'dark', 'contrast']) await shoot(browser, theme, WIDE);
    await shoot(browser, 'light', NARROW);
  } finally {
    await browser.close();
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
console.log(`${readdirSync(folder).length} pictures, ${(bytes / 1e6).toFixed(2)} MB`);
if (bytes > MOST_BYTES) {
  console.error(`The pictures are more than ${MOST_BYTES / 1e6} MB in all: make them smaller.`);
  process.exitCode = 1;
}

function emdpo(...args) {
  const command = [path.join(root, 'dist/emdpo.cjs'), ...args];
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`emdpo ${args[0]} failed. Build first: npm run build.\n${stderr}`);
}

/** Every tab in one theme at one width. */
async function shoot(browser, theme, width) {
  const page = await browser.newPage({
    viewport: { width, height: 1000 },
    colorScheme: theme === 'light' ? 'light' : 'dark',
    reducedMotion: 'reduce',
  });
  await page.goto(pathToFileURL(report).href);
  await page.locator('h1').waitFor();
  if (theme === 'contrast')
    await page.evaluate((colours) => {
      for (const [name, value] of Object.entries(colours))
        document.body.style.setProperty(`--vscode-${name}`, value);
      document.body.className = 'vscode-high-contrast';
    }, CONTRAST);
  const take = async (name, most = MOST_HEIGHT) => {
    await page.waitForTimeout(800); // charts draw when they learn their width
    const height = Math.min(await page.evaluate(() => document.body.scrollHeight), most);
    const suffix = width === WIDE ? theme : 'narrow';
    const file = path.join(folder, `${name}-${suffix}.png`);
    await page.screenshot({ path: file, clip: { x: 0, y: 0, width, height }, fullPage: true });
  };
  const inShort = page.locator('.in-short');
  const { y, height } = await inShort.boundingBox();
  await take('in-short', Math.ceil(y + height) + 12);
  await inShort.locator('> summary').click();
  for (const tab of await page.locator('vscode-panel-tab').all()) {
    await tab.click();
    await take((await tab.getAttribute('id')).replace('tab-', ''));
  }
  await page.close();
}
