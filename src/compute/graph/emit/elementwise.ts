/** Operators that work on each number by itself. Operands broadcast as in numpy. */
import { madeBy, sameType, splatValue, type Builder } from '../builder';
import { sameShape } from '../feeds';
import type { Attribute, Value, ValueType } from '../ir';
import { cast, expand } from './shape';

/** By operator, where there is one. */
type Table<T> = Readonly<Partial<Record<string, T>>>;

/** @throws Error if the shapes do not broadcast */
export function broadcastShape(a: readonly number[], c: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, c.length);
  return Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a[i - rank + a.length] ?? 1, c[i - rank + c.length] ?? 1];
    if (x !== y && x !== 1 && y !== 1)
      throw new Error(`Shapes [${a.join(', ')}] and [${c.join(', ')}] do not broadcast.`);
    return x === 1 ? y : x;
  });
}

export function unary(
  b: Builder,
  operator: string,
  x: Value,
  attributes?: Readonly<Record<string, Attribute>>,
): Value {
  const splat = splatValue(x);
  const folded = splat === undefined ? undefined : UNARY[operator]?.(splat);
  if (folded !== undefined) return b.splat(Math.fround(folded), x);
  if (operator === 'Neg') {
    const before = b.simplify ? madeBy(x, 'Neg') : undefined;
    if (before !== undefined) return before.inputs[0];
  }
  return b.node(operator, [x], x, attributes);
}

const UNARY: Table<(x: number) => number> = {
  Neg: (x) => -x,
  Sqrt: Math.sqrt,
  Reciprocal: (x) => 1 / x,
  Abs: Math.abs,
};

/** Add, Sub, Mul, Div, Pow, Max, Min. */
export function binary(b: Builder, operator: string, a: Value, c: Value): Value {
  const shape = broadcastShape(a.shape, c.shape);
  const type = { shape, dtype: a.dtype };
  if (!b.simplify) return b.node(operator, [a, c], type);

  const [p, q] = [splatValue(a), splatValue(c)];
  if (p !== undefined && q !== undefined && a.dtype === 'float32') {
    const folded = BINARY[operator]?.(p, q);
    if (folded !== undefined) return b.splat(Math.fround(folded), type);
  }
  if (q === NEUTRAL_RIGHT[operator] && q !== undefined) return expand(b, a, shape);
  if (p === NEUTRAL_LEFT[operator] && p !== undefined) return expand(b, c, shape);
  if (operator === 'Mul' && q === -1) return unary(b, 'Neg', expand(b, a, shape));
  if (operator === 'Mul' && p === -1) return unary(b, 'Neg', expand(b, c, shape));
  const left = unexpanded(b, a, c.shape, shape);
  return b.node(operator, [left, unexpanded(b, c, left.shape, shape)], type);
}

const BINARY: Table<(x: number, y: number) => number> = {
  Add: (x, y) => x + y,
  Sub: (x, y) => x - y,
  Mul: (x, y) => x * y,
  Div: (x, y) => x / y,
};
const NEUTRAL_RIGHT: Table<number> = { Add: 0, Sub: 0, Mul: 1, Div: 1, Pow: 1 };
const NEUTRAL_LEFT: Table<number> = { Add: 0, Mul: 1 };

/** The smaller tensor behind an operand where broadcasting against the other gives the same result. */
function unexpanded(b: Builder, x: Value, other: readonly number[], shape: readonly number[]): Value {
  const splat = splatValue(x);
  if (splat !== undefined) {
    // A rank of its own may matter: [1, 1] against [3].
    return sameShape(other, shape) ? b.splat(splat, { shape: [], dtype: x.dtype }) : x;
  }
  const expansion = madeBy(x, 'Expand');
  if (expansion === undefined) return x;
  const small = expansion.inputs[0];
  return sameShape(broadcastShape(small.shape, other), shape) ? small : x;
}

/** Greater, GreaterOrEqual, Less, LessOrEqual, Equal. */
export function compare(b: Builder, operator: string, a: Value, c: Value): Value {
  const shape = broadcastShape(a.shape, c.shape);
  if (!b.simplify) return b.node(operator, [a, c], { shape, dtype: 'bool' });
  const left = unexpanded(b, a, c.shape, shape);
  return b.node(operator, [left, unexpanded(b, c, left.shape, shape)], { shape, dtype: 'bool' });
}

/** And, Or. */
export function logical(b: Builder, operator: string, a: Value, c: Value): Value {
  return b.node(operator, [a, c], { shape: broadcastShape(a.shape, c.shape), dtype: 'bool' });
}

export function not(b: Builder, x: Value): Value {
  return b.node('Not', [x], x);
}

export function where(b: Builder, condition: Value, yes: Value, no: Value): Value {
  const shape = broadcastShape(condition.shape, broadcastShape(yes.shape, no.shape));
  const type = { shape, dtype: yes.dtype };
  if (!b.simplify) return b.node('Where', [condition, yes, no], type);
  const known = splatValue(condition);
  if (known !== undefined) return expand(b, known === 0 ? no : yes, shape);
  if (yes === no && sameType(yes, type)) return yes;
  const fixed = sameShape(condition.shape, shape) ? shape : undefined;
  const small = (x: Value, other: Value): Value =>
    unexpanded(b, x, fixed ?? broadcastShape(condition.shape, other.shape), shape);
  const left = small(yes, no);
  return b.node('Where', [condition, left, small(no, left)], type);
}

/** A number to compute with `like`. */
export function scalar(b: Builder, value: number, like: { readonly dtype: ValueType }): Value {
  return b.splat(value, { shape: [], dtype: like.dtype });
}

/** Operators of ONNX do no arithmetic on bool; there it is 0 or 1. */
export function numeric(b: Builder, x: Value): Value {
  return x.dtype === 'bool' ? cast(b, x, 'int32') : x;
}
