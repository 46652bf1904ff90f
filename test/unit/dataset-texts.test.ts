import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { canonicalLine } from '../../src/dataset/canonical-line';
import { DatasetError } from '../../src/dataset/dataset-error';
import { textEncoding } from '../../src/dataset/encode-text';
import { fileOrigin, memoryOrigin } from '../../src/dataset/origin';
import { readDataset } from '../../src/dataset/read';
import { responseIds } from '../../src/dataset/response-ids';
import { SLOT } from '../../src/dataset/slots';
import { KEPT_IN_MEMORY, spill } from '../../src/dataset/spill';
import { hashJsonString, textSlots, viewOf } from '../../src/dataset/text-hash';
import { textIndex } from '../../src/dataset/text-index';
import { textPool, textStore } from '../../src/dataset/text-pool';

const wellFormed = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !/\p{Cs}/u.test(text));

/** The text as a JSON string, each character written in one of the ways that JSON has. */
function written(text: string, ways: readonly number[]): string {
  const short: Record<string, string> = { '\n': 'n', '\t': 't', '\r': 'r', '\b': 'b', '\f': 'f', '/': '/' };
  const parts = Array.from(text, (character, i) => {
    const way = ways.length === 0 ? 0 : ways[i % ways.length];
    const units = Array.from({ length: character.length }, (_, u) => character.charCodeAt(u));
    const hex = units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
    if (way === 1) return hex;
    if (way === 2) return hex.toUpperCase().replaceAll('\\U', '\\u');
    if (way === 3 && character in short) return `\\${short[character]}`;
    return JSON.stringify(character).slice(1, -1);
  });
  return `"${parts.join('')}"`;
}

test('a text has one key, however JSON writes it and wherever it begins', () => {
  const encoding = textEncoding();
  fc.assert(
    fc.property(
      wellFormed,
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 5 }),
      fc.nat({ max: 5 }),
      fc.nat({ max: 5 }),
      (text, ways, before, after) => {
        const json = written(text, ways);
        assert.equal(JSON.parse(json), text);
        const bytes = Buffer.from(' '.repeat(before) + json + ' '.repeat(after));
        const slots = textSlots(2);
        const end = hashJsonString(bytes, viewOf(bytes), before + 1, slots, 0);
        assert.equal(end, bytes.length - after - 1);
        assert.deepEqual(
          bytes.toString('utf8', slots.from[0], slots.from[0] + slots.length[0]),
          json.slice(1, -1),
        );
        assert.equal(slots.escaped[0], json.includes('\\') ? 1 : 0);
        encoding.clear();
        encoding.put(text, slots, 1);
        assert.deepEqual(slots.key.slice(0, 2), slots.key.slice(2));
      },
    ),
    { numRuns: 3000 },
  );
});

test('what is no JSON string has no key', () => {
  const broken = fc.constantFrom(
    'abc', 'a\\', 'a\\x"', '\\u12', '\\u12g4"', 'a\nb"', 'abcdefg\tb"', '\\ud800"', '\\udc00"', '\\ud800\\u0041"', '\\u"',
  ); // prettier-ignore
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'é', '\\\\'), maxLength: 9 }),
      broken,
      (start, rest) => {
        const bytes = Buffer.from(start + rest);
        assert.equal(hashJsonString(bytes, viewOf(bytes), 0, textSlots(1), 0), -1);
      },
    ),
  );
});

test('texts that are nearly alike have keys that are not, and each half is as random as it should be', () => {
  const encoding = textEncoding();
  const slots = textSlots(1);
  const count = 300_000;
  const halves: [Set<number>, Set<number>] = [new Set(), new Set()];
  const pool = textIndex();
  for (let i = 0; i < count; i++) {
    encoding.clear();
    // counters in three places, and runs of one letter, which differ in their length only
    encoding.put(
      i % 3 === 0 ? `${i} is the number` : i % 3 === 1 ? `number ${i}` : `no. ${i}, told twice: ${i}`,
      slots,
      0,
    );
    for (const half of [0, 1] as const) halves[half].add(slots.key[half]);
    assert.equal(pool.id(slots.key[0], slots.key[1]), i);
  }
  const expected = count ** 2 / 2 ** 33; // about ten pairs share 32 bits by chance
  for (const half of halves)
    assert.ok(count - half.size < 4 * expected, `${count - half.size} of ${expected}`);
  for (let length = 0; length < 2000; length++) {
    encoding.clear();
    encoding.put('a'.repeat(length), slots, 0);
    assert.equal(pool.id(slots.key[0], slots.key[1]), count + length);
  }
});

test('an index gives ids in order of first appearance, however the keys collide', () => {
  const lane = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.integer().map((i) => i << 20),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(lane, lane), { maxLength: 300 }), (keys) => {
      const index = textIndex();
      const ids = new Map<string, number>();
      for (const [a, b] of keys) {
        const key = `${a | 0} ${b | 0}`;
        assert.equal(index.find(a | 0, b | 0), ids.get(key) ?? -1);
        if (!ids.has(key)) ids.set(key, ids.size);
        assert.equal(index.id(a | 0, b | 0), ids.get(key));
        assert.equal(index.size, ids.size);
      }
    }),
  );
});

test('a pool gives every text back, from bytes of its own or from the dataset', () => {
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 40 });
  const lone = fc.constantFrom('\ud800', 'a\udc00b', '\ufffd', '"\ud83d', '\u00ff');
  fc.assert(
    fc.property(texts, fc.array(lone), fc.boolean(), fc.nat({ max: 200 }), (some, odd, inDataset, kept) => {
      const all = [...some, ...odd];
      const json = Buffer.from(all.map((text) => JSON.stringify(text)).join(''));
      const store = textStore(inDataset ? { ...memoryOrigin(json), steady: false } : undefined, kept);
      const pool = textPool(store);
      const encoding = textEncoding();
      const slots = textSlots(1);
      const ids = new Map<string, number>();
      let at = 0;
      for (const text of all) {
        const end = hashJsonString(json, viewOf(json), at + 1, slots, 0);
        let source = { bytes: json as Uint8Array, offset: 0 };
        if (end < 0) {
          encoding.clear();
          encoding.put(text, slots, 0);
          source = encoding;
        }
        const id = pool.id(slots, 0, source);
        assert.equal(id, ids.get(text) ?? ids.size);
        ids.set(text, id);
        at += Buffer.byteLength(JSON.stringify(text));
      }
      assert.deepEqual(
        Array.from(ids.values(), (id) => pool.pool.text(id)),
        [...ids.keys()],
      );
    }),
    { numRuns: 500 },
  );
});

test('responses are one where prompt, text and item are, however often and in whatever order prompts come back', () => {
  const prompt = fc.nat({ max: 4 });
  const shown = fc.uniqueArray(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 1 })), {
    minLength: 1,
    selector: ([text, item]) => `${text} ${item}`,
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(prompt, shown), { maxLength: 30 }), fc.boolean(), (records, hasItems) => {
      const responses = responseIds(textStore());
      const encoding = textEncoding();
      const known = new Map<string, number>();
      const promptIds = new Map<number, number>();
      for (const [named, pairs] of records) {
        if (!promptIds.has(named)) promptIds.set(named, promptIds.size);
        const x = promptIds.get(named)!;
        const choices = hasItems ? pairs : [...new Set(pairs.map(([text]) => text))].map((text) => [text, 0]);
        const slots = textSlots(SLOT.responses + choices.length);
        encoding.clear();
        choices.forEach(([text], i) => {
          encoding.put(`text ${text}`, slots, SLOT.responses + i);
        });
        const ids = new Int32Array(choices.length);
        const items = hasItems ? choices.map(([, item]) => item) : undefined;
        responses.ofRecord(slots, encoding, x, choices.length, ids, items);
        choices.forEach(([text, item], i) => {
          const key = `${x} ${text} ${item}`;
          if (!known.has(key)) known.set(key, known.size);
          assert.equal(ids[i], known.get(key));
          assert.equal(responses.pool.text(ids[i]), `text ${text}`);
          assert.equal(responses.prompts()[ids[i]], x);
          if (hasItems) assert.equal(responses.items()[ids[i]], item);
        });
        assert.equal(responses.size, known.size);
      }
    }),
    { numRuns: 500 },
  );
});

test('a spill reads back what was put in, beyond its memory too, and leaves no file behind', () => {
  const named = () => readdirSync(tmpdir()).filter((name) => /^emdpo-.*\.tmp$/.test(name)).length;
  const before = named();
  const kept = spill(100_000);
  const parts = Array.from({ length: 300 }, (_, i) => Buffer.alloc((i * 7919) % 5000, i));
  parts.push(Buffer.alloc(200_000, 'x'));
  const places = parts.map((part) => kept.append(part, 0, part.length));
  assert.equal(
    kept.size,
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  for (const i of [300, ...parts.keys()].filter((j) => parts[j].length > 0)) {
    assert.ok(kept.read(places[i], parts[i].length).equals(parts[i]), `part ${i}`);
  }
  assert.equal(named(), before);
});

test('a dataset that changed or vanished is told by a sentence', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dataset-'));
  try {
    const path = join(folder, 'data.jsonl');
    writeFileSync(path, 'x'.repeat(70_000) + 'end');
    const then = statSync(path);
    assert.equal(fileOrigin(path, then).read(69_999, 4).toString(), 'xend');
    utimesSync(path, then.atime, new Date(then.mtimeMs + 5000));
    assert.throws(() => fileOrigin(path, then).read(0, 1), (error) => error instanceof DatasetError && /data\.jsonl has changed since it was read/.test(error.message)); // prettier-ignore
    rmSync(path);
    assert.throws(() => fileOrigin(path, then).read(0, 1), (error) => error instanceof DatasetError && /^There is no file/.test(error.message)); // prettier-ignore
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a dataset of more text than is kept in memory gives its texts as long as it does not change', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dataset-'));
  try {
    const path = join(folder, 'data.jsonl');
    const long = (i: number, part: string) => `${part} ${i} “é”\n${part.repeat(6000)} of ${i}`;
    const lines = Array.from({ length: 4000 }, (_, i) =>
      canonicalLine({ prompt: long(i, 'why'), responses: [`yes ${i}`, `no ${i}`], ranking: [0] }),
    );
    writeFileSync(path, lines.join('\n'));
    const { table } = await readDataset(path);
    assert.ok(statSync(path).size > KEPT_IN_MEMORY + 1e6);
    for (const r of [0, 1, 2000, 3998, 3999]) {
      assert.equal(table.prompts.text(r), long(r, 'why'));
      assert.equal(table.responses.text(2 * r + 1), `no ${r}`);
    }
    writeFileSync(path, lines.slice(1).join('\n'));
    assert.equal(table.prompts.text(0), long(0, 'why'), 'the first texts are in memory');
    assert.throws(
      () => table.prompts.text(3900),
      (error) => error instanceof DatasetError && error.message.startsWith(`${path} has changed`),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
