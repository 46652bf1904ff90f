import type { Builder } from '../builder';
import {
  binary,
  broadcastShape,
  compare,
  logical,
  not,
  numeric,
  scalar,
  unary,
  where,
} from '../emit/elementwise';
import { cast } from '../emit/shape';
import type { Value, ValueType } from '../ir';
import type { Lower, Lowerings } from './lower';

const one =
  (operator: string): Lower =>
  (b, { x }) =>
    unary(b, operator, numeric(b, x));

/** Arithmetic of two tensors of one type; TensorFlow.js has made the types equal. */
const two =
  (operator: string): Lower =>
  (b, { a, b: c }) =>
    cast(b, binary(b, operator, numeric(b, a), numeric(b, c)), a.dtype);

const comparison =
  (operator: string): Lower =>
  (b, { a, b: c }) =>
    compare(b, operator, numeric(b, a), numeric(b, c));

export const elementwise: Lowerings = {
  Identity: (_, { x }) => x,
  Cast: (b, { x }, { dtype }: { dtype: string }) => cast(b, x, valueType(dtype)),

  Add: two('Add'),
  Sub: two('Sub'),
  Multiply: two('Mul'),
  RealDiv: two('Div'),
  Maximum: two('Max'),
  Minimum: two('Min'),
  Pow: two('Pow'),
  AddN: (b, inputs) => Object.values(inputs).reduce((sum, x) => binary(b, 'Add', sum, x)),
  SquaredDifference: (b, { a, b: c }) => square(b, binary(b, 'Sub', a, c)),
  FloorDiv: (b, { a, b: c }) => cast(b, floorDivide(b, a, c), 'int32'),
  Mod: (b, { a, b: c }) =>
    a.dtype === 'float32'
      ? binary(b, 'Sub', a, binary(b, 'Mul', c, unary(b, 'Floor', binary(b, 'Div', a, c))))
      : b.node('Mod', [a, c], { shape: broadcastShape(a.shape, c.shape), dtype: a.dtype }),

  Neg: one('Neg'),
  Abs: one('Abs'),
  Sign: one('Sign'),
  Exp: one('Exp'),
  Log: one('Log'),
  Sqrt: one('Sqrt'),
  Reciprocal: one('Reciprocal'),
  Floor: one('Floor'),
  Ceil: one('Ceil'),
  Round: one('Round'),
  Sin: one('Sin'),
  Cos: one('Cos'),
  Tan: one('Tan'),
  Sinh: one('Sinh'),
  Cosh: one('Cosh'),
  Tanh: one('Tanh'),
  Asin: one('Asin'),
  Acos: one('Acos'),
  Atan: one('Atan'),
  Asinh: one('Asinh'),
  Acosh: one('Acosh'),
  Atanh: one('Atanh'),
  Erf: one('Erf'),
  Sigmoid: one('Sigmoid'),
  Softplus: (b, { x }) => softplus(b, x),
  Relu: one('Relu'),
  Square: (b, { x }) => square(b, x),
  Rsqrt: (b, { x }) => unary(b, 'Reciprocal', unary(b, 'Sqrt', x)),
  Log1p: (b, { x }) => log1p(b, x),
  Expm1: (b, { x }) => expm1(b, x),
  Relu6: (b, { x }) => clip(b, x, 0, 6),
  ClipByValue: (b, { x }, { clipValueMin, clipValueMax }: { clipValueMin: number; clipValueMax: number }) =>
    clip(b, x, clipValueMin, clipValueMax),
  LeakyRelu: (b, { x }, { alpha }: { alpha: number }) =>
    unary(b, 'LeakyRelu', x, { alpha: { float: alpha } }),
  Prelu: (b, { x, alpha }) => where(b, compare(b, 'Less', x, scalar(b, 0, x)), binary(b, 'Mul', x, alpha), x),
  Elu: one('Elu'),
  Selu: one('Selu'),
  Step: (b, { x }, { alpha }: { alpha: number }) => step(b, x, alpha),

  Equal: comparison('Equal'),
  NotEqual: (b, { a, b: c }) => not(b, compare(b, 'Equal', numeric(b, a), numeric(b, c))),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  LogicalAnd: (b, { a, b: c }) => logical(b, 'And', a, c),
  LogicalOr: (b, { a, b: c }) => logical(b, 'Or', a, c),
  LogicalNot: (b, { x }) => not(b, x),
  Select: (b, { condition, t, e }) => where(b, condition, t, e),
  IsNan: (b, { x }) => b.node('IsNaN', [x], { shape: x.shape, dtype: 'bool' }),
  IsInf: (b, { x }) => b.node('IsInf', [x], { shape: x.shape, dtype: 'bool' }),
  IsFinite: (b, { x }) => {
    const difference = binary(b, 'Sub', x, x); // 0 where x is finite, else NaN
    return compare(b, 'Equal', difference, scalar(b, 0, x));
  },
};

function square(b: Builder, x: Value): Value {
  return binary(b, 'Mul', x, x);
}

function floorDivide(b: Builder, a: Value, c: Value): Value {
  if (a.dtype === 'float32') return unary(b, 'Floor', binary(b, 'Div', a, c));
  // Division of integers in ONNX cuts off towards 0, and Mod has the divisor's sign.
  const rest = b.node('Mod', [a, c], { shape: broadcastShape(a.shape, c.shape), dtype: a.dtype });
  return binary(b, 'Div', binary(b, 'Sub', a, rest), c);
}

function clip(b: Builder, x: Value, low: number, high: number): Value {
  return b.node('Clip', [x, scalar(b, low, x), scalar(b, high, x)], x);
}

/** 1 where x is positive, else `alpha`; NaN stays NaN. */
function step(b: Builder, x: Value, alpha: number): Value {
  const positive = compare(b, 'Greater', x, scalar(b, 0, x));
  if (x.dtype !== 'float32') return where(b, positive, scalar(b, 1, x), scalar(b, alpha, x));
  const isNaN = b.node('IsNaN', [x], { shape: x.shape, dtype: 'bool' });
  return where(b, positive, scalar(b, 1, x), where(b, isNaN, x, scalar(b, alpha, x)));
}

/** max(x, 0) + log1p(exp(−|x|)), which neither overflows nor loses small x. */
function softplus(b: Builder, x: Value): Value {
  const tail = log1p(b, unary(b, 'Exp', unary(b, 'Neg', unary(b, 'Abs', x))));
  return binary(b, 'Add', unary(b, 'Relu', x), tail);
}

/** With u = 1 + x rounded: log(u) · x / (u − 1), and x where u is 1 (Kahan). */
function log1p(b: Builder, x: Value): Value {
  const unit = scalar(b, 1, x);
  const u = binary(b, 'Add', x, unit);
  const excess = binary(b, 'Sub', u, unit);
  const tiny = compare(b, 'Equal', excess, scalar(b, 0, x));
  const divisor = where(b, tiny, unit, excess);
  return where(b, tiny, x, binary(b, 'Mul', unary(b, 'Log', u), binary(b, 'Div', x, divisor)));
}

/** tanh(x/2) · (exp(x) + 1), which keeps small x; exp(x) − 1 where x is large. */
function expm1(b: Builder, x: Value): Value {
  const e = unary(b, 'Exp', x);
  const half = unary(b, 'Tanh', binary(b, 'Mul', x, scalar(b, 0.5, x)));
  const small = compare(b, 'Less', unary(b, 'Abs', x), scalar(b, 1, x));
  const unit = scalar(b, 1, x);
  return where(b, small, binary(b, 'Mul', half, binary(b, 'Add', e, unit)), binary(b, 'Sub', e, unit));
}

export function valueType(dtype: string): ValueType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new Error(`Tensors of type ${dtype} cannot be traced.`);
}
