import { PbfWriter } from 'pbf';
import { ONNX_TYPE } from '../emit/shape';
import { size } from '../feeds';
import type { Attribute, ConstantData, Graph, TensorType, Value } from '../ir';

/** Pinned: what a graph means does not change with the version of onnxruntime. IR version 10 came with opset 21. */
export const OPSET = 21;
export const IR_VERSION = 10;

/** Constants from this many bytes on stay outside of the model, by reference: protobuf ends at 2 GB. */
const EXTERNAL_BYTES = 1024;

export interface OnnxModel {
  /** A ModelProto. */
  readonly bytes: Uint8Array;
  /** Tensors that the model names but does not hold, by their location. */
  readonly external: ReadonlyMap<string, ConstantData>;
}

export interface OnnxOptions {
  /** Leave big constants outside. Otherwise the model is one file. */
  readonly external?: boolean;
}

/**
 * Writes a graph as an ONNX model (onnx.proto of ONNX 1.16).
 *
 * Values are named `v<id>`, constants too; inputs, outputs and weights keep the program's names.
 *
 * @throws Error if the model would be longer than an ONNX file can be
 */
export function toOnnx(graph: Graph, options: OnnxOptions = {}): OnnxModel {
  if (options.external !== true) checkSize(graph);
  const external = new Map<string, ConstantData>();
  const writer = new PbfWriter();
  writer.writeVarintField(1, IR_VERSION);
  writer.writeStringField(2, 'em-dpo-lab');
  writer.writeMessage(7, writeGraph, { graph, external: options.external === true ? external : undefined });

  writer.writeMessage(8, writeOpset, OPSET);
  return { bytes: writer.finish(), external };
}

/** The longest message that protobuf allows. */
const LONGEST = 2 ** 31 - 1;

function checkSize(graph: Graph): void {
  let bytes = 0;
  for (const { source } of constantsOf(graph))
    if (source.kind === 'constant') bytes += source.data.byteLength;
  if (bytes > LONGEST)
    throw new Error(
      `The graph of “${graph.name}” holds ${(bytes / 1e9).toFixed(1)} GB of constants; an ONNX file holds 2 GB. Leave them outside of the model.`,
    );
}

function writeOpset(version: number, w: PbfWriter): void {
  w.writeStringField(1, '');
  w.writeVarintField(2, version);
}

function writeGraph(
  { graph, external }: { graph: Graph; external: Map<string, ConstantData> | undefined },
  w: PbfWriter,
): void {
  const constants = constantsOf(graph);
  for (const value of constants) {
    const { source } = value;
    if (source.kind === 'splat' && size(value.shape) > 1)
      writeNode(w, 'Expand', [`${nameOf(value)}_one`, `${nameOf(value)}_shape`], [nameOf(value)]);
  }
  for (const { operator, inputs, outputs, attributes } of graph.nodes)
    writeNode(w, operator, inputs.map(nameOf), outputs.map(nameOf), attributes);
  for (const [name, value] of Object.entries(graph.outputs))
    writeNode(w, 'Identity', [nameOf(value)], [outputName(name)]);
  w.writeStringField(2, graph.name);
  for (const value of constants) writeConstant(value, external, w);
  for (const value of graph.inputs) w.writeMessage(11, writeValueInfo, { name: nameOf(value), type: value });
  for (const [name, type] of Object.entries(graph.outputs))
    w.writeMessage(12, writeValueInfo, { name: outputName(name), type });
}

/** An output may be named as an input is. */
export function outputName(name: string): string {
  return `out:${name}`;
}

export function inputName(name: string): string {
  return `in:${name}`;
}

function nameOf(value: Value): string {
  if (value.source.kind === 'input') return inputName(value.source.name);
  const named = value.source.kind === 'constant' ? value.source.name : undefined;
  return named === undefined ? `v${value.id}` : `constant:${named}`;
}

function constantsOf(graph: Graph): Set<Value> {
  const constants = new Set<Value>();
  const visit = (value: Value): void => {
    if (value.source.kind === 'constant' || value.source.kind === 'splat') constants.add(value);
  };
  for (const { inputs } of graph.nodes) inputs.forEach(visit);
  Object.values(graph.outputs).forEach(visit);
  return constants;
}

function writeConstant(value: Value, external: Map<string, ConstantData> | undefined, w: PbfWriter): void {
  const { source, shape, dtype } = value;
  const name = nameOf(value);
  if (source.kind === 'constant') {
    const { data } = source;
    const outside = external !== undefined && data.byteLength >= EXTERNAL_BYTES;
    if (outside) external.set(name, data);
    w.writeMessage(5, writeTensor, { name, type: value, data, outside });
  } else if (source.kind === 'splat') {
    const data = dtype === 'float32' ? Float32Array.of(source.value) : intData(dtype, source.value);
    const single = size(shape) === 1;
    const type = single ? value : { shape: [], dtype };
    w.writeMessage(5, writeTensor, { name: single ? name : `${name}_one`, type, data, outside: false });
    if (!single)
      w.writeMessage(5, writeTensor, {
        name: `${name}_shape`,
        type: { shape: [shape.length], dtype: 'int64' },
        data: BigInt64Array.from(shape, BigInt),
        outside: false,
      });
  }
}

function intData(dtype: TensorType['dtype'], value: number): ConstantData {
  if (dtype === 'int64') return BigInt64Array.of(BigInt(value));
  return dtype === 'bool' ? Uint8Array.of(value) : Int32Array.of(value);
}

function writeNode(
  w: PbfWriter,
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): void {
  w.writeMessage(
    1,
    (_, node) => {
      for (const name of inputs) node.writeStringField(1, name);
      for (const name of outputs) node.writeStringField(2, name);
      node.writeStringField(3, outputs[0]);
      node.writeStringField(4, operator);
      for (const [name, attribute] of Object.entries(attributes))
        node.writeMessage(5, writeAttribute, { name, attribute });
    },
    operator,
  );
}

/** AttributeProto; its field 20 tells which of the others holds the value. */
function writeAttribute({ name, attribute }: { name: string; attribute: Attribute }, w: PbfWriter): void {
  w.writeStringField(1, name);
  if ('float' in attribute) {
    w.writeFloatField(2, attribute.float);
    w.writeVarintField(20, 1);
  } else if ('int' in attribute) {
    w.writeVarintField(3, attribute.int);
    w.writeVarintField(20, 2);
  } else if ('string' in attribute) {
    w.writeBytesField(4, new TextEncoder().encode(attribute.string));
    w.writeVarintField(20, 3);
  } else {
    for (const one of attribute.ints) w.writeVarintField(8, one);
    w.writeVarintField(20, 7);
  }
}

/** TensorProto, its numbers little-endian as they lie in memory. */
function writeTensor(
  { name, type, data, outside }: { name: string; type: TensorType; data: ConstantData; outside: boolean },
  w: PbfWriter,
): void {
  for (const length of type.shape) w.writeVarintField(1, length);
  w.writeVarintField(2, ONNX_TYPE[type.dtype]);
  w.writeStringField(8, name);
  if (outside) {
    for (const [key, value] of [
      ['location', name],
      ['offset', '0'],
      ['length', String(data.byteLength)],
    ])
      w.writeMessage(13, writeEntry, { key, value });
    w.writeVarintField(14, 1);
  } else w.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeEntry({ key, value }: { key: string; value: string }, w: PbfWriter): void {
  w.writeStringField(1, key);
  w.writeStringField(2, value);
}

function writeValueInfo({ name, type }: { name: string; type: TensorType }, w: PbfWriter): void {
  w.writeStringField(1, name);
  w.writeMessage(2, writeType, type);
}

function writeType(type: TensorType, w: PbfWriter): void {
  w.writeMessage(
    1,
    ({ shape, dtype }, tensor) => {
      tensor.writeVarintField(1, ONNX_TYPE[dtype]);
      tensor.writeMessage(2, writeShape, shape);
    },
    type,
  );
}

function writeShape(shape: readonly number[], w: PbfWriter): void {
  for (const length of shape)
    w.writeMessage(
      1,
      (value, dimension) => {
        dimension.writeVarintField(1, value);
      },
      length,
    );
}
