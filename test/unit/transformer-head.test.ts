import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostTensor, Tensors } from '../../src/compute/graph/program';
import * as tf from '../../src/compute/graph/tf';
import { targetLogProbabilities } from '../../src/policy/transformer/head';
import { scratchConfig } from '../../src/policy/transformer/scratch';
import { random } from '../../src/random';
import { EXECUTORS } from './transformer-golden';

const N = 7;
const HIDDEN = 4;
const config = { ...scratchConfig({ layers: 1, hidden: HIDDEN, heads: 2 }), vocabulary: 11, tied: false };

function drawn(shape: readonly number[], seed: number): HostTensor & { data: Float32Array } {
  const source = random(seed);
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => source.normal());
  return { shape, dtype: 'float32', data };
}

const x = drawn([N, HIDDEN], 1);
const head = drawn([config.vocabulary, HIDDEN], 2);
const weight = drawn([N], 3);
const target = Int32Array.from({ length: N }, (_, i) => (3 * i) % config.vocabulary);

/** Σ weight · log softmax(x Wᵀ)[target] and its gradients, written out in f64. */
function expected() {
  const values: number[] = [];
  const byX = new Float64Array(N * HIDDEN);
  const byHead = new Float64Array(config.vocabulary * HIDDEN);
  for (let i = 0; i < N; i++) {
    const logits = Array.from({ length: config.vocabulary }, (_, v) => {
      let sum = 0;
      for (let h = 0; h < HIDDEN; h++) sum += x.data[i * HIDDEN + h] * head.data[v * HIDDEN + h];
      return sum;
    });
    const logZ = Math.log(logits.reduce((sum, l) => sum + Math.exp(l), 0));
    values.push(logits[target[i]] - logZ);
    logits.forEach((logit, v) => {
      const slope = weight.data[i] * ((v === target[i] ? 1 : 0) - Math.exp(logit - logZ));
      for (let h = 0; h < HIDDEN; h++) {
        byX[i * HIDDEN + h] += slope * head.data[v * HIDDEN + h];
        byHead[v * HIDDEN + h] += slope * x.data[i * HIDDEN + h];
      }
    });
  }
  return { values, byX, byHead };
}

function close(actual: ArrayLike<number>, wanted: ArrayLike<number>): void {
  assert.equal(actual.length, wanted.length);
  for (let i = 0; i < wanted.length; i++) assert.ok(Math.abs(actual[i] - wanted[i]) < 1e-5, `${i}`);
}

for (const [device, start] of Object.entries(EXECUTORS)) {
  // 22: two rows at a time, the last part smaller; 1: row by row
  for (const most of [1, 22, 1000]) {
    for (const frozen of [true, false]) {
      void test(`a ${frozen ? 'frozen' : 'trained'} head on ${device}, at most ${most} logits at once`, async () => {
        const executor = await start();
        const executable = await executor.compile({
          name: 'head',
          inputs: {
            x,
            target: { shape: [N], dtype: 'int32' },
            weight,
            'lm_head.weight': head,
          },
          constants: {},
          compute: (tensors): Tensors => {
            const score = (rows: tf.Tensor, matrix: tf.Tensor) =>
              targetLogProbabilities(
                config,
                { 'lm_head.weight': matrix },
                rows as tf.Tensor2D,
                tensors.target as tf.Tensor1D,
                frozen,
                most,
              );
            const total = (...[rows, matrix]: tf.Tensor[]): tf.Scalar =>
              tf.sum(tf.mul(score(rows, matrix), tensors.weight));
            const matrix = tensors['lm_head.weight'];
            if (frozen) {
              const byX = tf.grad((rows: tf.Tensor) => total(rows, matrix))(tensors.x);
              return { values: score(tensors.x, matrix), byX };
            }
            const [byX, byHead] = tf.grads(total)([tensors.x, matrix]);
            return { values: score(tensors.x, matrix), byX, byHead };
          },
        });
        const { values, byX, byHead } = expected();
        const outputs = await executable.run({
          x,
          target: { shape: [N], dtype: 'int32', data: target },
          weight,
          'lm_head.weight': head,
        });
        close(outputs.values.data, values);
        close(outputs.byX.data, byX);
        if (!frozen) close(outputs.byHead.data, byHead);
        await executable.dispose();
        await executor.dispose();
      });
    }
  }
}
