import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readDataset } from '../../src/dataset/read';
import { validateTable } from '../../src/identify/verdicts';

const PAGES = 'docs/findings/identify';

/** Every `identify/…` code that stands in the sources. */
function codes(): Set<string> {
  const files = readdirSync('src/identify', { recursive: true, encoding: 'utf8' });
  return new Set(
    files
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        Array.from(
          readFileSync(join('src/identify', file), 'utf8').matchAll(/'identify\/([a-z-]+)'/g),
          (m) => m[1],
        ),
      ),
  );
}

test('every code has a page that names it, every page a code, and the overview links to each', () => {
  const pages = readdirSync(PAGES).map((file) => file.replace(/\.md$/, ''));
  assert.deepEqual(pages.sort(), [...codes()].sort());
  const overview = readFileSync('docs/identifiability.md', 'utf8');
  for (const page of pages) {
    const text = readFileSync(join(PAGES, `${page}.md`), 'utf8');
    assert.ok(text.startsWith(`# identify/${page}\n`), page);
    assert.match(text, /What to do/, page);
    assert.ok(overview.includes(`findings/identify/${page}.md`), `${page} in the overview`);
  }
});

test('the bundled sample has no identify finding, and up to three types are identified by what people judged in common', async () => {
  const { table, findings } = await readDataset('media/sample/answers.jsonl');
  const report = validateTable(table, findings);
  assert.deepEqual(
    report.findings.filter(({ code }) => code.startsWith('identify/')),
    [],
  );
  const mixtures = report.verdicts.filter(({ scope, types }) => scope === 'finite-mixture' && types <= 3);
  assert.deepEqual(
    mixtures.map(({ types, verdict }) => [types, verdict]),
    [1, 2, 3].map((types) => [types, 'sufficient-generic']),
  );
});
