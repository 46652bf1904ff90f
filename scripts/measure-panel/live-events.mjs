/* global document, window */
// Two hours of events into the panel as the editor shows it: memory, elements and layout shift.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup.mjs';

const EVENTS_A_SECOND = 5;
const TOTAL = 2 * 3600 * EVENTS_A_SECOND;
const STEPS = 24;

/** @returns heap in MB after 10 minutes, 1 hour and 2 hours, and its slope over the second hour in MB an hour; elements at the end; layout shift of all events */
export async function liveEvents(browser, run, width) {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  const html = readFileSync(path.join(run, 'report.html'), 'utf8');
  const snapshot = JSON.parse(/id="snapshot">(.*?)<\/script>/s.exec(html)[1]);
  const running = { ...snapshot, state: 'running', result: undefined, posterior: undefined, events: [] };
  await page.setContent(
    '<!DOCTYPE html><html data-run="/runs/one" data-trusted="true"><body class="vscode-dark"></body></html>',
  );
  await page.evaluate((data) => {
    window.acquireVsCodeApi = () => ({
      postMessage: ({ id }) => window.postMessage({ kind: 'reply', id, ok: data }, '*'),
      getState: () => undefined,
      setState: () => undefined,
    });
  }, running);
  await page.addStyleTag({ path: path.join(root, 'dist/panel.css') });
  await page.addScriptTag({ path: path.join(root, 'dist/panel.js') });
  await page.locator('#tab-training').click();
  await page.waitForTimeout(1000); // what moves within half a second of a click is the click's
  await page.evaluate(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: 'layout-shift' });
  });
  const session = await page.context().newCDPSession(page);
  const heaps = [];
  let seen;
  for (let step = 0; step < STEPS; step++) {
    await page.evaluate(push, [(step * TOTAL) / STEPS, ((step + 1) * TOTAL) / STEPS, TOTAL]);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    heaps.push(usedSize / 1e6);
    seen = await page.evaluate(() => ({
      elements: document.querySelectorAll('*').length,
      shift: window.shift,
    }));
  }
  await page.close();
  const after = (minutes) => heaps[(minutes * STEPS) / 120 - 1];
  return { width, heaps: [10, 60, 120].map(after), slope: slope(heaps.slice(STEPS / 2)), ...seen };
}

/** Of the line of least squares through heaps at even times, in MB an hour. */
function slope(heaps) {
  const middle = (heaps.length - 1) / 2;
  const over = (f) => heaps.reduce((sum, heap, i) => sum + f(i - middle, heap), 0);
  return (over((at, heap) => at * heap) / over((at) => at * at)) * (STEPS / 2);
}

/** Runs in the page. First the fit of one type, then eight starts with three, with what else a run tells. */
async function push([from, to, total]) {
  const eventAt = (i) => {
    const time = new Date(Date.UTC(2026, 0, 1) + i * 200).toISOString();
    if (i === 0) return { time, type: 'phase', phase: 'fitting', title: 'Fitting annotator types' };
    if (i % 1000 === 500)
      return { time, type: 'warning', code: 'data/duplicate-record', message: 'One more.' };
    if (i % 20 === 10) {
      const secondsLeft = (total - i) / 5;
      return { time, type: 'progress', phase: 'fitting', done: i, total, secondsLeft };
    }
    const iteration = Math.floor(i / 8) + 1;
    const swing = 0.1 * Math.sin(iteration / 50);
    const logLikelihood = -1400 + 70 * (1 - Math.exp(-iteration / 300));
    const fit =
      i < 200
        ? { types: 1, start: 0, shares: [1], effectiveTypes: 1 }
        : { types: 3, start: i % 8, shares: [0.5 + swing, 0.3, 0.2 - swing], effectiveTypes: 2.8 };
    return { time, type: 'em', iteration, logLikelihood, objective: logLikelihood - 10, ...fit };
  };
  for (let i = from; i < to; i += 50) {
    const events = Array.from({ length: Math.min(50, to - i) }, (_, n) => eventAt(i + n));
    window.postMessage({ kind: 'events', events }, '*');
    await new Promise((resolve) => setTimeout(resolve));
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
}
