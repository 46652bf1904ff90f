import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';

export const PASSES = ['readline', 'split', 'read', 'validate'] as const;
export type Pass = (typeof PASSES)[number];

export interface Measured {
  readonly seconds: number;
  /** Seconds of processor time, of all threads: what a busy machine changes less. */
  readonly cpu: number;
  /** The most memory it held. */
  readonly kilobytes: number;
}

/** Builds the program that performs one pass, as it is shipped: bundled. @returns its path */
export async function buildPasses(folder: string): Promise<string> {
  const program = path.join(folder, 'work.mjs');
  await build({
    entryPoints: [path.join(import.meta.dirname, 'work.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    minify: true,
    logLevel: 'warning',
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  return program;
}

/** One pass over a file, in a process of its own. */
export function measurePass(program: string, pass: Pass, file: string): Measured {
  const printed = execFileSync(process.execPath, [program, pass, file], { encoding: 'utf8' });
  return JSON.parse(printed) as Measured;
}
