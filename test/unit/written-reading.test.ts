import assert from 'node:assert/strict';
import { utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'jsonc-parser';
import { checkExperiment } from '../../src/run/experiment-check';
import { experimentsOn, withMapping, writtenReading } from '../../src/run/written-reading';
import { scratchFolder } from './run-files';

const MAPPING = { form: 'arena-csv', columns: { a: 'first', b: 'second', winner: 'best' } };

test('a mapping is written where the dataset is, and everything else stays', () => {
  const texts = [
    '// mine\n{\n  "dataset": "votes.csv", // the votes\n  "types": 3,\n}\n',
    '{\r\n  "dataset": { "path": "votes.csv", "ties": "drop", "columns": { "a": "x" } },\r\n  "seed": 7\r\n}\r\n',
  ];
  for (const text of texts) {
    const written = withMapping(text, MAPPING);
    assert.deepEqual(checkExperiment(written), []);
    const before = parse(text, [], { allowTrailingComma: true }) as { dataset: unknown };
    const after = parse(written, [], { allowTrailingComma: true }) as { dataset: Record<string, unknown> };
    const dataset = typeof before.dataset === 'object' ? before.dataset : { path: before.dataset };
    assert.deepEqual(after, { ...before, dataset: { ...dataset, ...MAPPING } });
    for (const comment of text.match(/\/\/.*/g) ?? []) assert.ok(written.includes(comment));
    assert.equal(written.includes('\r\n'), text.includes('\r\n'));
    assert.equal(withMapping(written, MAPPING), written);
  }
});

test('a dataset is read as the experiment beside it says that was changed last', async (t) => {
  const folder = scratchFolder(t);
  const dataset = path.join(folder, 'votes.csv');
  const write = (name: string, content: string, changed: number) => {
    writeFileSync(path.join(folder, name), content);
    utimesSync(path.join(folder, name), changed, changed);
  };
  assert.equal(await writtenReading(dataset), undefined);
  write('plain.emdpo.json', '{ "dataset": "votes.csv" }', 900);
  write('broken.emdpo.json', '{ "dataset": ', 800);
  write('other.emdpo.json', withMapping('{ "dataset": "other.csv" }', MAPPING), 700);
  assert.equal(await writtenReading(dataset), undefined);
  write('old.emdpo.json', '{ "dataset": { "path": "./votes.csv", "form": "long" } }', 100);
  write(
    'new.emdpo.json',
    withMapping('{ "dataset": { "path": "votes.csv", "unranked": "absent" } }', MAPPING),
    200,
  );
  const experiment = path.join(folder, 'new.emdpo.json');
  assert.deepEqual(await writtenReading(dataset), { experiment, ...MAPPING, unranked: 'absent' });
  assert.deepEqual(
    (await experimentsOn(dataset)).map((each) => path.basename(each.experiment)),
    ['plain.emdpo.json', 'new.emdpo.json', 'old.emdpo.json'],
  );
});
