import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { markdown } from '../../webview/format';
import { pageOf } from '../../webview/word-pages';
import type { WordId } from '../../webview/words';
import { words } from '../../webview/words';

test('every definition names a page of the documentation that is there', () => {
  for (const id of Object.keys(words) as WordId[])
    assert.ok(existsSync(path.resolve('docs', `${pageOf(id)}.md`)), `${id}: docs/${pageOf(id)}.md`);
  assert.equal(pageOf('gap'), 'regret');
});

test('a table as Markdown keeps its columns, whatever the texts hold', () => {
  const columns = [{ title: 'a|b' }, { title: 'n', numeric: true }];
  assert.equal(
    markdown(columns, [['two\nlines', '1'], ['<b> | `x`', '2']]), // prettier-ignore
    '| a\\|b | n |\n| --- | --: |\n| two lines | 1 |\n| \\<b\\> \\| \\`x\\` | 2 |\n',
  );
});
