import assert from 'node:assert/strict';
import path from 'node:path';
import type { Executor } from '../../src/compute/graph/executor';
import type { HostTensors, Program, Tensors } from '../../src/compute/graph/program';
import * as tf from '../../src/compute/graph/tf';
import { readAdapter } from '../../src/policy/transformer/export/peft-adapter';
import { logits } from '../../src/policy/transformer/decoder';
import { hiddenStates, responseLogProbabilities } from '../../src/policy/transformer/forward';
import { loadModel } from '../../src/policy/transformer/load-model';
import { pack, type PackShape } from '../../src/policy/transformer/packing';
import { batchFeeds, batchInputs, batchTensors } from '../../src/training/language/batch-inputs';
import { GOLDEN, golden, relativeError } from './transformer-golden';

/** Relative, to the largest number of each tensor. */
const TOLERANCE = 1e-4;

/** Fails where logits, log-probabilities, loss or a gradient differ from the golden ones by more than 1e-4. */
export async function assertGolden(name: string, executor: Executor): Promise<void> {
  for (const { what, actual, expected } of await compute(name, executor)) {
    const error = relativeError(actual, expected);
    assert.ok(error < TOLERANCE, `${what} on ${executor.id}: ${error}`);
  }
}

async function compute(name: string, executor: Executor) {
  const expected = golden(name);
  const { config, weights } = await loadModel(path.join(GOLDEN, name));
  const adapter = await readAdapter(path.join(GOLDEN, name, 'adapter'));
  assert.equal(adapter.scaling, expected.scaling);

  const records = expected.records.map(({ prompt, responses }, i) => ({
    line: i + 1,
    prompt: Int32Array.from(prompt),
    responses: responses.map((response) => Int32Array.from(response)),
  }));
  // the longest row is short, so that a record is divided between rows
  const batch = pack(records, { longest: 32 });
  const adapterInputs = Object.fromEntries(
    Object.entries(adapter.tensors).map(([key, { shape, dtype }]) => [key, { shape, dtype }]),
  );
  const counts = expected.records.map(({ responses }) => responses.length);
  const trained = await executor.compile({
    name,
    inputs: { ...batchInputs(batch), ...adapterInputs },
    constants: weights,
    compute: (tensors) => {
      const log = (tuned?: Tensors) =>
        responseLogProbabilities(
          config,
          tensors,
          tuned && { tensors: tuned, scaling: adapter.scaling },
          batchTensors(tensors),
          batch.slots,
        );
      const reference = log();
      const names = Object.keys(adapterInputs);
      const loss = (...tuned: tf.Tensor[]) =>
        plackettLuceDpo(
          log(Object.fromEntries(names.map((key, i) => [key, tuned[i]]))),
          reference,
          expected.beta,
          counts,
        );
      const { value, grads } = tf.valueAndGrads(loss)(names.map((key) => tensors[key]));
      const policy = log(Object.fromEntries(names.map((key) => [key, tensors[key]])));
      return {
        reference,
        policy,
        loss: value,
        ...Object.fromEntries(names.map((key, i) => [`gradient of ${key}`, grads[i]])),
      };
    },
  });
  const sequence = pack([
    {
      line: 1,
      prompt: Int32Array.from(expected.sequence.slice(0, 3)),
      responses: [Int32Array.from(expected.sequence.slice(3))],
    },
  ]);
  const scores = await executor.compile(
    logitsProgram(
      sequence,
      (tensors) => hiddenStates(config, tensors, undefined, batchTensors(tensors)),
      (tensors, x) => logits(config, tensors, x),
      weights,
    ),
  );
  const { all } = await scores.run(batchFeeds(sequence));
  const outputs = await trained.run({ ...batchFeeds(batch), ...adapter.tensors });
  await Promise.all([scores.dispose(), trained.dispose()]);

  return [
    {
      what: 'logits',
      actual: all.data.subarray(0, expected.sequence.length * config.vocabulary),
      expected: expected.logits,
    },
    {
      what: 'log-probabilities of the base',
      actual: outputs.reference.data,
      expected: expected.records.flatMap(({ reference }) => reference),
    },
    {
      what: 'log-probabilities with the adapter',
      actual: outputs.policy.data,
      expected: expected.records.flatMap(({ policy }) => policy),
    },
    { what: 'loss', actual: outputs.loss.data, expected: [expected.loss] },
    ...Object.entries(expected.gradients).map(([key, gradient]) => ({
      what: `gradient of ${key}`,
      actual: outputs[`gradient of ${key}`].data,
      expected: gradient,
    })),
  ];
}

function logitsProgram(
  shape: PackShape,
  hidden: (tensors: Tensors) => tf.Tensor3D,
  head: (tensors: Tensors, x: tf.Tensor2D) => tf.Tensor2D,
  constants: HostTensors,
): Program {
  return {
    name: 'logits',
    inputs: batchInputs(shape),
    constants,
    compute: (tensors) => {
      const x = hidden(tensors);
      return { all: head(tensors, tf.reshape(x, [-1, x.shape[2]])) };
    },
  };
}

/** Mean over records of the negative Plackett-Luce log-likelihood of implicit rewards, the responses best first. */
function plackettLuceDpo(
  policy: tf.Tensor1D,
  reference: tf.Tensor1D,
  beta: number,
  counts: readonly number[],
): tf.Scalar {
  const rewards = tf.mul<tf.Tensor1D>(tf.sub(policy, reference), beta);
  const stages: tf.Tensor[] = [];
  let from = 0;
  for (const count of counts) {
    for (let j = 0; j < count - 1; j++) {
      const left = tf.slice1d(rewards, from + j, count - j);
      stages.push(tf.sub(tf.logSumExp(left), tf.reshape(tf.slice1d(left, 0, 1), [])));
    }
    from += count;
  }
  return tf.div(tf.addN(stages), counts.length);
}
