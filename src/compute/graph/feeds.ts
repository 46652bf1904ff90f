import type { HostTensor, HostTensors, Program, TensorSpec } from './program';

/** @throws Error naming the first input that is missing or has another shape or type than the program declares */
export function checkFeeds(program: Program, feeds: HostTensors): void {
  for (const [name, spec] of Object.entries(program.inputs)) {
    const feed = feeds[name] as HostTensor | undefined;
    if (feed === undefined) throw new Error(`Program “${program.name}”: the input “${name}” is missing.`);
    checkTensor(`Program “${program.name}”: the input “${name}”`, spec, feed);
  }
  for (const name of Object.keys(feeds))
    if (!(name in program.inputs)) throw new Error(`Program “${program.name}”: it has no input “${name}”.`);
}

/** @throws Error starting with `what` where shape, type and data do not agree */
export function checkTensor(what: string, spec: TensorSpec, tensor: HostTensor): void {
  if (spec.dtype !== tensor.dtype || !sameShape(spec.shape, tensor.shape))
    throw new Error(`${what} is ${describe(tensor)}, expected ${describe(spec)}.`);
  const values = tensor.dtype === 'float32' ? Float32Array : Int32Array;
  if (!(tensor.data instanceof values) || tensor.data.length !== size(tensor.shape))
    throw new Error(
      `${what} is ${describe(tensor)}, but its data are ${tensor.data.length} values in a ${tensor.data.constructor.name}.`,
    );
}

export function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

export function describe(spec: { readonly shape: readonly number[]; readonly dtype: string }): string {
  return `${spec.dtype} [${spec.shape.join(', ')}]`;
}
