import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HostTensor } from '../../src/compute/graph/program';
import * as tf from '../../src/compute/graph/tf';
import { addGradient, logLikelihoods } from '../../src/compute/kernels/plackett-luce';
import { random } from '../../src/random';
import { gradientOf, rankingLogLikelihoods } from '../../src/training/language/loss';
import { batchPlan } from '../../src/training/language/passes';
import { rankingBatch } from '../../src/training/language/ranking-batch';
import { responseLogProbabilities } from '../../src/training/language/score';
import { fullPolicy } from '../../src/training/language/transformer-policy';
import type { Workbench } from '../../src/training/language/workbench';
import {
  awayFromReference,
  benchOf,
  MIXED_RECORDS,
  onCpu,
  onOnnxruntime,
  tinyModel,
} from './language-fixtures';

const PRIOR = 0.3;
const OPTIMIZER = { learningRate: 1e-3, batch: 64, accumulate: 1, warmup: 0, weightDecay: 0, clip: 1 };

async function step(bench: Workbench, parameters: Record<string, HostTensor>, weight: Float64Array) {
  const plan = batchPlan(bench, OPTIMIZER);
  const reference = await responseLogProbabilities(bench, bench.policy.initial(3));
  assert.equal(plan.buckets.length, 1);
  const batch = rankingBatch(bench, plan.buckets[0], plan.buckets[0].units, reference, weight, PRIOR);
  const executable = await bench.programs.step(batch.shape, batch.ranking);
  const outputs = await executable.run({ ...parameters, ...batch.feeds });
  return { reference, batch, outputs };
}

for (const [device, make] of [
  ['tfjs on the CPU', onCpu],
  ['onnxruntime', () => onOnnxruntime()],
] as const) {
  test(`loss and likelihoods are those of the f64 kernel, with ties, top-l and weights (${device})`, async () => {
    const bench = await benchOf(MIXED_RECORDS, { executor: await make() });
    const { problem } = bench;
    const { parameters } = awayFromReference(bench.policy, 3);
    const source = random(5);
    const weight = new Float64Array(problem.rankings.count).map(() => source.uniform());
    weight[1] = 0;
    const { reference, batch, outputs } = await step(bench, parameters, weight);
    const current = await responseLogProbabilities(bench, parameters);
    const utility = current.map((value, y) => bench.beta * (value - reference[y]));
    assert.ok(
      utility.some((u) => Math.abs(u) > 0.02),
      'the policy has moved',
    );
    const exact = new Float64Array(problem.rankings.count);
    logLikelihoods(problem.rankings, utility, exact);
    let loss = 0;
    batch.rankings.forEach(({ ranking }, i) => {
      assert.ok(Math.abs(outputs.likelihoods.data[i] - exact[ranking]) < 2e-5, `ranking ${ranking}`);
      loss -= weight[ranking] * exact[ranking];
    });
    for (const y of bench.texts.used) loss += (PRIOR / 2) * utility[y] ** 2 * shownIn(batch.responses, y);
    assert.equal(batch.rankings.length, problem.rankings.count - 1);
    assert.ok(Math.abs(outputs.loss.data[0] - loss) < 1e-4 * Math.abs(loss));
  });
}

test('gradients of a full model are those of finite differences', async () => {
  const model = tinyModel();
  const policy = fullPolicy(model);
  const bench = await benchOf(MIXED_RECORDS, { executor: await onCpu(), model, policy });
  const { parameters } = awayFromReference(policy, 4, 0.1);
  const weight = new Float64Array(bench.problem.rankings.count).fill(1);
  const { outputs } = await step(bench, parameters, weight);
  for (const [name, { data }] of Object.entries(parameters)) {
    // along the gradient itself: a wrong one is longer than the slope in its direction
    const gradient = outputs[gradientOf(name)].data;
    const length = Math.hypot(...gradient);
    const at = async (distance: number) => {
      const moved = data.map((value, i) => value + (distance * gradient[i]) / length);
      const there = await step(
        bench,
        { ...parameters, [name]: { ...parameters[name], data: moved } },
        weight,
      );
      return there.outputs.loss.data[0];
    };
    const h = 2e-3 / (1 + length / 100);
    const measured = ((await at(h)) - (await at(-h))) / (2 * h);
    assert.ok(
      Math.abs(measured - length) < 1e-2 * (0.1 + length),
      `${name}: ${length}, measured ${measured}`,
    );
  }
});

test('likelihoods and their gradient in the rewards are the kernel’s, for any rankings', async () => {
  const executor = await onCpu();
  const group = fc.integer({ min: 1, max: 3 });
  const shape = fc.record({ groups: fc.array(group, { minLength: 1, maxLength: 3 }), unranked: fc.nat(2) });
  await fc.assert(
    fc.asyncProperty(fc.array(shape, { minLength: 1, maxLength: 5 }), fc.nat(1000), async (shapes, seed) => {
      const source = random(seed);
      const records = shapes.map(({ groups, unranked }, i) => {
        const ranked = groups.reduce((sum, n) => sum + n, 0);
        const size = Math.max(2, ranked + unranked);
        const places = source.shuffle(Array.from({ length: size }, (_, j) => j));
        const ranking = groups.map((n) =>
          n === 1 ? places.pop()! : Array.from({ length: n }, () => places.pop()!),
        );
        const responses = Array.from({ length: size }, (_, j) => `answer ${j}`);
        return { annotator: `a${i}`, prompt: `prompt ${i % 2}`, responses, ranking };
      });
      const bench = await benchOf(records, { executor });
      const { problem, usable } = bench;
      const kept = Array.from({ length: problem.rankings.count }, (_, r) => r).filter(
        (r) => usable.orders[r],
      );
      if (kept.length === 0) return;
      const [bucket] = batchPlan(bench, OPTIMIZER).buckets;
      const weight = Float64Array.from({ length: problem.rankings.count }, () => source.uniform());
      const reference = new Float64Array(bench.texts.response.length);
      const batch = rankingBatch(bench, bucket, bucket.units, reference, weight, PRIOR);
      const utility = Float64Array.from(reference, () => 2 * source.normal());
      const rewards = Float32Array.from({ length: batch.shape.slots }, (_, slot) =>
        slot < batch.responses.length ? utility[batch.responses[slot]] : 0,
      );
      const tensors = Object.fromEntries(
        Object.entries(batch.feeds).map(([name, { data, shape, dtype }]) => [
          name,
          tf.tensor(data, [...shape], dtype),
        ]),
      );
      const likelihoods = (r: tf.Tensor1D) => rankingLogLikelihoods(r, tensors, batch.ranking);
      const values = likelihoods(tf.tensor1d(rewards)).dataSync();
      const exact = new Float64Array(problem.rankings.count);
      logLikelihoods(problem.rankings, utility, exact);
      batch.rankings.forEach(({ ranking }, i) => {
        assert.ok(Math.abs(values[i] - exact[ranking]) < 1e-5 * (1 + Math.abs(exact[ranking])));
      });
      const total = (r: tf.Tensor) =>
        tf.sum<tf.Scalar>(tf.mul(likelihoods(r as tf.Tensor1D), tensors.weight));
      const slope = tf.grad(total)(tf.tensor1d(rewards)).dataSync();
      const expected = new Float64Array(utility.length);
      const used = weight.map((w, r) => (usable.orders[r] ? w : 0));
      addGradient(problem.rankings, utility, used, expected);
      const found = new Float64Array(utility.length);
      batch.responses.forEach((y, slot) => (found[y] += slope[slot]));
      for (const y of bench.texts.used) assert.ok(Math.abs(found[y] - expected[y]) < 1e-5, `response ${y}`);
    }),
    { numRuns: 40 },
  );
});

/** A response is in a batch once for each group of rankings that it belongs to. */
function shownIn(responses: readonly number[], y: number): number {
  return responses.filter((other) => other === y).length;
}
