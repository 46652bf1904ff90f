/**
 * The graph that a trace leaves behind: operators of ONNX, with every shape and type known. Nodes are in an order that
 * computes every value before it is used.
 */
export type ValueType = 'float32' | 'int32' | 'int64' | 'bool';

export interface TensorType {
  readonly shape: readonly number[];
  readonly dtype: ValueType;
}

export interface Value extends TensorType {
  readonly id: number;
  readonly source: Source;
}

export type Source =
  | { readonly kind: 'input'; readonly name: string }
  /** `name` where the program named it: a weight. */
  | { readonly kind: 'constant'; readonly data: ConstantData; readonly name?: string }
  /** One number everywhere. */
  | { readonly kind: 'splat'; readonly value: number }
  | { readonly kind: 'node'; readonly node: Node };

export type ConstantData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly string: string };

export interface Node {
  readonly operator: string;
  readonly inputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly outputs: readonly Value[];
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly outputs: Readonly<Record<string, Value>>;
}
