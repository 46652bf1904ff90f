import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { least } from '../fit-speed/statistics';
import { writeFile } from '../reading/file';
import { buildPasses, measurePass, type Pass } from '../reading/passes';
import type { Cost, Row, Workload } from './table';

const PEER = 'node:readline and JSON.parse';

/** Reading and validating canonical records, every text another, beside a loop that does nothing but parse the lines. */
export async function readingWorkload(sizes: readonly number[], rounds: number): Promise<Workload> {
  const folder = mkdtempSync(path.join(tmpdir(), 'speed-reading-'));
  try {
    const program = await buildPasses(folder);
    const rows: Row[] = [];
    for (const size of sizes) {
      const file = path.join(folder, 'records.jsonl');
      await writeFile(file, size, 'distinct');
      const turns = Array.from({ length: rounds }, () => ({
        ours: measurePass(program, 'validate' satisfies Pass, file),
        peer: measurePass(program, 'readline', file),
        bytes: bytesAlone(file),
      }));
      const cost = (of: 'ours' | 'peer'): Cost => ({
        seconds: least(turns.map((turn) => turn[of].seconds)),
        processor: least(turns.map((turn) => turn[of].cpu)),
      });
      const limit = least(turns.map(({ bytes }) => bytes));
      rows.push({ size, ours: cost('ours'), peers: { [PEER]: cost('peer') }, limit });
    }
    return { name: 'read and validate', unit: 'records', limitOf: 'reading the bytes', rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds to read a file and do nothing with it. */
function bytesAlone(file: string): number {
  const block = Buffer.alloc(1 << 20);
  const began = performance.now();
  const handle = openSync(file, 'r');
  while (readSync(handle, block) > 0);
  closeSync(handle);
  return (performance.now() - began) / 1000;
}
