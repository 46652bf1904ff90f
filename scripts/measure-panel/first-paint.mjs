/* global document, requestAnimationFrame */
// From a command in a real window to the frame that shows the run.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drive } from '../../test/window/driver.mjs';
import { openWindow } from '../../test/window/host.mjs';
import { pack } from '../../test/window/pack.mjs';

const SHOW = 'EM-DPO: Show Results';
const PREVIEW = 'Markdown: Open Preview';

/**
 * Opens each run and the preview of one-line.md in turns; the first round, in which everything loads, does not count.
 *
 * @param runs run directories by what to call them
 * @param copy puts a run directory into the window's folder
 * @returns milliseconds by what was opened
 */
export async function firstPaints(folder, runs, rounds, copy) {
  const place = path.join(folder, '.emdpo/runs/20260101-000000-run');
  const window = await openWindow.server({ vsix: process.env.EMDPO_VSIX ?? pack(), folder });
  const preview = 'VS Code’s Markdown preview';
  const found = Object.fromEntries(
    [...Object.keys(runs), preview].map((what) => [what, { command: [], page: [] }]),
  );
  try {
    const w = drive(window.page);
    await window.page.locator('.monaco-workbench').waitFor();
    await w.openFile('one-line.md');
    for (let round = 0; round <= rounds; round++) {
      for (const what of Object.keys(found)) {
        if (what !== preview) copy(runs[what], place);
        const { command, page } = await opening(w, what === preview ? PREVIEW : SHOW);
        if (round === 0) continue;
        found[what].command.push(command);
        if (what !== preview) found[what].page.push(page);
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
    const mark = performance.getEntriesByName('run shown').at(0);
    const paint = performance.getEntriesByName('first-contentful-paint').at(0);
    const request = performance.getEntriesByType('resource').at(0);
    return {
      shown: timeOrigin + (mark ?? paint).startTime,
      asked: timeOrigin + request.startTime,
      title: document.title,
    };
  });
  await sleep(500);
  await w.command('View: Close Editor');
  await sleep(500);
  return { command: times.shown - start, page: times.shown - times.asked };
}
