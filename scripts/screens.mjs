// Makes a picture of every tab in three themes, from the bundled sample: npm run screens writes docs/screens/.
/* global document */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { root } from './setup.mjs';

const MOST_BYTES = 3_000_000;
const folder = path.join(root, 'docs/screens');
const scratch = mkdtempSync(path.join(tmpdir(), 'emdpo-screens-'));
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
};

const places = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const known = [process.env.CHROMIUM, ...places.map((name) => `/usr/bin/${name}`)];
const executablePath = known.find((file) => file !== undefined && existsSync(file));
if (executablePath === undefined) {
  console.error('There is no Chromium on this machine. Install one, or set CHROMIUM to its path.');
  process.exit(1);
}
const run = path.join(scratch, 'run');
const emdpo = path.join(root, 'dist/emdpo.cjs');
const sample = ['train', 'media/sample/answers.jsonl', '--types', '3', '--bootstrap', '50'];
const trained = spawnSync(process.execPath, [emdpo, ...sample, '--run-dir', run], {
  cwd: root,
  encoding: 'utf8',
});
if (trained.status !== 0) {
  console.error(`The sample could not be trained. Build first: npm run build.\n${trained.stderr}`);
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
for (const old of readdirSync(folder)) rmSync(path.join(folder, old));
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const theme of ['light', 'dark', 'contrast']) {
    const page = await browser.newPage({
      viewport: { width: 960, height: 1000 },
      colorScheme: theme === 'light' ? 'light' : 'dark',
    });
    await page.goto(pathToFileURL(path.join(run, 'report.html')).href);
    await page.locator('h1').waitFor();
    if (theme === 'contrast')
      await page.evaluate((colours) => {
        for (const [name, value] of Object.entries(colours))
          document.body.style.setProperty(`--vscode-${name}`, value);
        document.body.className = 'vscode-high-contrast';
      }, CONTRAST);
    await shoot(page, 'in-short', theme);
    await page.locator('.in-short > summary').click();
    for (const tab of await page.locator('vscode-panel-tab').all()) {
      await tab.click();
      await shoot(page, (await tab.getAttribute('id')).replace('tab-', ''), theme);
    }
    await page.close();
  }
} finally {
  await browser.close();
  rmSync(scratch, { recursive: true, force: true });
}
const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
console.log(`${readdirSync(folder).length} pictures, ${(bytes / 1e6).toFixed(2)} MB`);
if (bytes > MOST_BYTES) {
  console.error('The pictures are more than 3 MB in all: make them smaller.');
  process.exitCode = 1;
}

async function shoot(page, name, theme) {
  await page.waitForTimeout(500); // charts draw when they learn their width
  await page.screenshot({ path: path.join(folder, `${name}-${theme}.png`) });
}
