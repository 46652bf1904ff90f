// Reading and validating canonical records beside a bare loop over the lines with JSON.parse: seconds, ratios and peak
// memory. Every pass is a process of its own and the passes take turns, so that a busy machine is busy for all.
// Options: --records=N (1,000,000), --rounds=N (5), --write puts the table into docs/benchmarks.md.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { putSection } from './reading/document';
import { writeFile, type Kind } from './reading/file';
import { buildPasses, measurePass, PASSES, type Measured, type Pass } from './reading/passes';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const NAMES: Record<Pass, string> = {
  readline: 'node:readline and JSON.parse',
  split: 'split and JSON.parse',
  read: 'readDataset',
  validate: 'readDataset and validateTable',
};
const option = (name: string, otherwise: number) => {
  const given = process.argv.find((argument) => argument.startsWith(`--${name}=`));
  return given === undefined ? otherwise : Number(given.slice(name.length + 3));
};
const records = option('records', 1_000_000);
const rounds = option('rounds', 5);

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Median seconds, peak memory, and the median over rounds of the ratio to the bare loops of the same round. */
function rows(program: string, file: string, kind: Kind): string[] {
  const measured = Array.from({ length: rounds }, () =>
    Object.fromEntries(PASSES.map((pass) => [pass, measurePass(program, pass, file)])),
  ) as Record<Pass, Measured>[];
  const size = Math.round(statSync(file).size / 1e6);
  return PASSES.map((pass) => {
    const seconds = median(measured.map((round) => round[pass].seconds));
    const ratio = (to: Pass, of: 'seconds' | 'cpu' = 'seconds') =>
      median(measured.map((round) => round[pass][of] / round[to][of])).toFixed(2);
    const memory = Math.max(...measured.map((round) => round[pass].kilobytes)) / 1024;
    const ratios = [ratio('readline'), ratio('split'), ratio('readline', 'cpu'), ratio('split', 'cpu')];
    const cells = [
      kind,
      `${size} MB`,
      NAMES[pass],
      seconds.toFixed(2),
      ...ratios,
      `${memory.toFixed(0)} MiB`,
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

const folder = mkdtempSync(path.join(tmpdir(), 'read-speed-'));
try {
  const program = await buildPasses(folder);
  const table = [
    '| texts | file | work | seconds | ÷ readline | ÷ split | CPU ÷ readline | CPU ÷ split | peak memory |',
    '|---|---|---|---|---|---|---|---|---|',
  ];
  for (const kind of ['repeated', 'distinct'] as const) {
    const file = path.join(folder, `${kind}.jsonl`);
    await writeFile(file, records, kind);
    table.push(...rows(program, file, kind));
    rmSync(file);
  }
  const [{ model }] = cpus();
  const lines = [
    `${records.toLocaleString('en')} canonical records of three responses; medians of ${rounds} rounds in which the passes take turns.`,
    'Every pass is a process of its own. ÷ means as a ratio to the bare loop of the same round, by the clock or in processor time; peak memory includes about 50 MiB of Node.js itself.',
    `Machine: ${cpus().length} cores, ${model.trim()}, Node.js ${process.versions.node}.`,
    '',
    ...table,
  ];
  console.log(lines.join('\n'));
  if (process.argv.includes('--write')) putSection(path.join(root, 'docs/benchmarks.md'), 'Reading', lines);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
