// Prints what big datasets cost in a real window, with the extension and without it: typing in a file of 5 MB, and
// typing in a small file while one of 1 GB is validated from disk.
//   node scripts/measure-big-files.mjs [--rounds=N] [--megabytes=N] [--write]
// --write puts the table into docs/benchmarks.md. EMDPO_VSIX=FILE measures this package instead of packing one.
// The editor without the extension is the peer: both take turns, on the same file, with the same keys.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tsImport } from 'tsx/esm/api';
import { drive } from '../test/window/driver.mjs';
import { pack } from '../test/window/pack.mjs';
import { root } from './vscode-host.mjs';
import { openBrowser, startServer } from './vscode-host-server.mjs';

const { writeBigDataset } = await tsImport('../test/editor/big-dataset.ts', import.meta.url);
const { putSection } = await tsImport('../test/bench/reading/document.ts', import.meta.url);
const option = (name, otherwise) =>
  Number(process.argv.find((each) => each.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);
const rounds = option('rounds', 3);
const megabytes = option('megabytes', 1000);

const scratch = mkdtempSync(path.join(os.tmpdir(), 'emdpo-big-'));
const folder = path.join(scratch, 'data');
const probe = path.join(scratch, 'probe');
const heard = path.join(scratch, 'heard.jsonl');
mkdirSync(folder);
mkdirSync(probe);
writeProbe();

try {
  const vsix = process.env.EMDPO_VSIX ?? pack();
  await writeBigDataset(path.join(folder, 'five.jsonl'), 5e6, 400);
  await writeBigDataset(path.join(folder, 'small.jsonl'), 2e5, 400);
  await writeBigDataset(path.join(folder, 'big.jsonl'), megabytes * 1e6, 400);
  const figures = [];
  for (let round = 0; round < rounds; round++) {
    const measured = {};
    for (const which of round % 2 === 0 ? ['without', 'with'] : ['with', 'without']) {
      measured[which] = await measure(which === 'with' ? vsix : undefined);
      console.log(`round ${round + 1}, ${which} the extension: ${JSON.stringify(measured[which])}`);
    }
    figures.push(measured);
  }
  const lines = table(figures);
  console.log(lines.join('\n'));
  if (process.argv.includes('--write'))
    putSection(path.join(root, 'docs/benchmarks.md'), 'Big files in the editor', lines);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** One window: types in both files and listens to the extension host; with the extension, validates the big one too. */
async function measure(vsix) {
  writeFileSync(heard, '');
  const server = await startServer({ env: { EMDPO_PROBE: heard } });
  let browser;
  try {
    if (vsix) await server.installVsix(vsix);
    const opened = await openBrowser({ width: 1360, height: 860 });
    browser = opened.browser;
    const { page } = opened;
    const window = drive(page);
    await page.goto(server.url({ folder, extension: probe }));
    await window.ready();
    await page.evaluate(watchKeys);

    await window.openFile('five.jsonl');
    await window.goTo(100, 40);
    if (vsix) await page.locator('.codelens-decoration').first().waitFor({ state: 'attached' });
    await sleep(3000);
    const five = await type(window, { keys: 150 });

    await window.openFile('small.jsonl');
    await window.goTo(10, 40);
    await sleep(2000);
    return { five, small: vsix ? await validate(window) : await type(window, { keys: 100 }) };
  } finally {
    await browser?.close();
    await server.stop();
  }
}

/** Validates the big file while typing in the small one, then once more to cancel it. */
async function validate(window) {
  const { page } = window;
  const memory = { before: listened().rss };
  const start = performance.now();
  await askFor(window, 'big.jsonl');
  await window.notification(/Validating big/);
  let over;
  const done = page
    .locator('.notification-list-item', { hasText: /rankings of/ })
    .first()
    .waitFor({ timeout: 300_000 })
    .then(() => (over = performance.now()));
  await page.locator('.editor-group-container.active .view-lines').click();
  const from = statSync(heard).size;
  const typing = await type(window, { keys: 3000, goOn: () => over === undefined });
  await done;
  const seconds = (over - start) / 1000;
  memory.most = listened(from).rss;
  await window.clearNotifications();
  await sleep(3000);
  memory.after = JSON.parse(readFileSync(heard, 'utf8').trim().split('\n').at(-1)).rss / 2 ** 20;

  await askFor(window, 'big.jsonl');
  const running = await window.notification(/Validating big.* %/);
  await running.hover();
  const asked = performance.now();
  await running.locator('.monaco-button', { hasText: 'Cancel' }).click();
  await page.locator('.statusbar-item', { hasText: 'big.jsonl was cancelled' }).waitFor();
  return { ...typing, seconds, memory, cancelled: performance.now() - asked };
}

/** Validate Dataset in the context menu of the explorer. */
async function askFor({ page }, name) {
  const entry = (text) => page.locator('.monaco-menu .action-item', { hasText: text });
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).click({ button: 'right' });
  await entry('EM-DPO').hover();
  await entry(/^Validate Dataset$/).hover();
  await sleep(300); // a menu that has only just opened takes no click
  await entry(/^Validate Dataset$/).click();
}

/** Keys at the pace of a fast typist, with a rest long enough for a validation after every twentieth. */
async function type({ page }, { keys, goOn = () => true }) {
  await page.evaluate(() => (globalThis.latencies = []));
  const from = statSync(heard).size;
  for (let i = 0; i < keys && goOn(); i++) {
    await page.keyboard.press('abcdefghij'[i % 10]);
    await sleep(i % 20 === 19 ? 600 : 60);
  }
  await sleep(500);
  const latencies = await page.evaluate(() => globalThis.latencies);
  return { latency: spread(latencies), host: listened(from) };
}

function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) =>
    Number(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]?.toFixed(1));
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}

/** Since a place in the file: how late timers of the extension host were, how long its thread computed between two of
 * them (both in ms), and the memory of its process in MiB. */
function listened(from = 0) {
  const lines = readFileSync(heard, 'utf8')
    .slice(from)
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  return {
    late: spread(lines.flatMap((line) => line.late)),
    busy: spread(lines.flatMap((line) => line.busy)),
    rss: Math.max(...lines.map(({ rss }) => rss)) / 2 ** 20,
  };
}

/** Runs in the page: from the press of a key until the frame that shows it. */
function watchKeys() {
  globalThis.latencies = [];
  let pressed;
  globalThis.addEventListener(
    'keydown',
    (event) => {
      if (event.key.length === 1) pressed = event.timeStamp;
    },
    true,
  );
  new globalThis.MutationObserver((changes) => {
    if (
      pressed === undefined ||
      !changes.some(({ target }) => (target.closest ? target : target.parentElement)?.closest('.view-lines'))
    )
      return;
    const since = pressed;
    pressed = undefined;
    globalThis.requestAnimationFrame(() => {
      // after the frame's paint
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => globalThis.latencies.push(performance.now() - since);
      port2.postMessage(undefined);
    });
  }).observe(globalThis.document.body, { subtree: true, childList: true, characterData: true });
}

/** A second extension, in either window: how late the timers of the extension host are, and its memory. */
function writeProbe() {
  const manifest = {
    name: 'probe',
    publisher: 'em-dpo-lab',
    version: '0.0.1',
    engines: { vscode: '^1.100.0' },
    main: './main.cjs',
    activationEvents: ['*'],
    extensionKind: ['workspace'],
  };
  writeFileSync(path.join(probe, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(probe, 'main.cjs'), `exports.activate = ${listen.toString()};`);
}

/** Runs inside the extension host; everything it needs is inside it. */
function listen() {
  const fs = require('node:fs');
  const TICK = 4;
  let late = [];
  let busy = [];
  let due = performance.now() + TICK;
  // processor time of this thread alone, in ms: a machine that is busy otherwise does not add to it
  const computed = () =>
    Number(fs.readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
  let before = computed();
  const tick = () => {
    const now = performance.now();
    late.push(Math.max(0, now - due));
    const after = computed();
    busy.push(after - before);
    before = after;
    due = now + TICK;
    setTimeout(tick, TICK);
  };
  tick();
  setInterval(() => {
    const line = JSON.stringify({ late, busy, rss: process.memoryUsage.rss() });
    fs.appendFile(process.env.EMDPO_PROBE, `${line}\n`, () => undefined);
    late = [];
    busy = [];
  }, 100);
}

/** @param figures for each round, what was measured with the extension and without */
function table(figures) {
  const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const of = (which, pick) => median(figures.map((round) => pick(round[which])));
  const row = (what, pick) => {
    const ratio = median(figures.map((round) => pick(round.with) / pick(round.without)));
    const cells = [of('without', pick).toFixed(0), of('with', pick).toFixed(0), ratio.toFixed(2)];
    return `| ${what} | ${cells.join(' | ')} |`;
  };
  const big = (pick) => of('with', ({ small }) => pick(small)).toFixed(0);
  return [
    `From a key to the frame that shows it, and how late the timers of the extension host are, in milliseconds; medians of ${rounds} rounds.`,
    'VS Code without the extension is the peer. The keys come every 60 ms, with a rest after every twentieth.',
    `While typing in the small file, the extension validates a file of ${megabytes} MB from disk; the peer does nothing.`,
    `Machine: ${os.cpus().length} cores, ${os.cpus()[0].model.split(' ').slice(0, 2).join(' ')}, Node.js ${process.versions.node}; window, server, extension host and worker share it.`,
    '',
    '| | without | with | ÷ |',
    '|---|---|---|---|',
    row('5 MB: key to frame, median', ({ five }) => five.latency.median),
    row('5 MB: key to frame, 95 %', ({ five }) => five.latency.p95),
    row('5 MB: extension host late, longest', ({ five }) => five.host.late.max),
    row('5 MB: extension host computing, longest', ({ five }) => five.host.busy.max),
    row('small file: key to frame, median', ({ small }) => small.latency.median),
    row('small file: key to frame, 95 %', ({ small }) => small.latency.p95),
    row('small file: extension host late, longest', ({ small }) => small.host.late.max),
    row('small file: extension host computing, longest', ({ small }) => small.host.busy.max),
    '',
    `The file of ${megabytes} MB took ${big(({ seconds }) => seconds)} s in the editor, typing included. Cancel was acknowledged after ${big(({ cancelled }) => cancelled)} ms.`,
    `Memory of the extension host's process before, at most and 3 s after: ${big(({ memory }) => memory.before)}, ${big(({ memory }) => memory.most)} and ${big(({ memory }) => memory.after)} MiB.`,
  ];
}
