// Prints how long the extension takes to activate in a real extension host, and which files it opens on its own.
//   node scripts/measure-activation.mjs [RUNS]     exit code 1 when the fastest run takes over 50 ms, or a file was opened
// The fastest counts because whatever else the machine does can only add; the processor's time is printed beside.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runInServer } from '../test/editor/host-server.mjs';
import { root } from './vscode-host.mjs';

const LIMIT_MS = 50;
const runs = Number(process.argv[2] ?? 5);

/** Runs inside the extension host; everything it needs is inside it. */
async function measure() {
  const fs = require('node:fs');
  const promises = require('node:fs/promises');
  const vscode = require('vscode');
  const opened = [];
  const watch = (module, names) => {
    for (const name of names) {
      const original = module[name];
      module[name] = function (file, ...rest) {
        // the extension host opens files too
        if (new Error().stack.includes('extension.cjs')) opened.push(String(file));
        return original.call(this, file, ...rest);
      };
    }
  };
  const extension = vscode.extensions.getExtension('em-dpo-lab.em-dpo-lab');
  if (extension.isActive) throw new Error('The extension was active before anything asked for it.');
  watch(fs, ['open', 'openSync', 'readFile', 'readFileSync', 'createReadStream', 'createWriteStream']);
  watch(promises, ['open', 'readFile', 'writeFile']);
  const before = process.cpuUsage();
  const start = performance.now();
  await extension.activate();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  fs.writeFileSync(
    process.env.EMDPO_TEST_RESULT,
    JSON.stringify({ ms, cpu: (user + system) / 1000, opened }),
  );
}

const scratch = mkdtempSync(path.join(tmpdir(), 'emdpo-activation-'));
const tests = path.join(scratch, 'measure.cjs');
const folder = path.join(scratch, 'empty');
const result = path.join(scratch, 'result.json');
mkdirSync(folder);
writeFileSync(tests, `exports.run = ${measure.toString()};`);
const times = [];
const files = new Set();
try {
  for (let i = 0; i < runs; i++) {
    rmSync(result, { force: true });
    const ended = await runInServer({ extension: root, tests, folder, env: { EMDPO_TEST_RESULT: result } });
    let measured;
    try {
      measured = JSON.parse(readFileSync(result, 'utf8'));
    } catch {
      throw new Error(`The extension host left no result: ${ended}`);
    }
    times.push(measured.ms);
    measured.opened.forEach((file) => files.add(file));
    console.log(`activation ${i + 1}: ${measured.ms.toFixed(1)} ms, processor ${measured.cpu.toFixed(1)} ms`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
times.sort((a, b) => a - b);
const [fastest] = times;
const median = times[Math.floor(times.length / 2)];
console.log(`fastest ${fastest.toFixed(1)} ms of at most ${LIMIT_MS}, median ${median.toFixed(1)} ms`);
console.log(`files opened: ${[...files].join(', ') || 'none'}`);
process.exitCode = fastest > LIMIT_MS || files.size > 0 ? 1 : 0;
