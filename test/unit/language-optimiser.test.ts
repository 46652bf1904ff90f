import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HostTensor } from '../../src/compute/graph/program';
import { adamw, adamwState, clipFactor, globalNorm } from '../../src/training/language/adamw';
import { learningRateAt } from '../../src/training/language/schedule';

function tensor(...values: number[]): HostTensor {
  return { shape: [values.length], dtype: 'float32', data: Float32Array.from(values) };
}

test('five clipped AdamW steps are those of torch 2.15.0', () => {
  const parameters = { p: tensor(0.5, -1, 2), q: tensor(1, 0.25) };
  const state = adamwState(parameters);
  for (let t = 0; t < 5; t++) {
    const gradients = {
      p: Float64Array.from(parameters.p.data, (v) => Math.sin(v * 3 + t)),
      q: Float64Array.from(parameters.q.data, (v) => Math.cos(v * 2 - t)),
    };
    adamw(parameters, gradients, state, 0.1, { weightDecay: 0.05 }, clipFactor(globalNorm(gradients), 0.8));
  }
  const torch = {
    p: [0.16058755630536128, -0.7049427962529217, 1.8036133787489361],
    q: [0.9336529451261909, 0.018717266001580753],
  };
  for (const name of ['p', 'q'] as const) {
    parameters[name].data.forEach((value, i) => {
      assert.ok(Math.abs(value - torch[name][i]) < 1e-6, `${name}[${i}] is ${value}`);
    });
  }
  assert.equal(state.steps, 5);
});

test('a clipped gradient is never longer than asked, keeps its direction, and a short one stays as it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1 }),
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      (values, most) => {
        const norm = globalNorm({ g: Float64Array.from(values) });
        const factor = clipFactor(norm, most);
        assert.ok(factor > 0 && norm * factor <= most * (1 + 1e-9));
        if (norm <= most) assert.equal(factor, 1);
      },
    ),
  );
  assert.equal(clipFactor(1e9, 0), 1);
});

test('the learning rate rises over the warm-up and then stays or falls to a tenth along a cosine', () => {
  assert.deepEqual(
    [0, 1, 3, 4, 100].map((step) => learningRateAt(step, 8, 4)),
    [2, 4, 8, 8, 8],
  );
  const cosine = (step: number) => learningRateAt(step, 1, 10, 'cosine', 110);
  assert.equal(cosine(10), 1);
  assert.ok(Math.abs(cosine(60) - 0.55) < 1e-12);
  assert.ok(Math.abs(cosine(110) - 0.1) < 1e-12);
  for (let step = 11; step < 150; step++) assert.ok(cosine(step) <= cosine(step - 1));
});
