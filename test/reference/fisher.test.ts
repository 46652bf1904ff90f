import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fisherTable } from './fisher-table';

test('the reference table of the Fisher test: ranks exactly, smallest eigenvalues within 15 %', async () => {
  const rows = await fisherTable();
  assert.equal(rows.length, 24);
  for (const { format, point, rank, smallest, exact, referenceRank, referenceSmallest } of rows) {
    assert.ok(exact);
    assert.equal(rank, referenceRank, `${format}, ${point}`);
    if (referenceSmallest === undefined) continue;
    if (referenceSmallest === 0) assert.equal(smallest, 0);
    else assert.ok(Math.abs(smallest / referenceSmallest - 1) < 0.15, `${format}, ${point}: ${smallest}`);
  }
});
