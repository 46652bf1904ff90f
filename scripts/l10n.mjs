// Collects the strings that the extension shows, from calls of l10n.t, into l10n/bundle.l10n.json, which translators copy.
//   node scripts/l10n.mjs           writes it
//   node scripts/l10n.mjs --check   fails when it is out of date, or when a string is not written out in the call
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './vscode-host.mjs';

const editor = readdirSync(path.join(root, 'src/editor'), { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => path.join('src/editor', name));

const strings = new Set();
for (const name of ['extension.ts', ...editor]) {
  const source = ts.createSourceFile(
    name,
    readFileSync(path.join(root, name), 'utf8'),
    ts.ScriptTarget.ES2022,
  );
  collect(source, source);
}

function collect(node, source) {
  if (ts.isCallExpression(node) && node.expression.getText(source).endsWith('l10n.t')) {
    const [text] = node.arguments;
    if (!ts.isStringLiteralLike(text)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      console.error(`${source.fileName}:${line + 1}: l10n.t needs a string that is written out.`);
      process.exit(1);
    }
    strings.add(text.text);
  }
  ts.forEachChild(node, (child) => collect(child, source));
}

const sorted = [...strings].sort((a, b) => (a < b ? -1 : 1));
const bundle = JSON.stringify(Object.fromEntries(sorted.map((text) => [text, text])), null, 2) + '\n';
const file = path.join(root, 'l10n/bundle.l10n.json');
if (process.argv.includes('--check')) {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== bundle) {
    console.error('l10n/bundle.l10n.json is out of date. Run node scripts/l10n.mjs.');
    process.exit(1);
  }
} else {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bundle);
  console.log(`l10n/bundle.l10n.json: ${sorted.length} strings.`);
}
