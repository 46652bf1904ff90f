import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Measured } from './spec';

/** A process that takes steps when it is asked to. */
export interface Child {
  /** What it says it runs on. */
  readonly title: string;
  take(steps: number): Promise<Measured>;
  end(): void;
}

/** @throws Error with what it printed if it ends before it is ready */
export async function startChild(command: string, args: readonly string[], cwd: string): Promise<Child> {
  const child = spawn(command, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4000)));
  const failed = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      reject(new Error(`${command} ${args.slice(0, 2).join(' ')} ended with code ${code}.\n${complaint}`));
    });
  });
  failed.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    const line: IteratorResult<string, undefined> = await Promise.race([lines.next(), failed]);
    return line.done === true ? failed : JSON.parse(line.value);
  };
  const { ready } = (await answer()) as { ready: string };
  return {
    title: ready,
    take: async (steps) => {
      child.stdin.write(`${steps}\n`);
      return (await answer()) as Measured;
    },
    end: () => {
      child.stdin.end();
    },
  };
}
