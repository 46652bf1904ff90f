import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { scratchFolder } from './run-files';

const WRITES =
  /\b(appendFile|chmod|copyFile|cp|createWriteStream|link|mkdir|rename|symlink|truncate|unlink|write|writeFile)(Sync)?\b/;

/** What a folder's files take from `node:fs`, by file. */
function importsOf(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const source = readFileSync(path.join(folder, name), 'utf8');
      const names = [...source.matchAll(/import \{([^}]*)\} from 'node:fs(?:\/promises)?'/g)];
      return names.map((match): [string, string] => [path.join(folder, name), match[1]]);
    });
}

test('what belongs to a run is written through one layer, into which faults can be injected', () => {
  assert.ok(WRITES.test(readFileSync('src/disk.ts', 'utf8')));
  for (const folder of ['src/run', 'src/training', 'src/aggregate', 'src/policy']) {
    const imports = importsOf(folder);
    for (const [file, names] of imports) assert.doesNotMatch(names, WRITES, file);
  }
  assert.ok(importsOf('src/run').length > 5);
});

test('a file that is replaced is the old or the new one, whichever call of the layer fails', async (t) => {
  const folder = scratchFolder(t);
  const script = `
    import { writeWhole } from ${JSON.stringify(path.resolve('src/disk.ts'))};
    await writeWhole(process.argv[1], 'new '.repeat(1000));`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  const faults = [1, 2, 3, 4, 5].flatMap((call) => [`EIO@${call}`, `KILL@${call}`]);
  const outcomes = await Promise.all(
    faults.map(async (fault) => {
      const own = path.join(folder, fault);
      mkdirSync(own);
      const file = path.join(own, 'file');
      writeFileSync(file, 'old');
      const env = { ...process.env, EMDPO_TEST_FAULT: fault };
      const failed = await new Promise<boolean>((resolve) => {
        execFile(process.execPath, [...args, file], { env }, (error) => {
          resolve(error !== null);
        });
      });
      const content = readFileSync(file, 'utf8');
      assert.equal(content, failed ? 'old' : 'new '.repeat(1000), fault);
      const left = readdirSync(own).filter((name) => name !== 'file');
      if (fault.startsWith('EIO')) assert.deepEqual(left, [], fault);
      return failed;
    }),
  );
  // it is opened, written, brought to the disk and moved: the fifth call never comes
  assert.deepEqual(outcomes, [...Array<boolean>(8).fill(true), false, false]);
});
