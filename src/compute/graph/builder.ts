import { sameShape, size } from './feeds';
import type { Attribute, ConstantData, Node, TensorType, Value, ValueType } from './ir';

/**
 * Collects the nodes of a graph. With `simplify`, a node that was there already is not made again, and constants that
 * are one number everywhere are kept as that number; without it the graph is the plain trace.
 */
export interface Builder {
  readonly simplify: boolean;
  readonly nodes: readonly Node[];
  input(name: string, type: TensorType): Value;
  /** @param name of a weight; it stays one constant of that name */
  constant(data: ConstantData, type: TensorType, name?: string): Value;
  splat(value: number, type: TensorType): Value;
  node(operator: string, inputs: readonly Value[], type: TensorType, attributes?: Attributes): Value;
  several(
    operator: string,
    inputs: readonly Value[],
    types: readonly TensorType[],
    attributes?: Attributes,
  ): readonly Value[];
}

type Attributes = Readonly<Record<string, Attribute>>;

/** Constants up to this many values are compared, so that equal ones become one. */
const SMALL = 64;

export function createBuilder(simplify: boolean): Builder {
  const nodes: Node[] = [];
  const known = new Map<string, readonly Value[]>();
  let ids = 0;

  const remembered = (key: string, make: () => readonly Value[]): readonly Value[] => {
    if (!simplify) return make();
    const before = known.get(key);
    if (before !== undefined) return before;
    const values = make();
    known.set(key, values);
    return values;
  };

  const several: Builder['several'] = (operator, inputs, types, attributes = {}) => {
    const key = `${operator} ${inputs.map(({ id }) => id).join()} ${JSON.stringify(attributes)} ${types.length}`;
    return remembered(key, () => {
      const outputs: Value[] = [];
      const node: Node = { operator, inputs, attributes, outputs };
      for (const { shape, dtype } of types)
        outputs.push({ id: ids++, shape, dtype, source: { kind: 'node', node } });
      nodes.push(node);
      return outputs;
    });
  };

  const splat: Builder['splat'] = (value, { shape, dtype }) => {
    if (!simplify) {
      const data = valuesOf(dtype, size(shape));
      if (data instanceof BigInt64Array) data.fill(BigInt(value));
      else data.fill(value);
      return { id: ids++, shape, dtype, source: { kind: 'constant', data } };
    }
    const key = `splat ${Object.is(value, -0) ? '-0' : value} ${dtype} ${shape.join()}`;
    return remembered(key, () => [{ id: ids++, shape, dtype, source: { kind: 'splat', value } }])[0];
  };

  return {
    simplify,
    nodes,
    input: (name, { shape, dtype }) => ({ id: ids++, shape, dtype, source: { kind: 'input', name } }),
    constant(data, { shape, dtype }, name) {
      const make = (): Value => ({ id: ids++, shape, dtype, source: { kind: 'constant', data, name } });
      if (name !== undefined || !simplify) return make();
      const only = splatOf(data);
      if (only !== undefined && dtype !== 'int64') return splat(only, { shape, dtype });
      if (data.length > SMALL) return make();
      return remembered(`constant ${data.join()} ${dtype} ${shape.join()}`, () => [make()])[0];
    },
    splat,
    node: (operator, inputs, type, attributes) => several(operator, inputs, [type], attributes)[0],
    several,
  };
}

/** The one number that the value is everywhere, where that is known. */
export function splatValue({ source }: Value): number | undefined {
  return source.kind === 'splat' ? source.value : undefined;
}

/** The node that makes the value, if it is one of this operator. */
export function madeBy(value: Value, operator: string): Node | undefined {
  return value.source.kind === 'node' && value.source.node.operator === operator
    ? value.source.node
    : undefined;
}

export function sameType(a: TensorType, b: TensorType): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

export function int64s(builder: Builder, values: readonly number[]): Value {
  return builder.constant(BigInt64Array.from(values, BigInt), { shape: [values.length], dtype: 'int64' });
}

function splatOf(data: ConstantData): number | undefined {
  if (data.length === 0) return undefined;
  const first = data[0];
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], first)) return undefined;
  return Number(first);
}

function valuesOf(dtype: ValueType, length: number): ConstantData {
  switch (dtype) {
    case 'float32':
      return new Float32Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'int64':
      return new BigInt64Array(length);
    case 'bool':
      return new Uint8Array(length);
  }
}
