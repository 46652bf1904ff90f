// Prints what big datasets cost in a real window, with the extension and without it: typing in a file of 5 MB, and
// typing in a small file while one of 1 GB is validated from disk.
//   node scripts/measure-big-files.mjs [--rounds=N] [--megabytes=N] [--write]
// The editor with the extension switched off is the peer: both take turns, on the same file, with the same keys.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeBigDataset } from '../test/editor/big-dataset.mjs';
import { drive } from '../test/window/driver.mjs';
import { until } from '../test/window/until.mjs';
import { root } from './vscode-host.mjs';
import { openBrowser, startServer } from './vscode-host-server.mjs';

const option = (name, otherwise) =>
  Number(process.argv.find((each) => each.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);
const rounds = option('rounds', 3);
const megabytes = option('megabytes', 1000);

/** Runs inside the extension host, beside the extension: how late its timers are, and its memory. */
function probe() {
  const fs = require('node:fs');
  const TICK = 5;
  let file = '';
  let late = [];
  let expected = performance.now() + TICK;
  const tick = () => {
    const now = performance.now();
    late.push(Math.max(0, now - expected));
    expected = now + TICK;
    setTimeout(tick, TICK);
  };
  exports.activate = () => {
    file = process.env.EMDPO_PROBE;
    tick();
    setInterval(() => {
      const { rss, heapUsed, external } = process.memoryUsage();
      fs.appendFileSync(file, JSON.stringify({ late, rss, heapUsed, external }) + '\n');
      late = [];
    }, 100);
  };
}
