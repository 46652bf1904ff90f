// npm test: sets the machine up, then runs every stage, whatever the others did, and ends with one line of counts.
//   npm test -- unit reference   runs only these stages
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { root, setup } from './setup.mjs';
import { ensureSoftwareVulkan } from './software-vulkan.mjs';

/** Each stage answers with its counts and the names of what failed. A check that is no test counts as one. */
const stages = {
  format: () => check('format', 'npx', ['prettier', '--check', '--log-level=warn', '.']),
  lint: () => check('lint', 'npx', ['eslint', '.', '--max-warnings', '0']),
  types: async () =>
    sum([
      await check('types', 'npx', ['tsc', '-p', 'tsconfig.json']),
      await check('types of the panel', 'npx', ['tsc', '-p', 'webview/tsconfig.json']),
    ]),
  notices: () => check('third-party notices', process.execPath, ['scripts/notices.mjs', '--check']),
  unit: () => {
    ensureSoftwareVulkan();
    return nodeTests('test/unit');
  },
  reference: () => nodeTests('test/reference'),
  panel: () => nodeTests('test/window'),
  editor: () => counted('test/editor/run.mjs'),
  window: () => counted('test/window/run.mjs'),
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(stages, name));
if (unknown !== undefined) {
  console.error(`There is no stage "${unknown}". The stages are ${Object.keys(stages).join(', ')}.`);
  process.exit(2);
}

setup();
const results = [];
for (const name of asked.length > 0 ? asked : Object.keys(stages)) {
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 70 - name.length))}`);
  results.push(await stages[name]());
}
const all = sum(results);
// the closing lines are all that some machines keep of a long run
if (all.failures.length > 0) console.log(`\nFailed:\n${all.failures.map((name) => `  ${name}`).join('\n')}`);
console.log(`\n${all.passed} passed, ${all.failed} failed, ${all.skipped} skipped`);
process.exitCode = all.failed > 0 ? 1 : 0;

async function check(name, command, args) {
  const { code } = await run(command, args);
  console.log(`${code === 0 ? '✔' : '✖'} ${name}`);
  return code === 0
    ? { passed: 1, failed: 0, skipped: 0, failures: [] }
    : { passed: 0, failed: 1, skipped: 0, failures: [name] };
}

/** Files of node:test: the person reads one reporter, the counts come from the other. */
async function nodeTests(folder) {
  const files = testFiles(path.join(root, folder));
  if (files.length === 0) return nothing(folder);
  const scratch = mkdtempSync(path.join(tmpdir(), 'emdpo-test-'));
  const tap = path.join(scratch, 'counts.tap');
  const reporters = ['spec', 'tap'].map((name) => `--test-reporter=${name}`);
  const destinations = ['stdout', tap].map((name) => `--test-reporter-destination=${name}`);
  const args = [
    '--import',
    'tsx',
    '--import',
    './scripts/tensorflow-esm.mjs',
    '--test',
    ...reporters,
    ...destinations,
    ...files,
  ];
  const { code } = await run(process.execPath, args);
  const text = existsSync(tap) ? readFileSync(tap, 'utf8') : '';
  rmSync(scratch, { recursive: true, force: true });
  // subtests write the same words, but further to the right
  const count = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  const failed = count('fail') + count('cancelled');
  return {
    passed: count('pass'),
    failed: code === 0 ? failed : Math.max(1, failed),
    skipped: count('skipped') + count('todo'),
    failures: [...text.matchAll(/^not ok \d+ - ((?!.*# TODO).*)$/gm)].map(([, name]) => name),
  };
}

/** A program that prints its own counts as its last such line. */
async function counted(script) {
  if (!existsSync(path.join(root, script))) return nothing(script);
  const { code, output } = await run(process.execPath, [script], { keep: true });
  const lines = [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)];
  const [passed, failed, skipped] = lines.at(-1)?.slice(1).map(Number) ?? [0, code === 0 ? 0 : 1, 0];
  const failures = [...output.matchAll(/^\s*✖ (.+)$/gm)].map(([, name]) => name);
  return {
    passed,
    failed: code === 0 ? failed : Math.max(1, failed),
    skipped,
    failures: code === 0 || failures.length > 0 ? failures : [script],
  };
}

function nothing(what) {
  console.log(`${what}: nothing there.`);
  return { passed: 0, failed: 0, skipped: 0, failures: [] };
}

function testFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.test.ts'))
    .sort()
    .map((file) => path.relative(root, path.join(folder, file)));
}

/** Shows what a program prints, and keeps its standard output where asked to. */
function run(command, args, { keep = false } = {}) {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32' && command === 'npx';
    const child = spawn(command, args, {
      cwd: root,
      shell,
      stdio: ['ignore', keep ? 'pipe' : 'inherit', 'inherit'],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => {
      process.stdout.write(chunk);
      output += chunk;
    });
    child.on('error', (error) => {
      console.error(`${command} cannot be started: ${error.message}`);
      resolve({ code: 1, output });
    });
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function sum(counts) {
  const total = (key) => counts.reduce((all, each) => all + each[key], 0);
  return {
    passed: total('passed'),
    failed: total('failed'),
    skipped: total('skipped'),
    failures: counts.flatMap((each) => each.failures),
  };
}
