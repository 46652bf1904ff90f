// The ONNX file: its structure, constants outside of it, and the checker of ONNX where Python has it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { onnxruntimeExecutor } from '../../src/compute/graph/executors/onnxruntime';
import { toOnnx } from '../../src/compute/graph/onnx/to-onnx';
import { geluTanh } from '../../src/compute/graph/ops/activations';
import { layerNorm } from '../../src/compute/graph/ops/layer-norm';
import { rmsNorm } from '../../src/compute/graph/ops/rms-norm';
import { tokenLogProbability } from '../../src/compute/graph/ops/token-log-probability';
import type { HostTensor, HostTensors, Program } from '../../src/compute/graph/program';
import * as tf from '../../src/compute/graph/tf';
import { traceProgram } from '../../src/compute/graph/trace/trace-program';
import { assertClose, compareWithOracle, floats, ints, oracle, runOn, withGradients } from './graph-compare';
import { checkStructure } from './onnx-structure';

const [ROWS, LENGTH, WIDTH, HEADS, WORDS] = [2, 5, 8, 2, 7];
const wave = (shape: readonly number[], phase: number): HostTensor => {
  const size = shape.reduce((product, length) => product * length, 1);
  return floats(
    shape,
    Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + phase)),
  );
};

const weights: HostTensors = {
  embedding: wave([WORDS, WIDTH], 0),
  gain: wave([WIDTH], 1),
  bias: wave([WIDTH], 2),
  qkv: wave([WIDTH, 3 * WIDTH], 3),
  qkvBias: wave([3 * WIDTH], 4),
  out: wave([WIDTH, WIDTH], 5),
  up: wave([WIDTH, 4 * WIDTH], 6),
  down: wave([4 * WIDTH, WIDTH], 7),
  last: wave([WIDTH], 8),
};
const batch: HostTensors = {
  tokens: ints([ROWS * LENGTH], [0, 1, 2, 3, 4, 5, 6, 0, 2, 4]),
  target: ints([ROWS * LENGTH], [1, 2, 3, 4, 5, 6, 0, 2, 4, 6]),
  slot: ints([ROWS * LENGTH], [0, 0, 0, 1, -1, 1, 2, 2, 2, -1]),
};

/** A block of a transformer with packed responses: every kind of operator that training has. */
function block(constants: HostTensors = {}): Program {
  const mask = Float32Array.from({ length: LENGTH * LENGTH }, (_, i) =>
    i % LENGTH <= i / LENGTH ? 0 : -1e9,
  );
  return withGradients(
    { ...weights, ...batch },
    (t) => {
      const x = tf.gather(t.embedding, tf.cast(t.tokens, 'int32')) as tf.Tensor2D;
      const normal = layerNorm(x, t.gain as tf.Tensor1D, t.bias as tf.Tensor1D, 1e-5);
      const qkv = tf.add(tf.matMul(normal, t.qkv as tf.Tensor2D), t.qkvBias);
      const heads = tf.transpose(tf.reshape(qkv, [ROWS, LENGTH, 3, HEADS, WIDTH / HEADS]), [2, 0, 3, 1, 4]);
      const [q, k, v] = tf.unstack(tf.reshape(heads, [3, ROWS * HEADS, LENGTH, WIDTH / HEADS]));
      const scores = tf.add(tf.matMul(q, k, false, true), tf.tensor2d(mask, [LENGTH, LENGTH]));
      const attended = tf.reshape(tf.matMul(tf.softmax(scores), v), [ROWS, HEADS, LENGTH, WIDTH / HEADS]);
      const merged = tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [ROWS * LENGTH, WIDTH]);
      const y = tf.add(x, tf.matMul(merged, t.out as tf.Tensor2D));
      const z = tf.add(y, tf.matMul(geluTanh(tf.matMul(y, t.up as tf.Tensor2D)), t.down as tf.Tensor2D));
      const logits = tf.matMul(
        rmsNorm(z as tf.Tensor2D, t.last as tf.Tensor1D, 1e-6),
        t.embedding,
        false,
        true,
      );
      const tokens = tokenLogProbability(logits as tf.Tensor2D, t.target as tf.Tensor1D);
      return tf.unsortedSegmentSum(tokens, tf.cast(t.slot, 'int32') as tf.Tensor1D, 3);
    },
    constants,
  );
}

const feeds: HostTensors = { ...weights, ...batch };

test('a block of a transformer: loss and gradients as TensorFlow.js has them', async () => {
  const outputs = await compareWithOracle(block(), feeds, 1e-4);
  assert.equal(Object.keys(outputs).length, 1 + Object.keys(weights).length);
});

for (const simplify of [true, false])
  test(`its ONNX model is sound (${simplify ? 'simplified' : 'plain'})`, async () => {
    const { bytes } = toOnnx(await traceProgram(block(), { simplify }));
    const model = checkStructure(bytes);
    assert.equal(model.inputs.length, Object.keys(feeds).length);
    assert.equal(model.outputs.length, 1 + Object.keys(weights).length);
  });

test('simplifying leaves less than three quarters of the nodes', async () => {
  const count = async (simplify: boolean): Promise<number> =>
    (await traceProgram(block(), { simplify })).nodes.length;
  const [few, many] = [await count(true), await count(false)];
  assert.ok(few < 0.75 * many, `${few} of ${many} nodes`);
});

test('it passes the checker of ONNX', async (t) => {
  const python = process.env.EMDPO_PYTHON ?? 'python3';
  if (spawnSync(python, ['-c', 'import onnx']).status !== 0) {
    t.skip(`${python} has no package onnx`);
    return;
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'emdpo-onnx-'));
  try {
    for (const simplify of [true, false]) {
      const file = path.join(folder, `${String(simplify)}.onnx`);
      writeFileSync(file, toOnnx(await traceProgram(block(), { simplify })).bytes);
      const script = `import onnx; onnx.checker.check_model(onnx.load(r"${file}"), full_check=True)`;
      const { status, stderr } = spawnSync(python, ['-c', script], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const frozen = wave([64, 512], 9);
const withFrozen: Program = {
  name: 'frozen',
  inputs: { x: { shape: [3, 64], dtype: 'float32' } },
  constants: { frozen },
  compute: ({ x, frozen: w }) => ({ y: tf.tanh(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D)) }),
};

test('big constants stay outside of the model, by reference', async () => {
  const graph = await traceProgram(withFrozen);
  const inside = toOnnx(graph);
  const outside = toOnnx(graph, { external: true });
  assert.equal(inside.external.size, 0);
  assert.ok(inside.bytes.length > frozen.data.byteLength);
  assert.ok(outside.bytes.length < 1000);
  assert.deepEqual([...outside.external.values()], [frozen.data]);
  assert.equal([...outside.external.values()][0], frozen.data);
  for (const { bytes } of [inside, outside]) checkStructure(bytes);
});

test('constants in the model and shared ones give the same', async () => {
  const input = { x: wave([3, 64], 10) };
  const expected = await runOn(oracle, withFrozen, input);
  for (const constants of ['model', 'shared'] as const) {
    const executor = await onnxruntimeExecutor({ provider: 'cpu', constants });
    assertClose(await runOn(executor, withFrozen, input), expected, 1e-5);
  }
});

test('two threads repeat themselves to the bit', async () => {
  const executor = await onnxruntimeExecutor({ provider: 'cpu', threads: 2 });
  const executable = await executor.compile(block());
  const first = await executable.run(feeds);
  for (let i = 0; i < 20; i++) assert.deepEqual(await executable.run(feeds), first);
  await executable.dispose();
});

test('what was returned stays as it was when the executable runs again', async () => {
  const executable = await (await onnxruntimeExecutor({ provider: 'cpu' })).compile(withFrozen);
  const { y } = await executable.run({ x: wave([3, 64], 10) });
  const copy = y.data.slice();
  await executable.run({ x: wave([3, 64], 11) });
  assert.deepEqual(y.data, copy);
  await executable.dispose();
});

test('inputs are checked by name, shape and type', async () => {
  for (const executor of [oracle, await onnxruntimeExecutor({ provider: 'cpu' })]) {
    const executable = await executor.compile(withFrozen);
    await assert.rejects(executable.run({}), /“frozen”: the input “x” is missing/);
    await assert.rejects(
      executable.run({ x: wave([3, 63], 0) }),
      /“x” is float32 \[3, 63\], expected float32 \[3, 64\]/,
    );
    await assert.rejects(
      executable.run({ x: ints([3, 64], new Int32Array(192)) }),
      /int32 \[3, 64\], expected/,
    );
    await assert.rejects(
      executable.run({ x: { ...wave([3, 64], 0), data: new Float32Array(5) } }),
      /5 values/,
    );
    await assert.rejects(executable.run({ x: wave([3, 64], 0), z: wave([1], 0) }), /no input “z”/);
    await executable.dispose();
  }
});

test('a provider that this machine lacks is named', async () => {
  const absent = process.platform === 'darwin' ? 'dml' : 'coreml';
  await assert.rejects(
    onnxruntimeExecutor({ provider: absent }),
    new RegExp(`no provider “${absent}”. It has cpu`),
  );
});

test('a sum with a product is one operator, unless the product is used elsewhere too', async () => {
  const operators = async (f: (product: tf.Tensor, bias: tf.Tensor) => tf.Tensor): Promise<string[]> => {
    const program: Program = {
      name: 'sum',
      inputs: {
        x: { shape: [3, 4], dtype: 'float32' },
        w: { shape: [4, 5], dtype: 'float32' },
        b: { shape: [5], dtype: 'float32' },
      },
      constants: {},
      compute: ({ x, w, b }) => ({ y: f(tf.matMul(x, w), b) }),
    };
    const given = { x: wave([3, 4], 0), w: wave([4, 5], 1), b: wave([5], 2) };
    await compareWithOracle(program, given);
    return (await traceProgram(program)).nodes.map(({ operator }) => operator);
  };
  assert.deepEqual(await operators((y, b) => tf.add(y, b)), ['Gemm']);
  assert.deepEqual(await operators((y, b) => tf.add(b, y)), ['Gemm']);
  assert.deepEqual(await operators((y, b) => tf.mul(tf.add(y, b), tf.exp(y))), ['Gemm', 'Add', 'Exp', 'Mul']);
  assert.deepEqual(await operators((y, b) => tf.add(y, tf.reshape(b, [1, 1, 5]))), [
    'Gemm',
    'Reshape',
    'Add',
  ]);
  assert.deepEqual(await operators((y) => tf.add(y, tf.exp(y))), ['Gemm', 'Exp', 'Add']);
});

test('an ONNX file longer than 2 GB is refused before it is written', async () => {
  const graph = await traceProgram(withFrozen);
  const long = { byteLength: 3e9 } as unknown as Float32Array;
  const nodes = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map((value) =>
      value.source.kind === 'constant' ? { ...value, source: { ...value.source, data: long } } : value,
    ),
  }));
  assert.throws(
    () => toOnnx({ ...graph, nodes }),
    /“frozen” holds 3\.0 GB of constants; an ONNX file holds 2 GB/,
  );
});

test('what fails while it runs is told with the name of the program', async () => {
  const feeds = { x: floats([2, 3], [1, 2, 3, 4, 5, 6]), i: ints([1], [7]) };
  const program = withGradients(feeds, ({ x, i }) => tf.gather(x, tf.cast(i, 'int32')));
  const executor = await onnxruntimeExecutor({ provider: 'cpu' });
  await assert.rejects(
    runOn(executor, program, feeds),
    /Program “f” fails on onnxruntime's provider “cpu”: .*7/,
  );
});

test('a product transposes by itself, whoever asked for it', async () => {
  const feeds = { x: wave([4, 3], 0), w: wave([5, 4], 1) };
  const program: Program = {
    name: 'transposes',
    inputs: { x: { shape: [4, 3], dtype: 'float32' }, w: { shape: [5, 4], dtype: 'float32' } },
    constants: {},
    compute: ({ x, w }) => {
      const [a, b] = [x as tf.Tensor2D, w as tf.Tensor2D];
      return {
        both: tf.matMul(tf.transpose(a), tf.transpose(b)),
        flags: tf.matMul(a, b, true, true),
        twice: tf.matMul(tf.transpose(b), tf.transpose(a), true, true),
      };
    },
  };
  await compareWithOracle(program, feeds);
  const operators = (await traceProgram(program)).nodes.map(({ operator }) => operator);
  assert.deepEqual(operators, ['Gemm', 'Gemm']);
});
