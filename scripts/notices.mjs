// Writes THIRD_PARTY_NOTICES.md: the packages whose code is in the bundles of dist/ or beside them, with their licences.
// --check writes nothing and fails when the file is out of date. Run `npm run build` first.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root } from './setup.mjs';

const bundled = path.join(root, '.cache/bundled.json');
if (!existsSync(bundled)) {
  console.error('Nothing is built yet. Run npm run build first.');
  process.exit(1);
}
const folders = new Set(JSON.parse(readFileSync(bundled, 'utf8')).map(packageFolder).filter(Boolean));
// these are packed as they are (scripts/package.mjs)
for (const name of ['onnxruntime-node', 'onnxruntime-common']) folders.add(`node_modules/${name}`);
// the same version may be installed in several places
const packages = [...new Map([...folders].map(describe).map((each) => [each.title, each])).values()].sort(
  (a, b) => (a.title < b.title ? -1 : 1),
);
const missing = packages.filter(({ text }) => text === undefined);
if (missing.length > 0) {
  console.error(`No licence text found for ${missing.map(({ title }) => title).join(', ')}.`);
  process.exit(1);
}

const notices = [
  '# Third-party notices',
  '',
  'EM-DPO Lab contains code of these packages. `node scripts/notices.mjs` makes this file.',
  '',
  ...packages.flatMap(({ title, licence, text }) => [
    `## ${title}`,
    '',
    `Licence: ${licence}`,
    '',
    '```text',
    text,
    '```',
    '',
  ]),
].join('\n');

const file = path.join(root, 'THIRD_PARTY_NOTICES.md');
if (!process.argv.includes('--check')) {
  writeFileSync(file, notices);
  console.log(`THIRD_PARTY_NOTICES.md names ${packages.length} packages.`);
} else if (!existsSync(file) || readFileSync(file, 'utf8').replaceAll('\r\n', '\n') !== notices) {
  console.error('THIRD_PARTY_NOTICES.md is out of date. Run node scripts/notices.mjs.');
  process.exit(1);
}

/** `node_modules/a/node_modules/@b/c/d.js` → `node_modules/a/node_modules/@b/c` */
function packageFolder(input) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

function describe(folder) {
  const manifest = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
  const name = readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const own =
    name &&
    readFileSync(path.join(root, folder, name), 'utf8')
      .replaceAll('\r\n', '\n')
      .trim();
  return {
    title: `${manifest.name} ${manifest.version}`,
    licence: manifest.license,
    text: own ?? ofMicrosoft(manifest) ?? inReadme(folder) ?? standardText(manifest),
  };
}

/** ONNX Runtime's packages name their licence only; the text is that of https://github.com/microsoft/onnxruntime. */
function ofMicrosoft({ name, version }) {
  if (!name.startsWith('onnxruntime-')) return undefined;
  const text = mit('Microsoft Corporation');
  if (name !== 'onnxruntime-node') return text;
  return `${text}

Its libraries contain code of others, with their licences in
https://github.com/microsoft/onnxruntime/blob/v${version}/ThirdPartyNotices.txt.
Those for Windows come with DirectML, https://www.nuget.org/packages/Microsoft.AI.DirectML, and the DirectX shader
compiler, https://github.com/microsoft/DirectXShaderCompiler, by Microsoft.`;
}

/** Some packages print their licence at the end of the README only. */
function inReadme(folder) {
  const readme = path.join(root, folder, 'README.md');
  if (!existsSync(readme)) return undefined;
  const text = readFileSync(readme, 'utf8');
  const at = text.search(/^#+ licen[cs]e/im);
  return at < 0 ? undefined : text.slice(at).replaceAll('\r\n', '\n').trim();
}

/** The standard text, for packages that name a licence and its holder but ship no licence file. */
function standardText({ name, license, author }) {
  if (license === 'Apache-2.0' && name.startsWith('@tensorflow/'))
    return `Copyright Google LLC\n\n${apache()}`;
  const holder = typeof author === 'string' ? author : author?.name;
  if (license !== 'MIT' || holder === undefined) return undefined;
  return mit(holder.replace(/\s*<.*/, ''));
}

function mit(holder) {
  const [, ...terms] = readFileSync(path.join(root, 'LICENSE'), 'utf8')
    .trim()
    .split(/^Copyright.*$/m);
  return `MIT License\n\nCopyright (c) ${holder}${terms.join('')}`;
}

/** The licence's own words, as another package has them. */
function apache() {
  const text = readFileSync(path.join(root, 'node_modules/@huggingface/tokenizers/LICENSE'), 'utf8');
  return /^\s*Apache License[^]*END OF TERMS AND CONDITIONS/m.exec(text.replaceAll('\r\n', '\n'))[0].trim();
}
