// Measures the panel: its size, the first paint of finished runs in a real window, memory and layout over two hours of
// events, and scrolling through 10,000 annotators.
//   node scripts/measure-panel.mjs [--rounds=N] [--write]      build first; --write puts it into docs/benchmarks.md
// EMDPO_VSIX=FILE measures this package instead of packing one.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { tsImport } from 'tsx/esm/api';
import { openBrowser } from './vscode-host-server.mjs';
import { firstPaints } from './measure-panel/first-paint.mjs';
import { liveEvents } from './measure-panel/live-events.mjs';
import { scrolling } from './measure-panel/scrolling.mjs';
import { root } from './setup.mjs';

const { putSection } = await tsImport('../test/bench/reading/document.ts', import.meta.url);
const asked = process.argv.find((each) => each.startsWith('--rounds='))?.slice(9);
const rounds = Number(asked ?? 5);
const scratch = mkdtempSync(path.join(os.tmpdir(), 'emdpo-panel-'));
const emdpo = path.join(root, 'dist/emdpo.cjs');
try {
  const sample = path.join(scratch, 'sample');
  const crowd = path.join(scratch, 'crowd');
  const dataset = path.join(scratch, 'crowd.jsonl');
  run('train', path.join(root, 'media/sample/answers.jsonl'), '--types', '3', '--run-dir', sample);
  const people = ['--annotators', '10000', '--prompts', '200', '--records', '6', '--scale', '2'];
  run('simulate', '--types', '3', ...people, '--out', dataset);
  run('train', dataset, '--types', '3', '--starts', '4', '--run-dir', crowd);
  const folder = path.join(scratch, 'window');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'one-line.md'), '# One line\n');
  const shown = { 'the sample, 192 annotators': sample, '10,000 annotators': crowd };

  const before = os.loadavg()[0];
  const paints = await firstPaints(folder, shown, rounds, (from, to) => {
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true });
  });
  const { browser } = await openBrowser();
  const memory = [];
  let frames;
  try {
    for (const width of [1100, 420]) memory.push(await liveEvents(browser, sample, width));
    frames = await scrolling(browser, path.join(crowd, 'report.html'));
  } finally {
    await browser.close();
  }
  const lines = document({ paints, memory, frames, loads: [before, os.loadavg()[0]] });
  console.log(lines.join('\n'));
  if (process.argv.includes('--write'))
    putSection(path.join(root, 'docs/benchmarks.md'), 'The results panel', lines);
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}

function run(...args) {
  const { status, stderr } = spawnSync(process.execPath, [emdpo, ...args], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`emdpo ${args[0]} failed. Build first: npm run build.\n${stderr}`);
}

function document({ paints, memory, frames, loads }) {
  const size = (statSync(path.join(root, 'dist/panel.js')).size / 1000).toFixed(0);
  const range = (values) =>
    `${middle(values).toFixed(0)} (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)})`;
  return [
    `The panel’s script has ${size} kB. Command: \`node scripts/measure-panel.mjs --write\`.`,
    `Machine: ${os.cpus().length} cores, ${os.cpus()[0].model.replace(/ Processor.*/, '')}, Node.js ${process.versions.node}; load average ${loads.map((load) => load.toFixed(1)).join(' before and ')} after.`,
    '',
    `First paint of a finished run in VS Code’s web workbench, in milliseconds: medians of ${rounds} openings and their range. In turns with them open the least webview that an extension can have and VS Code’s own Markdown preview of one line: what they take is the editor’s. The last three columns are parts of the first: from the start of the page until its script has run, until the run is there, and until the frame that shows it.`,
    '',
    '| what opens | from the command on | script | data | frame |',
    '| --- | --- | --- | --- | --- |',
    ...Object.entries(paints).map(
      ([what, times]) =>
        `| ${what} | ${['command', 'script', 'data', 'frame'].map((part) => (times[part].length > 0 ? range(times[part]) : '')).join(' | ')} |`,
    ),
    '',
    'Two hours of a run that writes five events a second, as fast as the panel takes them; heap after collecting garbage. Layout shift is the browser’s own measure, which counts to 0.1 as good.',
    '',
    '| width | heap after 10 min | after 1 h | after 2 h | slope over the second hour | elements | layout shift |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...memory.map(
      ({ width, heaps, slope, elements, shift }) =>
        `| ${width} px | ${heaps.map((heap) => `${heap.toFixed(1)} MB`).join(' | ')} | ${slope.toFixed(2)} MB/h | ${elements} | ${shift.toFixed(3)} |`,
    ),
    '',
    `Moving through a run of 10,000 annotators and 200 prompts, ${frames.each} frames each, in a browser that shows at most 60 frames a second and draws without a graphics card. The four times are the processor’s for one frame, and a frame has 16.7 ms. The first three are one after the other in the page’s own thread; the pixels are drawn by other threads, here without the graphics card that does it elsewhere:`,
    '',
    '| what moves | frames a second | 95 % of frames within | script | style and layout | what to paint | pixels |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...frames.rows.map(
      ({ what, rate, p95, ...times }) =>
        `| ${what} | ${rate.toFixed(1)} | ${p95.toFixed(1)} ms | ${['script', 'layout', 'paint', 'raster'].map((part) => `${times[part].toFixed(1)} ms`).join(' | ')} |`,
    ),
  ];
}

function middle(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
