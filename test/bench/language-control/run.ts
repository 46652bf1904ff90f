import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readResult } from '../../../src/run/result';
import type { RunResult } from '../../../src/protocol/result';

/** What the control trains; everything else is as by default. */
export function experimentFor(dataset: string, seed: number, threads: number): string {
  const file = dataset.replace(/\.jsonl$/, '.emdpo.json');
  const experiment = {
    dataset,
    types: 3,
    beta: 0.3,
    policy: {
      kind: 'transformer',
      model: 'scratch',
      scratch: { layers: 3, hidden: 96, heads: 4, epochs: 80 },
      promptTokens: 48,
      responseTokens: 144,
      sampling: { prompts: 49, responses: 8, distillation: 4900 },
    },
    compute: { device: 'onnxruntime/cpu', threads },
    seed,
  };
  writeFileSync(file, JSON.stringify(experiment));
  return file;
}

export interface TrainedRun {
  readonly directory: string;
  readonly result: RunResult;
}

/** Trains with the built command line, as a user does. */
export async function trained(experiment: string, directory: string): Promise<TrainedRun> {
  const args = [path.resolve('dist/emdpo.cjs'), 'train', experiment, '--run-dir', directory];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
      .split('\n')
      .filter((line) => !line.startsWith('{'))
      .join('\n');
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const result = code === 0 ? await readResult(directory) : undefined;
  if (result === undefined) throw new Error(`Training ended with code ${code}. ${said}`);
  return { directory, result };
}
