import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { plainKernel } from '../../src/compute/kernels/plain-kernel';
import { compiledKernel } from '../../src/compute/kernels/wasm/compiled-kernel';
import { everything, observed, type Numbers, type Shape } from './kernel-checks';
import type { KernelTask } from './kernel-process';

/** Large enough that threads share the work. */
const shape: Shape = {
  ...{ prompts: 300, alternatives: 5, rankings: 30_000, largest: 4, ties: false, seed: 6 },
};

const problem = observed(shape);
const program = path.join(import.meta.dirname, 'kernel-process.ts');

/** After so many milliseconds a process is held to hang, even on a busy machine. */
const HUNG = 120_000;

/** Resolves when the process has ended of itself: threads that wait for work must not keep it alive. */
async function inProcess(task: KernelTask): Promise<Numbers> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', program, JSON.stringify(task)],
    { maxBuffer: 1 << 28, timeout: HUNG },
  );
  const entries = JSON.parse(stdout) as [string, number[]][];
  return Object.fromEntries(entries.map(([name, values]) => [name, Float64Array.from(values)]));
}

test('a process whose threads share the kernels ends when its work is done, with the bits of one thread', async () => {
  const kernel = compiledKernel(problem);
  assert.ok(kernel);
  assert.deepEqual(await inProcess({ shape, threads: 4 }), everything(kernel, problem, 1, 2));
});

test('where no thread can be started the one that computes does all, with the same bits', async () => {
  const kernel = compiledKernel(problem);
  assert.ok(kernel);
  const alone = everything(kernel, problem, 1, 2);
  assert.deepEqual(await inProcess({ shape, threads: 4, without: 'threads' }), alone);
});

for (const without of ['WebAssembly', 'shared memory', 'SIMD'] as const) {
  test(`without ${without} the kernels in TypeScript compute`, async () => {
    const plain = everything(plainKernel(problem), problem, 1, 2);
    assert.deepEqual(await inProcess({ shape, threads: 4, without }), plain);
  });
}
