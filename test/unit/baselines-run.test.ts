import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { RankingTable } from '../../src/dataset/table';
import { regretMatrix } from '../../src/aggregate/regret-matrix';
import { minMax } from '../../src/regret/min-max';
import { mixturePolicy } from '../../src/aggregate/candidates';
import { worstRegrets } from '../../src/aggregate/worst-regret';
import { listResponses, policyFromReward } from '../../src/policy/response-policy';
import type { RunEventBody } from '../../src/protocol/event';
import type { EvaluateChoice, RewardExperiment } from '../../src/protocol/experiment';
import { baselineLines, attributeLines } from '../../src/cli/print-baselines';
import { readAttribute } from '../../src/run/attribute';
import { readExperiment } from '../../src/run/experiment';
import { fitExperiment } from '../../src/run/fit-experiment';
import { RunError } from '../../src/run/run-error';
import { readTrueTypes } from '../../src/run/truth';
import { random } from '../../src/random';
import { tableOf } from './mixtures';

const REWARDS = [
  [1.5, 0, -1.5],
  [-1.5, 0, 1.5],
];
const TEXTS = ['left', 'middle', 'right'];
const PROMPTS = Array.from({ length: 6 }, (_, x) => `Question ${x}?`);

/** 60 annotators of two types who rank three answers to six questions. */
function records(typed = true) {
  const source = random(7);
  return Array.from({ length: 60 }, (_, h) =>
    PROMPTS.map((prompt) => {
      const k = h % 3 === 0 ? 1 : 0;
      const ranking = [0, 1, 2]
        .map((y) => ({ y, u: REWARDS[k][y] + source.gumbel() }))
        .sort((a, b) => b.u - a.u)
        .map(({ y }) => y);
      return { annotator: `a${h}`, prompt, responses: TEXTS, ranking, ...(typed && { type: `t${k}` }) };
    }),
  ).flat();
}

const TRUTH = {
  types: [
    { name: 't0', share: 2 / 3 },
    { name: 't1', share: 1 / 3 },
  ],
  prompts: PROMPTS.map((prompt) => ({ prompt, responses: TEXTS, rewards: REWARDS })),
  annotators: Array.from({ length: 60 }, (_, h) => ({ annotator: `a${h}`, type: h % 3 === 0 ? 't1' : 't0' })),
};

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'emdpo-baselines-'));
});
after(() => rm(folder, { recursive: true }));

async function compare(
  table: RankingTable,
  name: string,
  change: Partial<RewardExperiment> = {},
  evaluate: Partial<EvaluateChoice> = {},
) {
  const events: RunEventBody[] = [];
  const experiment: RewardExperiment = {
    name,
    dataset: { path: path.join(folder, `${name}.jsonl`), unranked: 'offered', ties: 'average' },
    policy: { kind: 'tabular', over: 'auto' },
    types: 2,
    beta: 0.5,
    em: { starts: 3, tolerance: 1e-8, iterations: 500, prior: 0.1 },
    aggregate: { protection: [], single: 'mixture', solver: 'exact' },
    evaluate: {
      folds: 5,
      bootstrap: 0,
      calibration: false,
      baselines: true,
      heldOut: 0.3,
      ...evaluate,
    },
    compute: { device: 'auto', threads: 0 },
    seed: 1,
    ...change,
  };
  const emit = (event: RunEventBody) => events.push(event);
  const { result } = await fitExperiment(table, experiment, { signal: new AbortController().signal, emit });
  return { result, events };
}

test('beside a truth file, regrets are under the true rewards, and the named types are a second yardstick', async () => {
  await writeFile(path.join(folder, 'simulated.truth.json'), JSON.stringify(TRUTH));
  const { result } = await compare(await tableOf(records()), 'simulated');
  const { baselines, comparison } = result;
  assert.ok(baselines && comparison);
  assert.equal(comparison.yardstick, 'true');
  assert.deepEqual(comparison.types, ['t0', 't1']);
  assert.equal(comparison.heldOutRecords, 60 * 2);
  assert.deepEqual(
    baselines.map(({ kind }) => kind),
    ['em-min-max', 'em-uniform', 'hard-em', 'clusters', 'plain-dpo', 'oracle'],
  );
  for (const { regret, worst, worstInterval, also, accuracy } of baselines) {
    assert.equal(worst, Math.max(...regret));
    assert.ok(worstInterval && worstInterval[0] <= worst && worst <= worstInterval[1]);
    assert.deepEqual(
      also.map(({ yardstick }) => yardstick),
      ['known'],
    );
    assert.equal(accuracy.length, 2);
  }
  const [em, , hard, , plain, oracle] = baselines;
  assert.ok(em.worst < plain.worst, 'min-max is fairer than plain DPO');
  assert.ok(em.heldOutLogLikelihood! > plain.heldOutLogLikelihood!);
  assert.ok(em.accuracy[1]! > plain.accuracy[1]!, 'the minority is predicted better with types');
  assert.ok(em.adjustedRand! > 0.8 && hard.adjustedRand! > 0.8);
  assert.equal(oracle.adjustedRand, null);
  // by the yardstick of its own types the oracle does what min-max promises
  const [t0, t1] = oracle.also[0].regret;
  assert.ok(Math.abs(t0 - t1) < 1e-6);
  const text = baselineLines(result);
  assert.match(text, /true rewards/);
  for (const { name } of baselines) assert.ok(text.includes(name));
});

test('without named types regrets are against the types found, and the run’s own value comes out again', async () => {
  const { result } = await compare(await tableOf(records(false)), 'unnamed');
  const { baselines, comparison, regret } = result;
  assert.ok(baselines && comparison);
  assert.equal(comparison.yardstick, 'fitted');
  assert.deepEqual(comparison.groups, ['Type 1', 'Type 2']);
  assert.equal(comparison.notes.length, 1);
  assert.equal(
    baselines.some(({ kind }) => kind === 'oracle'),
    false,
  );
  assert.ok(Math.abs(baselines[0].worst - regret.value) < 1e-9);
  const plain = result.candidates.find(({ kind }) => kind === 'plain-dpo')!;
  const row = baselines.find(({ kind }) => kind === 'plain-dpo')!;
  plain.regret.forEach((r, k) => {
    assert.ok(Math.abs(r - row.regret[k]) < 1e-9);
  });
});

test('the same seed compares alike, and a run that does not ask compares nothing', async () => {
  const table = await tableOf(records());
  const [a, b] = [await compare(table, 'twice'), await compare(table, 'twice')];
  assert.deepEqual(a.result.baselines, b.result.baselines);
  const { result } = await compare(table, 'twice', {}, { baselines: false });
  assert.equal(result.baselines, undefined);
  assert.equal(baselineLines(result), '');
  const one = await compare(table, 'twice', { types: 1 });
  assert.equal(one.result.baselines, undefined);
  assert.ok(one.events.some((event) => event.type === 'warning' && event.code === 'baselines/one-type'));
});

test('worst regrets are those of the regret matrix', async () => {
  const table = await tableOf(records());
  const list = listResponses(table);
  const own = REWARDS.map((reward) =>
    policyFromReward(
      list,
      Float64Array.from(
        { length: table.responses.size },
        (_, y) => reward[TEXTS.indexOf(table.responses.text(y))],
      ),
      0.5,
    ),
  );
  const { matrix, protection } = regretMatrix(list, own, [2]);
  const game = minMax(matrix);
  const policies = [...own, mixturePolicy(own, game.weights)];
  const [first, second, fair] = worstRegrets(list, { logPolicies: own, protection }, policies, 1);
  assert.ok(Math.abs(first.regret[1] - matrix[1][0]) < 1e-12);
  assert.ok(Math.abs(second.regret[0] - matrix[0][1]) < 1e-12);
  assert.ok(Math.abs(fair.worst - game.value) < 1e-9);
  assert.equal(first.worstAgainstFirst, undefined);
});

test('a truth that lacks a response gives no true rewards, a damaged one is refused', async () => {
  const table = await tableOf(records());
  const file = path.join(folder, 'partial.truth.json');
  await writeFile(file, JSON.stringify({ ...TRUTH, prompts: TRUTH.prompts.slice(1) }));
  const partial = await readTrueTypes(path.join(folder, 'partial.jsonl'), table);
  assert.equal(partial?.rewards, undefined);
  assert.equal(partial?.annotatorType.filter((t) => t === 1).length, 20);
  await writeFile(file, '{"types": 3}');
  await assert.rejects(readTrueTypes(path.join(folder, 'partial.jsonl'), table), RunError);
  assert.equal(await readTrueTypes(path.join(folder, 'none.jsonl'), table), undefined);
});

test('an attribute of annotators is compared with the types found; bad files are refused', async () => {
  const table = await tableOf(records());
  const file = path.join(folder, 'people.csv');
  const rows = Array.from({ length: 59 }, (_, h) => `a${h},${h % 3 === 0 ? 'north' : 'south'}`);
  await writeFile(file, `annotator,region\n${rows.join('\n')}\n`);
  const { result } = await compare(table, 'people', {}, { baselines: false, attribute: file });
  const { attribute } = result;
  assert.ok(attribute);
  assert.equal(attribute.name, 'region');
  assert.deepEqual(attribute.values, ['north', 'south']);
  assert.equal(attribute.untold, 1);
  assert.equal(
    attribute.confusion.flat().reduce((sum, n) => sum + n, 0),
    59,
  );
  assert.ok(attribute.adjustedRand > 0.8);
  assert.match(attributeLines(result), /region/);
  for (const [text, told] of [
    ['annotator\na0\n', /header of two columns/],
    ['annotator,region\nnobody,north\n', /names no annotator/],
    ['annotator,region\na0,north\na0,south\n', /another region/],
    ['annotator,region\n"a0,north\n', /is not CSV/],
  ] as const) {
    await writeFile(file, text);
    await assert.rejects(readAttribute(file, table), told);
  }
  await assert.rejects(readAttribute(path.join(folder, 'absent.csv'), table), /does not exist/);
});

test('an experiment file names the attribute’s file relative to itself', async () => {
  const file = path.join(folder, 'asks.emdpo.json');
  await writeFile(
    file,
    '{"dataset": "people.jsonl", "evaluate": {"baselines": true, "attribute": "sub/people.csv"}}',
  );
  const { evaluate } = await readExperiment(file);
  assert.equal(evaluate.attribute, path.join(folder, 'sub', 'people.csv'));
  assert.equal(evaluate.baselines, true);
  assert.equal(evaluate.heldOut, 0.2);
  await writeFile(file, '{"dataset": "people.jsonl", "evaluate": {"heldOut": 1}}');
  await assert.rejects(readExperiment(file), /heldOut/);
});
