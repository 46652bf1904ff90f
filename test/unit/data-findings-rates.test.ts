import { test } from 'node:test';
import assert from 'node:assert/strict';
import { simulateParametric } from '../../src/dataset/simulate/simulate';
import { dataFindings } from '../../src/identify/data/rules';
import { FALSE_ALARM } from '../../src/identify/data/significance';
import { tableOf, votes } from './data-findings-records';

/** Of so many clean datasets at most this many may have a finding: more has a chance below 1 in 10,000 at the stated rate. */
const DATASETS = 200;
const MOST = 8;

async function alarms(make: (seed: number) => Parameters<typeof tableOf>[0], codes: RegExp): Promise<number> {
  let count = 0;
  for (let seed = 0; seed < DATASETS; seed++) {
    if (dataFindings(await tableOf(make(seed))).some(({ code }) => codes.test(code))) count++;
  }
  return count;
}

test('the stated rate and the number of alarms that the tests allow belong together', () => {
  assert.equal(FALSE_ALARM, 0.01);
  assert.equal(MOST, 4 * FALSE_ALARM * DATASETS);
});

for (const options of [2, 3, 4]) {
  test(`votes among ${options}: position, constant choice and ties raise false alarms at no more than the stated rate`, async () => {
    const make = (seed: number) => votes({ annotators: 15, records: 14, seed, options, tie: () => 0.1 });
    assert.ok((await alarms(make, /position|constant|tie/)) <= MOST);
  });
}

test('an order drawn once for each choice set raises false alarms at no more than the stated rate', async () => {
  const make = (seed: number) =>
    votes({ annotators: 15, records: 14, prompts: 20, seed, order: 'choice-set' });
  assert.ok((await alarms(make, /position|constant/)) <= MOST);
});

test('rankings by simulated types: no alarm of any test beyond the stated rate, types included', async () => {
  const make = (seed: number) =>
    simulateParametric(
      { types: 2, features: 3, prompts: 12, responses: 4, annotators: 24, records: 12, ties: 0.2 },
      seed,
    ).records;
  assert.ok((await alarms(make, /position|constant|tie|known/)) <= 2 * MOST);
});

test('known types that are the true ones raise false alarms at no more than the stated rate', async () => {
  const make = (seed: number) =>
    simulateParametric(
      {
        types: [
          { share: 0.5, weights: [1.5, -1] },
          { share: 0.5, weights: [-1, 1.5] },
        ],
        prompts: 15,
        responses: 2,
        annotators: 30,
        records: 15,
      },
      seed,
    ).records;
  assert.ok((await alarms(make, /known/)) <= MOST);
});

test('clean simulated rankings on shared prompts have no finding at all', async () => {
  const { records } = simulateParametric(
    { types: 3, features: 4, prompts: 40, responses: 3, annotators: 60, records: 40 },
    7,
  );
  assert.deepEqual(dataFindings(await tableOf(records)), []);
});
