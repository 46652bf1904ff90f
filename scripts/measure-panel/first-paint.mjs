/* global requestAnimationFrame */
// From a command in a real window to the frame that shows the run.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drive } from '../../test/window/driver.mjs';
import { openWindow } from '../../test/window/host.mjs';
import { pack } from '../../test/window/pack.mjs';
import { OPEN_BARE, packBareWebview } from './bare-webview.mjs';

const SHOW = 'EM-DPO: Show Results';
const PREVIEW = 'Markdown: Open Preview';

/** What the editor shows of its own, to tell how much of the time is its. */
const PEERS = {
  'a webview with one heading': OPEN_BARE,
  'VS Code’s Markdown preview of one line': PREVIEW,
};

/**
 * Opens each run, a webview with one heading and the preview of one-line.md in turns; the first round, in which
 * everything loads, does not count.
 *
 * @param runs run directories by what to call them
 * @param copy puts a run directory into the window's folder
 * @returns milliseconds by what was opened: from the command on, and of a run, from the start of its page to its
 *   script, from there to its data, and on to the frame that shows it
 */
export async function firstPaints(folder, runs, rounds, copy) {
  const place = path.join(folder, '.emdpo/runs/20260101-000000-run');
  const bare = await packBareWebview(path.join(folder, '../bare'));
  const window = await openWindow.server({ vsix: [process.env.EMDPO_VSIX ?? pack(), bare], folder });
  const found = Object.fromEntries(
    [...Object.keys(runs), ...Object.keys(PEERS)].map((what) => [
      what,
      { command: [], script: [], data: [], frame: [] },
    ]),
  );
  try {
    const w = drive(window.page);
    await window.page.locator('.monaco-workbench').waitFor();
    await w.openFile('one-line.md');
    for (let round = 0; round <= rounds; round++) {
      for (const [what, times] of Object.entries(found)) {
        if (what in runs) copy(runs[what], place);
        const taken = await opening(w, PEERS[what] ?? SHOW);
        if (round > 0)
          for (const [part, ms] of Object.entries(taken)) if (Number.isFinite(ms)) times[part].push(ms);
      }
    }
  } finally {
    await window.close();
  }
  return found;
}

async function opening(w, title) {
  const { page, quickInput, panel } = w;
  await page.keyboard.press('F1');
  await quickInput.locator('.quick-input-box input').fill(`>${title}`);
  await quickInput.locator('.monaco-list-row', { hasText: title }).first().waitFor();
  await sleep(500);
  const start = Date.now();
  await page.keyboard.press('Enter');
  await panel.locator('h1').waitFor();
  const times = await panel.locator('body').evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const { timeOrigin } = performance;
    const mark = (name) => performance.getEntriesByName(name).at(0)?.startTime;
    const paint = performance.getEntriesByName('first-contentful-paint').at(0);
    return {
      origin: timeOrigin,
      asked: mark('run asked for'),
      read: mark('run read'),
      shown: mark('run shown') ?? paint.startTime,
    };
  });
  await sleep(500);
  await w.command('View: Close Editor');
  await sleep(500);
  const { origin, asked, read, shown } = times;
  return { command: origin + shown - start, script: asked, data: read - asked, frame: shown - read };
}
