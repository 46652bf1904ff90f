import type { Builder } from '../builder';
import type { Value } from '../ir';

/**
 * One kernel of TensorFlow.js in operators of ONNX. Inputs and attributes are named as TensorFlow.js names them
 * (`kernel_names.ts` there).
 */
export type Lower = (
  b: Builder,
  inputs: Readonly<Record<string, Value>>,
  attributes: never,
) => Value | readonly Value[];

export type Lowerings = Readonly<Record<string, Lower>>;

/** @returns axes counted from the front, ascending; all of them where TensorFlow.js gives none */
export function axesOf(axis: number | readonly number[] | null | undefined, rank: number): readonly number[] {
  if (axis === null || axis === undefined) return Array.from({ length: rank }, (_, i) => i);
  const axes = typeof axis === 'number' ? [axis] : axis;
  return axes.map((one) => (one < 0 ? one + rank : one)).sort((a, c) => a - c);
}
