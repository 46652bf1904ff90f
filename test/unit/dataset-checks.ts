import assert from 'node:assert/strict';
import { describeRecord } from '../../src/dataset/describe';
import type { ReadResult } from '../../src/dataset/read';
import { UNRANKED, type RankingTable } from '../../src/dataset/table';

/** Everything that a reader of a table may rely on. */
export function checkTable(table: RankingTable): void {
  const { records, start, option, level } = table;
  assert.equal(start.length, records + 1);
  assert.equal(start[records], option.length);
  for (let r = 0; r < records; r++) {
    assert.ok(table.prompt[r] >= 0 && table.prompt[r] < table.prompts.size);
    assert.ok(table.annotator[r] >= -1 && table.annotator[r] < table.annotators.size);
    assert.ok(table.weight[r] > 0 && table.weight[r] < Infinity);
    const options = Array.from(option.subarray(start[r], start[r + 1]));
    assert.ok(options.length >= 2);
    assert.equal(new Set(options).size, options.length);
    for (const y of options) assert.equal(table.responsePrompt[y], table.prompt[r]);
    assert.equal(level[start[r]], 0);
    for (let i = start[r] + 1; i < start[r + 1]; i++) {
      const step = level[i] - level[i - 1];
      assert.ok(step === 0 || step === 1 || level[i] === UNRANKED, 'levels have no gaps');
    }
    assert.ok(describeRecord(table, r).length > 0);
  }
}

/** Findings are sentences with places in the text, and a table without records has an error that says why. */
export function checkFindings({ findings, table }: ReadResult, text: string): void {
  const lines = text.split('\n');
  for (const finding of findings) {
    assert.match(finding.code, /^form\/[a-z0-9-]+$/);
    assert.match(finding.message, /^[^\s].*[.]$/s);
    for (const { line, column, endLine = line, endColumn = column } of finding.positions) {
      assert.ok(line >= 1 && line <= lines.length, `line ${line} of ${lines.length}`);
      assert.ok(column >= 1 && column <= lines[line - 1].length + 2);
      assert.ok(endLine > line || endColumn >= column);
    }
  }
  const errors = findings.filter((finding) => finding.severity === 'error');
  if (table.records === 0) assert.ok(errors.length > 0, 'a table without records has an error that says why');
}
