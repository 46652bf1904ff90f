import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { embedJson, renderReport } from '../../src/run/report';
import { finishedRun } from '../window/fixture';

const assets = { script: 'document.title += "!";', style: 'body { margin: 0 }' };

/** The text between a tag and the first thing that a browser takes for its end. */
function element(html: string, open: RegExp, name: string): string {
  const start = open.exec(html);
  assert.ok(start, `no ${String(open)}`);
  const rest = html.slice(start.index + start[0].length);
  return rest.slice(0, rest.toLowerCase().indexOf(`</${name}`));
}

test('data comes back from the page as it went in, whatever it says', () => {
  const nasty = [
    '</script>',
    '<!--',
    '<script>',
    '\u2028',
    '\u2029',
    ']]>',
    '&lt;',
    '"',
    '\\u003c',
    '\u0000',
    '\ud83d',
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(...nasty),
    fc.array(fc.constantFrom(...nasty)).map((a) => a.join('')),
  );
  fc.assert(
    fc.property(fc.jsonValue(), text, (value, words) => {
      const embedded = embedJson({ value, words });
      assert.ok(!embedded.includes('<'));
      assert.ok(!/[\u2028\u2029]/.test(embedded));
      assert.equal(JSON.stringify(JSON.parse(embedded)), JSON.stringify({ value, words }));
    }),
  );
});

test('a run whose texts try to break out stays inside its data block', () => {
  const run = finishedRun();
  const name = '</title></script><script>alert(1)</script><!-- & name';
  const html = renderReport({ ...run, manifest: { ...run.manifest, name } }, assets);
  const data = element(html, /<script type="application\/json" id="snapshot">/, 'script');
  assert.equal((JSON.parse(data) as typeof run).manifest.name, name);
  assert.equal(html.match(/<script/g)?.length, 2);
  assert.equal(html.match(/<\/title>/g)?.length, 1);
  assert.ok(!html.includes('<!--'));
});

test('the policy allows exactly the script and the style that are in the file', () => {
  const html = renderReport(finishedRun(), {
    script: 'const a = "</script>";\r\nvar b = "<!--";',
    style: 'a { content: "</style>" }\r\n',
  });
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const script = element(html, /<script>/, 'script');
  const style = element(html, /<style>/, 'style');
  assert.ok(script.includes('var b'));
  assert.ok(policy.includes(`script-src ${hash(script)};`));
  assert.ok(policy.includes(`style-src ${hash(style)} ${hash('')};`));
  assert.ok(policy.startsWith("default-src 'none'"));
  assert.ok(!policy.includes('unsafe'));
});

test('the script means the same after it is made safe to inline', () => {
  const html = renderReport(finishedRun(), {
    ...assets,
    script:
      'JSON.stringify(["</script>", "<!-- x", "<\\/SCRIPT>", `</Script`, "<!--".match(/^<!--$/) !== null])',
  });
  const meant: unknown = runInNewContext(element(html, /<script>/, 'script'));
  assert.equal(meant, JSON.stringify(['</script>', '<!-- x', '</SCRIPT>', '</Script', true]));
});

test('the report refers to nothing outside itself', () => {
  const html = renderReport(finishedRun(), assets);
  assert.ok(!/https?:/.test(html));
  assert.ok(!/\s(?:src|href)=/.test(html));
});
