import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The built command line, as a user runs it. */
export const emdpo = path.resolve('dist/emdpo.cjs');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly uid?: number;
  /** As `EMDPO_TEST_FAULT` of src/disk-fault.ts. */
  readonly fault?: string;
  /** The leader of a process group of its own. */
  readonly detached?: boolean;
}

export function start(args: readonly string[], { fault, ...options }: StartOptions = {}): Started {
  assert.ok(existsSync(emdpo), 'Run npm run build first.');
  const child = spawn(process.execPath, [emdpo, ...args], {
    ...options,
    env: { ...process.env, ...(fault !== undefined && { EMDPO_TEST_FAULT: fault }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  return { child, ended };
}

export async function run(args: readonly string[], options: StartOptions = {}): Promise<Ended> {
  return start(args, options).ended;
}

/** No stack trace, no word of the program's inside. */
export function assertCivil({ stdout, stderr }: Ended): void {
  for (const text of [stdout, stderr]) {
    assert.doesNotMatch(text, /^\s+at .*:\d+:\d+/m);
    assert.doesNotMatch(text, /unexpected|undefined|\[object|node:internal/i);
  }
}

export function record(fields: Record<string, unknown> = {}): string {
  return JSON.stringify({
    annotator: 'a1',
    prompt: 'Explain tides.',
    responses: ['The moon pulls.', 'Nobody knows.', 'Wind does it.'],
    ranking: [0, 1, 2],
    ...fields,
  });
}

/** A small dataset of two types that agree on no prompt. */
export function twoTypes(annotators = 24, prompts = 4): string {
  const lines: string[] = [];
  for (let h = 0; h < annotators; h++) {
    for (let x = 0; x < prompts; x++) {
      // every fifth judgement swaps its last two, so that no reward has to be infinite
      const ranking = (h + x) % 5 === 0 ? [0, 2, 1] : [0, 1, 2];
      lines.push(
        record({
          annotator: `annotator ${h}`,
          prompt: `Prompt ${x}`,
          ranking: h % 3 === 0 ? ranking.toReversed() : ranking,
        }),
      );
    }
  }
  return lines.join('\n') + '\n';
}
