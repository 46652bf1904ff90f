import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

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
