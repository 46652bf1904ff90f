import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { annotatorRecords, placesOf } from '../../src/run/annotator/annotator-records';
import { openRun } from '../../src/run/annotator/opened-run';
import { readPosterior } from '../../src/run/posterior';
import { readTypeRewards } from '../../src/run/type-rewards';
import { run as emdpo } from './cli-run';

const responses = ['short', 'long', 'kind'];
const line = (annotator: string | undefined, x: number, ranking: unknown, more: object = {}) =>
  JSON.stringify({
    annotator,
    prompt: `p${x}`,
    responses: responses.map((y) => `${y} ${x}`),
    ranking,
    ...more,
  });

describe('the records of one annotator', () => {
  let directory: string;
  let file: string;
  before(async () => {
    file = path.join(mkdtempSync(path.join(tmpdir(), 'emdpo-annotator-')), 'answers.jsonl');
    const lines = Array.from({ length: 24 }, (_, h) =>
      [0, 1, 2, 3].map((x) =>
        line(`a${h}`, x, (h + x) % 7 === 0 ? [2] : h % 3 === 0 ? [2, 1, 0] : [0, [1, 2]], {
          weight: 1 + (x % 2),
        }),
      ),
    );
    writeFileSync(file, [...lines.flat(), line(undefined, 1, [1, 0, 2])].join('\n') + '\n');
    directory = path.join(path.dirname(file), 'run');
    const { code } = await emdpo(['train', file, '--types', '2', '--starts', '2', '--run-dir', directory]);
    assert.equal(code, 0);
  });

  test('explain their posterior: shares times what each type makes of every record', async () => {
    const run = await openRun(directory);
    const { annotators, gamma, types } = (await readPosterior(directory))!;
    const { shares } = await readTypeRewards(directory);
    for (const [h, annotator] of annotators.entries()) {
      const { records, total, withoutTypes } = annotatorRecords(run, annotator);
      assert.equal(withoutTypes, undefined);
      assert.equal(total, annotator.startsWith('line') ? 1 : 4);
      const a = Array.from(shares, (share, k) =>
        records.reduce((sum, r) => sum + r.weight * r.types![k].logLikelihood!, Math.log(share)),
      );
      const most = Math.max(...a);
      const all = a.reduce((sum, x) => sum + Math.exp(x - most), 0);
      a.forEach((x, k) => {
        assert.ok(Math.abs(Math.exp(x - most) / all - gamma[h * types + k]) < 1e-6, annotator);
      });
    }
  });

  test('are rankings, best first, with their lines, ties and what was offered', async () => {
    const run = await openRun(directory);
    const { records } = annotatorRecords(run, 'a1');
    assert.deepEqual(
      records.map(({ line }) => line),
      [5, 6, 7, 8],
    );
    assert.deepEqual(records[0].options, [
      { text: 'short 0', place: 1 },
      { text: 'long 0', place: 2 },
      { text: 'kind 0', place: 2 },
    ]);
    const best = annotatorRecords(run, 'a0').records[0];
    assert.deepEqual(best.options, [
      { text: 'kind 0', place: 1 },
      { text: 'short 0', place: null },
      { text: 'long 0', place: null },
    ]);
    assert.deepEqual([...best.types![0].places].sort(), [1, 2, 3]);
    assert.deepEqual(
      annotatorRecords(run, 'line 97').records.map(({ line }) => line),
      [97],
    );
  });

  test('are refused with a sentence where there are none, or the dataset is another now', async () => {
    const run = await openRun(directory);
    assert.throws(() => annotatorRecords(run, 'nobody'), /answers\.jsonl has no records of “nobody”\.$/);
    assert.throws(() => annotatorRecords(run, 'line 1'), /no records of “line 1”/);
    writeFileSync(file, line('a0', 0, [0, 1, 2]) + '\n');
    await assert.rejects(openRun(directory), /answers\.jsonl has changed since the run/);
  });
});

test('equal values share a place, and the next counts on', () => {
  assert.deepEqual(placesOf([0.5, 2, 0.5, -1]), [2, 1, 2, 4]);
  assert.deepEqual(placesOf([]), []);
});
