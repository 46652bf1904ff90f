import assert from 'node:assert/strict';
import { test } from 'node:test';
import { angles, frequencies } from '../../src/policy/transformer/rotary';
import * as tf from '../../src/compute/graph/tf';
import { EXECUTORS } from './transformer-golden';

const HEAD = 8;
const POSITIONS = 131_072;
const AT = Int32Array.of(0, 1, 63, 64, 65, 127, 1000, 4095, 70_001, POSITIONS - 1);

for (const [device, start] of Object.entries(EXECUTORS)) {
  void test(`angles of far positions are exact on ${device}`, async () => {
    const executor = await start();
    const rotary = { theta: 10_000 };
    const position = { shape: [AT.length], dtype: 'int32' as const };
    const executable = await executor.compile({
      name: 'angles',
      inputs: { position },
      constants: {},
      compute: (tensors) => {
        const { cos, sin } = angles(rotary, HEAD, POSITIONS, tensors.position);
        return { cos: tf.reshape(cos, [-1, HEAD]), sin: tf.reshape(sin, [-1, HEAD]) };
      },
    });
    const { cos, sin } = await executable.run({ position: { ...position, data: AT } });
    const frequency = frequencies(rotary, HEAD);
    AT.forEach((at, row) => {
      for (let i = 0; i < HEAD; i++) {
        const angle = at * frequency[i % (HEAD / 2)];
        const sign = i < HEAD / 2 ? -1 : 1;
        assert.ok(Math.abs(cos.data[row * HEAD + i] - Math.cos(angle)) < 1e-6, `cos of position ${at}`);
        assert.ok(
          Math.abs(sin.data[row * HEAD + i] - sign * Math.sin(angle)) < 1e-6,
          `sin of position ${at}`,
        );
      }
    });
    await executable.dispose();
    await executor.dispose();
  });
}
