import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Executor } from '../../src/compute/graph/executor';
import type { HostTensor, HostTensors } from '../../src/compute/graph/program';
import { onBackend } from '../../src/compute/graph/on-backend';
import * as tf from '../../src/compute/graph/tf';
import { pack } from '../../src/policy/transformer/packing';
import { random } from '../../src/random';
import { sampledTexts } from '../../src/aggregate/language/score-samples';
import { gradientOf } from '../../src/training/language/loss';
import type { TrainablePolicy } from '../../src/training/language/policy';
import { chosenLogProbability, mixtureDivergence } from '../../src/training/language/soft-divergence';
import { openTeacher } from '../../src/training/language/soft-teacher';
import { weightsBeforeTokens } from '../../src/training/language/soft-weights';
import { onCpu, onOnnxruntime } from './language-fixtures';

const VOCABULARY = 4;
const PROMPT = Int32Array.of(0);

/** A policy whose next token depends on the last alone, by a table of logits: its parameters are all there is to it. */
const bigram: TrainablePolicy = {
  name: 'bigram',
  constants: {},
  parameters: { logits: { shape: [VOCABULARY, VOCABULARY], dtype: 'float32' } },
  hidden: VOCABULARY,
  vocabulary: VOCABULARY,
  frozenHead: false,
  initial: (seed) => table(seed),
  predictorStates: ({ logits }, batch) =>
    tf.gather(logits as tf.Tensor2D, tf.gather(tf.reshape<tf.Rank.R1>(batch.tokens, [-1]), batch.predictor)),
  head: () => tf.eye(VOCABULARY),
  logProbabilities: () => {
    throw new Error('not asked for here');
  },
  hiddenSums: () => {
    throw new Error('not asked for here');
  },
};

function table(seed: number): { logits: HostTensor } {
  const source = random(seed);
  const data = Float32Array.from({ length: VOCABULARY ** 2 }, () => 1.5 * source.normal());
  return { logits: { shape: [VOCABULARY, VOCABULARY], dtype: 'float32', data } };
}

/** log π(next | before) of a table. */
function logOf({ logits }: HostTensors, before: number): number[] {
  const row = Array.from(logits.data.subarray(before * VOCABULARY, (before + 1) * VOCABULARY));
  const z = Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
  return row.map((value) => value - z);
}

const sequence = (length: number): Int32Array[] =>
  length === 0
    ? [new Int32Array(0)]
    : sequence(length - 1).flatMap((y) =>
        Array.from({ length: VOCABULARY }, (_, v) => Int32Array.of(...y, v)),
      );

const logTokens = (policy: HostTensors, y: Int32Array) =>
  Float64Array.from(y, (token, t) => logOf(policy, t === 0 ? PROMPT[0] : y[t - 1])[token]);

const total = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);

test('the weights before a token are the posterior of the type, by enumeration of all sequences', () => {
  const weights = [0.2, 0.5, 0.3];
  const types = [1, 2, 3].map(table);
  const all = sequence(3);
  for (const y of all) {
    const found = weightsBeforeTokens(
      types.map((type) => logTokens(type, y)),
      weights,
    );
    for (let t = 0; t < 3; t++) {
      // probability that type k is drawn and that what it writes begins like y
      const joint = types.map((type, k) => {
        const alike = all.filter((other) => other.subarray(0, t).join() === y.subarray(0, t).join());
        return weights[k] * total(alike.map((other) => Math.exp(total(logTokens(type, other)))));
      });
      joint.forEach((p, k) => {
        assert.ok(Math.abs(found[t * 3 + k] - p / total(joint)) < 1e-9);
      });
    }
  }
});

test('the mixture of next tokens is the mixture of responses, however unlikely they are', () => {
  const logs = fc.array(fc.double({ min: -800, max: 0, noNaN: true }), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(logs, { minLength: 2, maxLength: 4 }), fc.nat(1000), (tokens, seed) => {
      const source = random(seed);
      const raw = tokens.map(() => source.uniform() + 0.01);
      const weights = raw.map((w) => w / total(raw));
      const found = weightsBeforeTokens(tokens, weights);
      const logSum = (values: number[]) => {
        const largest = Math.max(...values);
        return largest + Math.log(total(values.map((value) => Math.exp(value - largest))));
      };
      let log = 0;
      for (let t = 0; t < 6; t++) {
        const row = Array.from(found.subarray(t * tokens.length, (t + 1) * tokens.length));
        assert.ok(Math.abs(total(row) - 1) < 1e-12);
        log += logSum(row.map((w, k) => Math.log(w) + tokens[k][t]));
      }
      const exact = logSum(tokens.map((each, k) => Math.log(weights[k]) + total(each)));
      // a type that fell below the smallest number of f64 cannot come back
      if (found.every((w) => w > 1e-290)) assert.ok(Math.abs(log - exact) < 1e-9 * Math.max(1, -exact));
    }),
  );
});

const RESPONSES = sequence(2);
const WEIGHTS = [0.35, 0.65];
const TEACHERS = [table(1), table(2)];

async function teacherOn(
  executor: Executor,
  { teachers = TEACHERS, mostKept }: { teachers?: readonly HostTensors[]; mostKept?: number } = {},
) {
  const texts = sampledTexts(
    [PROMPT],
    RESPONSES.map((tokens) => ({ prompt: 0, tokens })),
  );
  const input = {
    executor,
    policy: bigram,
    texts,
    teachers,
    weights: WEIGHTS,
    breathe: () => Promise.resolve(),
  };
  const teacher = await openTeacher(input, mostKept);
  const batch = pack([{ line: 1, prompt: PROMPT, responses: RESPONSES }]);
  const ids = RESPONSES.map((_, y) => y);
  return {
    teacher,
    step: (parameters: HostTensors, weight: (response: number) => number = () => 1) =>
      teacher.step(parameters, batch, ids, weight),
  };
}

/** Σ_t KL(mixture ‖ policy) along a response, from probabilities of whole beginnings. */
function exactDivergence(policy: HostTensors, y: Int32Array): number {
  let sum = 0;
  y.forEach((_, t) => {
    const beginning = TEACHERS.map((type, k) => {
      return WEIGHTS[k] * Math.exp(total(logTokens(type, y.subarray(0, t))));
    });
    const before = t === 0 ? PROMPT[0] : y[t - 1];
    const own = logOf(policy, before);
    const byType = TEACHERS.map((type) => logOf(type, before));
    own.forEach((log, v) => {
      const p = total(beginning.map((b, k) => b * Math.exp(byType[k][v]))) / total(beginning);
      sum += p * (Math.log(p) - log);
    });
  });
  return sum;
}

for (const [device, open, mostKept] of [
  ['tfjs/cpu, distributions kept', onCpu, undefined],
  ['tfjs/cpu, teachers beside', onCpu, 0],
  ['onnxruntime, distributions kept', onOnnxruntime, undefined],
  ['onnxruntime, teachers beside', onOnnxruntime, 0],
] as const) {
  test(`divergences and their gradient are exact on ${device}`, async () => {
    const { teacher, step } = await teacherOn(await open(), { mostKept });
    const student = table(3);
    const found = await teacher.divergences(student, new Set(RESPONSES.map((_, y) => y)));
    found.forEach((value, y) => {
      assert.ok(Math.abs(value - exactDivergence(student, RESPONSES[y])) < 1e-5);
    });
    const weight = (y: number) => 0.1 * (y + 1);
    const outputs = await step(student, weight);
    const lossAt = (policy: HostTensors) =>
      total(RESPONSES.map((y, i) => weight(i) * exactDivergence(policy, y)));
    assert.ok(Math.abs(outputs.loss.data[0] - lossAt(student)) < 1e-4);
    student.logits.data.forEach((_, i) => {
      const moved = (by: number) => {
        const data = Float32Array.from(student.logits.data);
        data[i] += by;
        return { logits: { ...student.logits, data } };
      };
      const [up, down] = [moved(2 ** -7), moved(-(2 ** -7))];
      const width = up.logits.data[i] - down.logits.data[i];
      const slope = (lossAt(up) - lossAt(down)) / width;
      assert.ok(Math.abs(outputs[gradientOf('logits')].data[i] - slope) < 1e-3);
    });
    await teacher.dispose();
  });
}

test('nothing is left to learn at the mixture: of equal types it is either of them', async () => {
  const { teacher, step } = await teacherOn(await onCpu(), { teachers: [table(1), table(1)] });
  const outputs = await step(table(1));
  assert.ok(Math.abs(outputs.loss.data[0]) < 1e-5);
  for (const slope of outputs[gradientOf('logits')].data) assert.ok(Math.abs(slope) < 1e-5);
  await teacher.dispose();
});

test('parts of the rows give what all at once give, and a frozen head the same gradient', async () => {
  await onCpu();
  onBackend('cpu', () => {
    const source = random(4);
    const matrix = (rows: number, columns: number) =>
      tf.tensor2d(
        Float32Array.from({ length: rows * columns }, () => source.normal()),
        [rows, columns],
      );
    const predictor = () => ({ states: matrix(7, 3), head: matrix(5, 3) });
    const [student, one, two] = [predictor(), predictor(), predictor()];
    // the last row is padding
    const mixing = tf.tensor2d(
      Array.from({ length: 7 }, (_, n) => (n === 6 ? [0, 0] : [0.1 * n, 1 - 0.1 * n])),
    );
    const along = tf.tensor1d([1, 2, 3, 4, 5, 6, 0]);
    const results = [true, false].flatMap((frozen) =>
      [100, 15, 1].map((most) =>
        tf.valueAndGrad((states: tf.Tensor) =>
          tf.sum(
            tf.mul(
              mixtureDivergence(
                { ...student, states: states as tf.Tensor2D },
                { teachers: [one, two], mixing },
                frozen,
                most,
              ),
              along,
            ),
          ),
        )(student.states),
      ),
    );
    const [first, ...others] = results.map(({ value, grad }) => [...value.dataSync(), ...grad.dataSync()]);
    for (const other of others)
      first.forEach((value, i) => {
        assert.ok(Math.abs(value - other[i]) < 1e-4, `${i}: ${value} ${other[i]}`);
      });
    const target = tf.tensor1d([0, 1, 2, 3, 4, 0, 1], 'int32');
    const whole = chosenLogProbability(student, target).dataSync();
    chosenLogProbability(student, target, 10)
      .dataSync()
      .forEach((value, n) => {
        assert.ok(Math.abs(value - whole[n]) < 1e-5, `${value} ${whole[n]}`);
      });
    assert.equal(mixtureDivergence(student, { teachers: [one, two], mixing }, true).dataSync()[6], 0);
  });
});
