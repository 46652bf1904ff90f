import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanonicalRecord } from '../../src/dataset/canonical-line';
import { validateTable } from '../../src/identify/verdicts';
import { chooseAlternatives, makeModel } from '../../src/policy/make-model';
import { fitMixture } from '../../src/training/fit';
import { adjustedRand, hardLabels } from '../../src/training/labels';
import { makeProblem } from '../../src/training/problem';
import type { RankingTable } from '../../src/dataset/table';
import { simulateItems, tableOf } from './mixtures';

const REWARDS = [
  [1.6, 0.6, -0.4, -1.8],
  [-1.6, -0.6, 0.4, 1.8],
];
const DESIGN = { annotators: 300, shares: [0.5, 0.5], rewards: REWARDS };

/** How well EM assigns annotators to their true types. */
async function recovery(table: RankingTable): Promise<number> {
  const policy = { kind: 'tabular', over: 'auto' } as const;
  const alternatives = chooseAlternatives(table, policy);
  const problem = makeProblem(table, alternatives.of, alternatives.count, {
    unranked: 'offered',
    ties: 'average',
  });
  const { gamma } = await fitMixture(problem, makeModel(table, policy, alternatives, problem.components), {
    types: 2,
    starts: 6,
    seed: 1,
    prior: 0.1,
    tolerance: 1e-8,
    iterations: 500,
    breathe: () => Promise.resolve(),
    onIteration: () => {},
  });
  const labels = hardLabels(gamma, 2);
  return adjustedRand(
    problem.profileOf.map((p) => labels[p]),
    table.knownType,
  );
}

test('following the advice changes the verdict, and EM then recovers the types', async () => {
  const before = simulateItems({ ...DESIGN, recordsEach: 1, offered: 2, ranked: 2 }, 11);
  const poor = await tableOf(before);
  const report = validateTable(poor, [], {
    types: 2,
    information: true,
    advise: { measure: 'share', value: 0.05 },
  });
  assert.ok(report.findings.some(({ code }) => code === 'identify/single-pairs'));
  assert.ok(report.findings.some(({ code }) => code === 'identify/singular-information'));
  const { advice } = report;
  assert.ok(advice && !advice.reached && advice.singular > 0 && advice.shareError === null);
  const rankings = advice.options.find(({ action }) => action === 'rankings-of-three');
  assert.ok(rankings?.reaches && rankings.singular === 0, 'rankings of three are among what helps');
  // more records of a third of the annotators are too few, and stand behind what reaches the target
  const short = advice.options.filter(({ reaches }) => !reaches);
  assert.deepEqual(advice.options.slice(advice.options.length - short.length), short);
  assert.ok(short.every(({ action }) => action === 'records-of-annotators'));

  const each = Number(/for (\d+) rankings? of three/.exec(rankings.message)?.[1]);
  const more = simulateItems({ ...DESIGN, recordsEach: each, offered: 3, ranked: 3 }, 11);
  const typeOf = new Map(before.map((r) => [r.annotator, r.type]));
  const followed = [...before, ...more.filter((r) => typeOf.get(r.annotator) === r.type)];
  const rich = await tableOf(followed);
  const after = validateTable(rich, [], {
    types: 2,
    information: true,
    advise: { measure: 'share', value: 0.06 },
  });
  assert.ok(!after.findings.some(({ code }) => /single-pairs|singular-information/.test(code)));
  assert.ok((await recovery(poor)) < 0.3);
  assert.ok((await recovery(await tableOf(onlyAsked(followed)))) > 0.5);
});

/** Records of annotators who did get the further rankings. */
function onlyAsked(records: readonly CanonicalRecord[]): CanonicalRecord[] {
  const asked = new Set(records.filter((r) => r.responses.length === 3).map((r) => r.annotator));
  return records.filter((r) => asked.has(r.annotator));
}

test('where the target is reached already nothing is advised', async () => {
  const table = await tableOf(simulateItems({ ...DESIGN, recordsEach: 6, offered: 4, ranked: 4 }, 2));
  const { advice } = validateTable(table, [], { types: 2, advise: { measure: 'share', value: 0.2 } });
  assert.ok(advice?.reached);
  assert.deepEqual(advice.options, []);
});

test('more annotators with the same design are advised by the square-root law', async () => {
  const table = await tableOf(simulateItems({ ...DESIGN, recordsEach: 4, offered: 3, ranked: 3 }, 3));
  const { advice } = validateTable(table, [], { types: 2, advise: { measure: 'share', value: 0.015 } });
  assert.ok(advice?.shareError != null && advice.shareError > 0.015);
  const more = advice.options.find(({ action }) => action === 'more-annotators');
  assert.ok(more);
  const needed = Math.ceil(((advice.shareError / 0.015) ** 2 - 1) * DESIGN.annotators);
  assert.match(more.message, new RegExp(`${needed} further annotators`));
  assert.ok(more.shareError !== null && more.shareError <= 0.015 + 1e-9);
});

test('parts that nothing compares: a bridge is advised, and leaves no direction open', async () => {
  const side = (items: [string, string, string], who: string) =>
    Array.from({ length: 30 }, (_, i) => ({
      annotator: `${who}${i}`,
      prompt: 'p',
      responses: items,
      ranking: i % 2 === 0 ? [0, 1, 2] : [2, i % 3 === 0 ? 0 : 1, i % 3 === 0 ? 1 : 0],
    }));
  const records = [...side(['a', 'b', 'c'], 'x'), ...side(['d', 'e', 'f'], 'y')];
  const { advice } = validateTable(await tableOf(records), [], {
    types: 2,
    advise: { measure: 'share', value: 0.05 },
  });
  assert.ok(advice && advice.singular > 0);
  const bridges = advice.options.find(({ action }) => action === 'bridges');
  assert.ok(bridges && bridges.singular < advice.singular);
});

test('an eigenvalue can be the target too, and weak prompts and annotators with few records are named', async () => {
  const rewards = [[1, 0.4, -0.4, -1]];
  const often = simulateItems(
    { annotators: 80, recordsEach: 4, offered: 4, ranked: 4, shares: [1], rewards },
    5,
  );
  const rarely = simulateItems(
    { annotators: 12, recordsEach: 1, offered: 3, ranked: 2, shares: [1], rewards },
    6,
  ).map((r) => ({
    ...r,
    annotator: `rare-${r.annotator}`,
    prompt: 'Which is worst?',
  }));
  const second = often.map((r) => ({ ...r, prompt: 'And which next?' }));
  const table = await tableOf([...often, ...second, ...rarely]);
  const { advice } = validateTable(table, [], { types: 2, advise: { measure: 'eigenvalue', value: 2 } });
  assert.ok(
    advice && advice.measure === 'eigenvalue' && !advice.reached && advice.smallestEigenvalueOfAll < 2,
  );
  for (const option of advice.options) {
    assert.equal(option.reaches, option.singular === 0 && option.smallestEigenvalueOfAll >= 2);
  }
  const weak = advice.options.find(({ action }) => action === 'rankings-where-weak');
  assert.ok(weak);
  assert.ok(weak.message.includes('Which is worst?') && !weak.message.includes('And which next?'));
  assert.ok(weak.smallestEigenvalueOfAll > advice.smallestEigenvalueOfAll);
  const few = advice.options.find(({ action }) => action === 'records-of-few');
  assert.match(few?.message ?? '', /12 annotators with only 1 record/);
});
