import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { pseudonymKey } from '../../src/run/pseudonyms/key';
import { pseudonyms } from '../../src/run/pseudonyms/pseudonyms';
import { snapshotWithoutNames } from '../../src/run/pseudonyms/snapshot';
import { short } from '../../src/identify/words';
import { RunError } from '../../src/run/run-error';
import { finishedRun } from '../window/fixture';
import { assertCivil, record, run, twoTypes } from './cli-run';
import { scratchFolder } from './run-files';

test('a pseudonym is the same for the same name and key, and tells neither', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.string(), fc.string(), (key, a, b) => {
      const [one, again] = [pseudonyms(key), pseudonyms(key)];
      assert.equal(one(a), again(a));
      assert.equal(one(a) === one(b), a === b);
      assert.match(one(a), /^a-[0-9a-f]{16}$/);
      assert.notEqual(pseudonyms(Buffer.concat([key, Buffer.of(1)]))(a), one(a));
    }),
  );
});

test('the key of a project is made once, also by several at once, and a broken one is refused', async (t) => {
  const folder = scratchFolder(t);
  const keys = await Promise.all(Array.from({ length: 8 }, () => pseudonymKey(folder)));
  assert.ok(keys.every((key) => key.equals(keys[0]) && key.length === 32));
  assert.deepEqual(readdirSync(path.join(folder, '.emdpo')).sort(), ['.gitignore', 'pseudonyms.key']);
  writeFileSync(path.join(folder, '.emdpo', 'pseudonyms.key'), 'short');
  await assert.rejects(
    pseudonymKey(folder),
    (error) => error instanceof RunError && /damaged/.test(error.message),
  );
});

test('no name stays in a snapshot, however findings put it', () => {
  const name = fc
    .oneof(
      fc.string({ minLength: 1, maxLength: 60 }),
      fc.constantFrom('ann “the” pan', 'x"y', '$&', 'a'.repeat(50)),
    )
    .filter((each) => each.trim() === each && each !== '');
  const pseudonym = pseudonyms(Buffer.alloc(32));
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 5 }), (names) => {
      const run = finishedRun();
      assert.ok(run.posterior && run.validation);
      const finding = (message: string) => ({ ...run.validation!.findings[0], message, positions: [] });
      const messages = names.flatMap((each) => [
        `Annotator “${short(each)}” tied all.`,
        `The annotator "${each}" has two types.`,
      ]);
      const { posterior, validation } = snapshotWithoutNames(
        {
          ...run,
          posterior: { ...run.posterior, annotators: names, total: names.length },
          validation: { ...run.validation, findings: messages.map(finding) },
        },
        { annotators: names, pseudonym },
      );
      assert.deepEqual(posterior?.annotators, names.map(pseudonym));
      assert.deepEqual(
        validation?.findings.map(({ message }) => message),
        names.flatMap((each) => [
          `Annotator “${pseudonym(each)}” tied all.`,
          `The annotator "${pseudonym(each)}" has two types.`,
        ]),
      );
    }),
  );
});

test('what is shared with pseudonyms holds no name, and the same pseudonyms; it says that it holds texts', async (t) => {
  const folder = scratchFolder(t);
  const file = path.join(folder, 'answers.jsonl');
  // two records of one annotator that contradict each other: a finding names them
  const contradiction = [
    [0, 1, 2],
    [2, 1, 0],
  ].map((ranking) => record({ annotator: 'annotator 3', prompt: 'Prompt 9', ranking }));
  writeFileSync(file, twoTypes() + contradiction.join('\n'));
  const directory = path.join(folder, '.emdpo', 'runs', 'run');
  assert.equal(
    (await run(['train', file, '--policy', 'tabular', '--starts', '2', '--run-dir', directory])).code,
    0,
  );
  const plain = await run(['report', directory]);
  assert.match(plain.stdout, /prompts and responses of the dataset and the names/);
  assert.match(readFileSync(path.join(directory, 'report.html'), 'utf8'), /Annotator “annotator 3”/);

  const out = path.join(folder, 'shared.html');
  const report = await run(['report', directory, '--pseudonymise', '--out', out]);
  assertCivil(report);
  assert.equal(report.code, 0, report.stderr);
  assert.match(report.stdout, /prompts and responses of the dataset, which may name people/);
  const html = readFileSync(out, 'utf8');
  assert.doesNotMatch(html, /annotator \d/);
  assert.ok(!html.includes(folder));
  assert.match(html, /Annotator “a-[0-9a-f]{16}”/);

  const exported = path.join(folder, 'export');
  const ended = await run(['export', directory, '--out', exported, '--pseudonymise', '--json']);
  assertCivil(ended);
  assert.deepEqual((JSON.parse(ended.stdout) as { holds: unknown }).holds, {
    texts: true,
    annotators: 'pseudonyms',
  });
  const written = readFileSync(path.join(exported, 'type1.trl.jsonl'), 'utf8');
  assert.doesNotMatch(written, /annotator \d/);
  const found = new Set([...written.matchAll(/"annotator":"(a-[0-9a-f]{16})"/g)].map(([, each]) => each));
  assert.equal(found.size, 24);
  assert.ok([...found].every((each) => html.includes(each)));
  assert.ok(!readFileSync(path.join(exported, 'weights.json'), 'utf8').includes(folder));
  const words = await run(['export', directory, '--out', path.join(folder, 'plain')]);
  assert.match(words.stdout, /the names of annotators \(--pseudonymise/);

  // under one type all annotators of the second have moved
  const other = path.join(folder, '.emdpo', 'runs', 'other');
  const train = ['train', file, '--policy', 'tabular', '--types', '1', '--starts', '1', '--run-dir', other];
  assert.equal((await run(train)).code, 0);
  const told = new Map<string, string>();
  const tell = async (args: readonly string[], out?: string) => {
    const printed = await run([...args, '--pseudonymise']);
    assertCivil(printed);
    assert.equal(printed.code, 0, printed.stderr);
    told.set(args[0], printed.stdout + (out === undefined ? '' : readFileSync(out, 'utf8')));
    return printed.stdout;
  };
  const compared = path.join(folder, 'compared.html');
  await tell(['compare', directory, other, '--json', '--report', compared], compared);
  await tell(['validate', file, '--sarif']);
  await tell(['assign', directory, file, '--json']);
  const shared = path.join(folder, 'shared.jsonl');
  assert.match(await tell(['convert', file, shared], shared), /which may name people/);
  for (const [command, text] of told) {
    assert.doesNotMatch(text, /annotator \d/, command);
    const pseudonyms = new Set(text.match(/\ba-[0-9a-f]{16}\b/g));
    assert.ok(
      [...pseudonyms].every((each) => found.has(each)),
      command,
    );
    assert.equal(pseudonyms.size, command === 'validate' ? 1 : 24, command);
  }
  assert.ok(!told.get('compare')!.includes(folder));
});
