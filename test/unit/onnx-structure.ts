// Reads an ONNX model back, by onnx.proto, and checks what every runtime relies on.
import assert from 'node:assert/strict';
import { PbfReader } from 'pbf';

export interface OnnxStructure {
  readonly irVersion: number;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly nodes: readonly {
    readonly operator: string;
    readonly inputs: string[];
    readonly outputs: string[];
  }[];
  readonly initializers: readonly {
    readonly name: string;
    readonly dtype: number;
    readonly external: boolean;
  }[];
  readonly inputs: readonly Typed[];
  readonly outputs: readonly Typed[];
}

interface Typed {
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly number[];
}

type Fields = Map<number, (number | Uint8Array)[]>;

export function readOnnx(bytes: Uint8Array): OnnxStructure {
  const model = fields(bytes);
  const graph = fields(one(model, 7));
  return {
    irVersion: number(model, 1),
    opsets: messages(model, 8).map((m) => ({ domain: text(m, 1), version: number(m, 2) })),
    nodes: messages(graph, 1).map((m) => ({
      operator: text(m, 4),
      inputs: texts(m, 1),
      outputs: texts(m, 2),
    })),
    initializers: messages(graph, 5).map((m) => ({
      name: text(m, 8),
      dtype: number(m, 2),
      external: (m.get(14)?.[0] ?? 0) === 1,
    })),
    inputs: messages(graph, 11).map(typed),
    outputs: messages(graph, 12).map(typed),
  };
}

/** Every value is defined once and before its use, every type is known, the opset is pinned. */
export function checkStructure(bytes: Uint8Array): OnnxStructure {
  const model = readOnnx(bytes);
  assert.equal(model.irVersion, 10);
  assert.deepEqual(model.opsets, [{ domain: '', version: 21 }]);
  const defined = new Set<string>();
  const define = (name: string): void => {
    assert.notEqual(name, '');
    assert.ok(!defined.has(name), `${name} is defined twice`);
    defined.add(name);
  };
  for (const { name, dtype } of [...model.inputs, ...model.initializers]) {
    define(name);
    assert.ok(KNOWN_TYPES.has(dtype), `type ${dtype} of ${name}`);
  }
  for (const { operator, inputs, outputs } of model.nodes) {
    for (const name of inputs) assert.ok(defined.has(name), `${operator} uses ${name} before it is defined`);
    outputs.forEach(define);
  }
  for (const { name, dtype, shape } of model.outputs) {
    assert.ok(defined.has(name), `the output ${name} is not defined`);
    assert.ok(dtype === 1 || dtype === 6, `type ${dtype} of ${name}`);
    assert.ok(shape.every((length) => Number.isInteger(length) && length >= 0));
  }
  return model;
}

/** FLOAT, INT32, INT64, BOOL. */
const KNOWN_TYPES = new Set([1, 6, 7, 9]);

function typed(valueInfo: Fields): Typed {
  const tensor = fields(one(fields(one(valueInfo, 2)), 1));
  const shape = fields(one(tensor, 2));
  return {
    name: text(valueInfo, 1),
    dtype: number(tensor, 1),
    shape: messages(shape, 1).map((dimension) => number(dimension, 1)),
  };
}

function fields(bytes: Uint8Array): Fields {
  const reader = new PbfReader(bytes);
  const all: Fields = new Map();
  for (let tag = reader.nextField(); tag !== 0; tag = reader.nextField()) {
    const list = all.get(tag) ?? [];
    all.set(tag, list);
    if (reader.type === 0) list.push(reader.readVarint(true));
    else if (reader.type === 2) list.push(reader.readBytes());
    else if (reader.type === 5) list.push(reader.readFloat());
    else throw new Error(`Wire type ${reader.type}.`);
  }
  return all;
}

function one(from: Fields, tag: number): Uint8Array {
  const value = from.get(tag)?.[0];
  assert.ok(value instanceof Uint8Array, `field ${tag}`);
  return value;
}

function number(from: Fields, tag: number): number {
  const value = from.get(tag)?.[0];
  assert.ok(typeof value === 'number', `field ${tag}`);
  return value;
}

function messages(from: Fields, tag: number): Fields[] {
  return (from.get(tag) ?? []).map((value) => {
    assert.ok(value instanceof Uint8Array);
    return fields(value);
  });
}

function texts(from: Fields, tag: number): string[] {
  return (from.get(tag) ?? []).map((value) => {
    assert.ok(value instanceof Uint8Array);
    return new TextDecoder().decode(value);
  });
}

function text(from: Fields, tag: number): string {
  return texts(from, tag)[0];
}
