// Measures the panel in Chromium: its size, the first paint of a finished run, and memory over two hours of events.
//   node scripts/measure-panel.mjs RUN     RUN is a run directory with a result; build first
/* global MutationObserver, document, requestAnimationFrame, window */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { root } from './setup.mjs';

const run = process.argv[2];
if (run === undefined) {
  console.error('Name the directory of a finished run: node scripts/measure-panel.mjs RUN');
  process.exit(2);
}
const HOURS = 2;
const EVENTS_A_SECOND = 5;
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const args = ['--no-sandbox', '--disable-gpu', '--js-flags=--expose-gc', '--enable-precise-memory-info'];
const browser = await chromium.launch({ executablePath, args });
try {
  console.log(`panel.js ${(statSync(path.join(root, 'dist/panel.js')).size / 1000).toFixed(0)} kB`);
  const times = [];
  for (let repeat = 0; repeat < 5; repeat++) times.push(await firstPaint());
  times.sort((a, b) => a - b);
  console.log(
    `first paint of the run ${times[2].toFixed(0)} ms (${times[0].toFixed(0)} to ${times[4].toFixed(0)}, 5 openings)`,
  );
  await memory();
} finally {
  await browser.close();
}

/** From the page's start to the first frame that shows the run. */
async function firstPaint() {
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector('main h1')) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => (window.painted = performance.now())));
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(pathToFileURL(path.join(run, 'report.html')).href);
  await page.waitForFunction(() => window.painted !== undefined);
  const painted = await page.evaluate(() => window.painted);
  await page.close();
  return painted;
}

/** Events of two hours, as fast as the page takes them, into the panel as the editor shows it. */
async function memory() {
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
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
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: 'layout-shift' });
  }, running);
  await page.addStyleTag({ path: path.join(root, 'dist/panel.css') });
  await page.addScriptTag({ path: path.join(root, 'dist/panel.js') });
  await page.locator('#tab-training').click();
  const total = HOURS * 3600 * EVENTS_A_SECOND;
  for (let done = 0; done < total;) {
    const next = Math.min(done + total / 12, total);
    await page.evaluate(
      async ([from, to]) => {
        for (let i = from; i < to; i += 50) {
          const events = Array.from({ length: Math.min(50, to - i) }, (_, n) => {
            const iteration = Math.floor((i + n) / 8) + 1;
            const shares = [0.5 + 0.1 * Math.sin(iteration / 50), 0.3, 0.2 - 0.1 * Math.sin(iteration / 50)];
            const logLikelihood = -1400 + 70 * (1 - Math.exp(-iteration / 300));
            const time = new Date(Date.UTC(2026, 0, 1) + (i + n) * 200).toISOString();
            const about = { time, type: 'em', types: 3, start: (i + n) % 8, iteration };
            return { ...about, logLikelihood, objective: logLikelihood - 10, shares, effectiveTypes: 2.8 };
          });
          window.postMessage({ kind: 'events', events }, '*');
          await new Promise((resolve) => setTimeout(resolve));
        }
        await new Promise((resolve) => setTimeout(resolve, 300));
        window.gc();
      },
      [done, next],
    );
    done = next;
    const { bytes, nodes, shift } = await page.evaluate(() => ({
      bytes: performance.memory.usedJSHeapSize,
      nodes: document.querySelectorAll('*').length,
      shift: window.shift,
    }));
    const minutes = Math.round(done / EVENTS_A_SECOND / 60);
    console.log(
      `${String(minutes).padStart(3)} min of events: heap ${(bytes / 1e6).toFixed(1)} MB, ${nodes} elements, layout shift ${shift.toFixed(4)}`,
    );
  }
  await page.close();
}
