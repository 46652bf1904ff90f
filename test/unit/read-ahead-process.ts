// Reads a text alone and with a helper that works, cannot start, ends at once, ends in the middle of its work or never
// does anything; prints whether both gave the same.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import assert from 'node:assert/strict';
import type * as threads from 'node:worker_threads';
import { canonicalLine } from '../../src/dataset/canonical-line';
import { AHEAD } from '../../src/dataset/scan/assembly/layout';
import { blockScanner } from '../../src/dataset/scan/scanner';
import { readInChunks } from './read-in-chunks';

const workers = createRequire(import.meta.url)('node:worker_threads') as { Worker: typeof threads.Worker };
const { Worker } = workers;
const INSTEAD: Record<string, string> = {
  'ends at once': 'process.exit(1)',
  'ends in the middle of its work': `
    const { module, memory } = require('node:worker_threads').workerData;
    const { take } = new WebAssembly.Instance(module, { env: { memory } }).exports;
    for (let slot = 0; ; slot = (slot + 1) % ${AHEAD}) if (take(slot)) process.exit(1);`,
  'is idle': 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
};
const helper = process.argv[2];
let started = false;
workers.Worker = class extends Worker {
  constructor(text: string, options: threads.WorkerOptions) {
    if (helper === 'cannot start') throw new Error('No thread may be started here.');
    super(INSTEAD[helper] ?? text, options);
    started = true;
  }
};
syncBuiltinESMExports();

const lines = Array.from({ length: 20_000 }, (_, r) =>
  canonicalLine({
    annotator: `annotator ${r % 700}`,
    prompt: `prompt ${r % 5000} “é”`,
    responses: [`one\n${r % 11}`, `two ${r % 7}`, `three ${r}`],
    ranking: r % 3 === 0 ? [2, [0, 1]] : [1],
  }),
);
const bytes = Buffer.from(lines.join('\n'));
const alone = await readInChunks(bytes, [bytes.length], blockScanner(Infinity));
const together = await readInChunks(bytes, [1 << 16, 99_999, 5000], blockScanner(0));
let same = true;
try {
  assert.deepEqual(together, alone);
} catch {
  same = false;
}
console.log(JSON.stringify({ same, started }));
