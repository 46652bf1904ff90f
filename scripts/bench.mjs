// Runs the table of all speeds, or the benchmarks named. They print; nothing here fails on time. Options such as --write
// are handed on to them: npm run bench -- read-speed --write
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root, setup } from './setup.mjs';

const folder = path.join(root, 'test/bench');
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3));
const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  process.exit(2);
}
setup();
let failed = 0;
for (const name of asked.length > 0 ? asked : ['speed']) {
  console.log(`\n${name}`);
  const { status } = spawnSync(
    process.execPath,
    [
      '--import',
      'tsx',
      '--import',
      './scripts/tensorflow-esm.mjs',
      path.join(folder, `${name}.ts`),
      ...options,
    ],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  if (status !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
