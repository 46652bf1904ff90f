// One timed pass over a file, in a process of its own: node work.cjs WORK FILE prints seconds, of the clock and of the processor, and peak memory.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { readDataset } from '../../../src/dataset/read';
import { validateTable } from '../../../src/identify/verdicts';

/** What the passes are compared with: the lines of a file, each parsed, as most programs do it. */
async function readLines(path: string): Promise<number> {
  let fields = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    fields += Object.keys(JSON.parse(line) as object).length;
  }
  return fields;
}

/** The same without a library: the least that a loop over lines can cost. */
async function splitLines(path: string): Promise<number> {
  let fields = 0;
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 })) {
    const lines = (rest + (chunk as string)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) fields += Object.keys(JSON.parse(line) as object).length;
  }
  return fields + (rest === '' ? 0 : Object.keys(JSON.parse(rest) as object).length);
}

const WORK: Record<string, (path: string) => Promise<number>> = {
  readline: readLines,
  split: splitLines,
  read: async (path) => (await readDataset(path)).table.records,
  validate: async (path) => {
    const { table, findings } = await readDataset(path);
    return validateTable(table, findings).findings.length;
  },
};

const [work, path] = process.argv.slice(2);
const started = performance.now();
const before = process.cpuUsage();
const result = await WORK[work](path);
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(before);
const kilobytes = process.resourceUsage().maxRSS;
console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, kilobytes, result }));
