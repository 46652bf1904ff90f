import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { HostTensor } from '../../src/compute/graph/program';
import { ModelError } from '../../src/policy/transformer/model-error';
import { openSafetensors } from '../../src/policy/transformer/safetensors/read';
import { writeSafetensors } from '../../src/policy/transformer/safetensors/write';

const folder = mkdtempSync(path.join(tmpdir(), 'emdpo-safetensors-'));
const file = path.join(folder, 'model.safetensors');
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A file with this header and these bytes behind it. */
function fileOf(header: string | Uint8Array, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

async function readAll(bytes: Uint8Array): Promise<Map<string, HostTensor>> {
  writeFileSync(file, bytes);
  const source = await openSafetensors(file);
  try {
    const tensors = new Map<string, HostTensor>();
    for (const name of source.tensors.keys()) tensors.set(name, await source.read(name));
    return tensors;
  } finally {
    await source.close();
  }
}

test('what is written is read back, whatever the names and shapes', async () => {
  const tensor = fc.array(fc.nat(4), { maxLength: 3 }).chain((shape) => {
    const length = shape.reduce((size, n) => size * n, 1);
    return fc.record({
      shape: fc.constant(shape),
      dtype: fc.constant('float32' as const),
      data: fc.float32Array({ minLength: length, maxLength: length }),
    });
  });
  const names = fc.string({ unit: 'grapheme' }).filter((name) => name !== '__metadata__');
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(names, tensor),
      fc.dictionary(fc.string(), fc.string()),
      async (tensors, metadata) => {
        await writeSafetensors(file, tensors, metadata);
        const source = await openSafetensors(file);
        try {
          assert.deepEqual([...source.tensors.keys()].sort(), Object.keys(tensors).sort());
          assert.deepEqual(Object.entries(source.metadata).sort(), Object.entries(metadata).sort());
          for (const [name, { shape, data }] of Object.entries(tensors)) {
            const back = await source.read(name);
            assert.deepEqual(back.shape, shape);
            assert.deepEqual(back.data, data);
          }
        } finally {
          await source.close();
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('any bytes are read or refused with a sentence', async () => {
  const header = fc.json().map((text) => fileOf(text));
  const near = fc
    .record({
      dtype: fc.constantFrom('F32', 'F16', 'BF16', 'I64', 'F8_E4M3', 'X', 3),
      shape: fc.oneof(
        fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 3 }),
        fc.constant([2 ** 40, 2 ** 40]),
      ),
      data_offsets: fc.array(fc.oneof(fc.nat(20), fc.constantFrom(-1, 1.5, 2 ** 53)), { maxLength: 3 }),
    })
    .chain((entry) =>
      fc.uint8Array({ maxLength: 24 }).map((data) => fileOf(JSON.stringify({ a: entry }), data)),
    );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), header, near), async (bytes) => {
      try {
        await readAll(bytes);
      } catch (error) {
        assert.ok(error instanceof ModelError, String(error));
        assert.match(error.message, /\.$/);
      }
    }),
    { numRuns: 400 },
  );
});

test('a file cut off anywhere is refused', async () => {
  const data = { shape: [3], dtype: 'float32', data: Float32Array.of(1, 2, 3) } as const;
  const header = '{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}';
  const whole = fileOf(header, new Uint8Array(data.data.buffer));
  assert.deepEqual((await readAll(whole)).get('a')?.data, data.data);
  for (let length = 0; length < whole.length; length++) {
    await assert.rejects(readAll(whole.subarray(0, length)), ModelError);
  }
});

test('hostile headers are refused with what is wrong', async () => {
  const entry = (dtype: string, shape: number[], offsets: number[]) => ({
    dtype,
    shape,
    data_offsets: offsets,
  });
  const four = new Uint8Array(4);
  const cases: [Uint8Array, RegExp][] = [
    [Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255), /100 MB/],
    [fileOf('{"a":'), /no JSON/],
    [fileOf(Uint8Array.of(0x7b, 0xff, 0x7d)), /no JSON/],
    [fileOf('['.repeat(200_000)), /no JSON/],
    [fileOf('[1]'), /no JSON object/],
    [fileOf('{"a":5}'), /"a".*not described/],
    [fileOf('{"__metadata__":{"x":1}}'), /__metadata__/],
    [fileOf(JSON.stringify({ a: entry('F3', [1], [0, 4]) }), four), /unknown type "F3"/],
    [fileOf(JSON.stringify({ a: entry('F32', [-1], [0, 4]) }), four), /no proper shape/],
    [fileOf(JSON.stringify({ a: entry('F32', [1], [4, 0]) }), four), /no proper place/],
    [fileOf(JSON.stringify({ a: entry('F32', [2], [0, 4]) }), four), /needs 8 bytes and has 4/],
    [fileOf(JSON.stringify({ a: entry('F32', [2], [0, 8]) }), four), /beyond the end/],
    [
      fileOf(JSON.stringify({ a: entry('F32', [1], [0, 4]), b: entry('F32', [1], [0, 4]) }), four),
      /overlaps/,
    ],
    [fileOf(JSON.stringify({ a: entry('U8', [1], [1, 2]) }), four), /gap/],
    [fileOf(JSON.stringify({ a: entry('U8', [1], [0, 1]) }), four), /3 bytes that belong to no tensor/],
    [fileOf(JSON.stringify({ a: entry('I32', [1], [0, 4]) }), four), /type I32.*not quantized/],
  ];
  for (const [bytes, sentence] of cases) {
    await assert.rejects(readAll(bytes), (error) => {
      assert.ok(error instanceof ModelError);
      assert.match(error.message, sentence);
      return true;
    });
  }
});

test('every f16 and bf16 becomes the f32 that equals it', async () => {
  const all = Uint16Array.from({ length: 0x10000 }, (_, i) => i);
  const header = (dtype: string) =>
    JSON.stringify({ a: { dtype, shape: [256, 256], data_offsets: [0, 0x20000] } });
  const bytes = new Uint8Array(all.buffer);
  const half = (await readAll(fileOf(header('F16'), bytes))).get('a')!.data;
  const brain = (await readAll(fileOf(header('BF16'), bytes))).get('a')!.data;
  for (let bits = 0; bits < all.length; bits++) {
    const sign = bits >> 15 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const value =
      exponent === 31
        ? fraction > 0
          ? NaN
          : sign * Infinity
        : sign * (exponent > 0 ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
    if (!Object.is(half[bits], value)) assert.fail(`f16 ${bits} became ${half[bits]}, not ${value}`);
    const wide = new Float32Array(Uint32Array.of(bits << 16).buffer)[0];
    if (!Object.is(brain[bits], wide)) assert.fail(`bf16 ${bits} became ${brain[bits]}, not ${wide}`);
  }
});

test('a missing file and a missing tensor are named', async () => {
  await assert.rejects(openSafetensors(path.join(folder, 'none')), /none cannot be opened/);
  writeFileSync(file, fileOf('{}'));
  const source = await openSafetensors(file);
  await assert.rejects(source.read('w'), /no tensor "w"/);
  await source.close();
});
