// How the cost of reading and validating grows with the number of records, and the most memory it takes: files in which
// every text is another, so that nothing can be shared. The least of the rounds counts, as others on the machine only
// add to it. The largest file is 5.8 GB.
// Options: --largest=N (10,000,000), --rounds=N (3), --write puts the table into docs/benchmarks.md.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { putSection } from './reading/document';
import { writeFile } from './reading/file';
import { buildPasses, measurePass } from './reading/passes';
import { machineLine, option } from './fit-speed/report';
import { growth, least } from './fit-speed/statistics';

const largest = Number(option('largest', '10000000'));
const rounds = Number(option('rounds', '3'));
const sizes = [largest / 100, largest / 10, largest];
const passes = ['readline', 'validate'] as const;
const NAMES = { readline: 'node:readline and JSON.parse', validate: 'readDataset and validateTable' };

const folder = mkdtempSync(path.join(tmpdir(), 'read-growth-'));
try {
  const program = await buildPasses(folder);
  const costs = { readline: [] as number[], validate: [] as number[] };
  const table = ['| records | file | work | seconds | CPU s | peak memory |', '|---|---|---|---|---|---|'];
  for (const records of sizes) {
    const file = path.join(folder, 'records.jsonl');
    await writeFile(file, records, 'distinct');
    const size = `${Math.round(statSync(file).size / 1e6).toLocaleString('en')} MB`;
    const measured = Array.from({ length: rounds }, () =>
      passes.map((pass) => ({ pass, ...measurePass(program, pass, file) })),
    ).flat();
    for (const pass of passes) {
      const own = measured.filter((each) => each.pass === pass);
      const cpu = least(own.map((each) => each.cpu));
      costs[pass].push(cpu);
      const seconds = least(own.map((each) => each.seconds)).toFixed(2);
      const memory = `${Math.max(...own.map(({ kilobytes }) => kilobytes / 1024)).toFixed(0)} MiB`;
      const cells = [records.toLocaleString('en'), size, NAMES[pass], seconds, cpu.toFixed(2), memory];
      table.push(`| ${cells.join(' | ')} |`);
      console.error(table.at(-1));
    }
    rmSync(file);
  }
  const exponents = passes.map((pass) => `${growth(sizes, costs[pass]).toFixed(2)} (${NAMES[pass]})`);
  const lines = [
    `Canonical records of three responses, every text another; ${rounds === 1 ? 'one round' : `the least of ${rounds} rounds`}. Processor time grows as the number of records to the power ${exponents.join(', ')}.`,
    `${machineLine()} Command: \`npm run bench -- read-growth\`.`,
    '',
    ...table,
  ];
  console.log(lines.join('\n'));
  if (process.argv.includes('--write'))
    putSection(path.resolve(import.meta.dirname, '../../docs/benchmarks.md'), 'Reading, by size', lines);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
