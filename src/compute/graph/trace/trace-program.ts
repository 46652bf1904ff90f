import { createBuilder } from '../builder';
import { checkTensor, describe } from '../feeds';
import type { Graph, Value } from '../ir';
import { onBackend } from '../on-backend';
import { simplifyGraph } from '../optimise/simplify-graph';
import type { Program, Tensors } from '../program';
import * as tf from '../tf';
import { traceBackend, TRACE } from './backend';
import { withSealedEngine } from './sealed-engine';

export interface TraceOptions {
  /** Make the graph smaller and faster; the plain trace otherwise. */
  readonly simplify?: boolean;
  /** Constants that become inputs of the graph, so that several graphs can share them. */
  readonly constantsAsInputs?: boolean;
}

/**
 * Runs the program once on tensors without values and returns the graph of what it did, gradients included.
 *
 * @throws Error naming the operation, and where the program called it, if it cannot be traced, draws randomness or
 *   reads a tensor's values
 */
export async function traceProgram(program: Program, options: TraceOptions = {}): Promise<Graph> {
  const { simplify = true, constantsAsInputs = false } = options;
  const backend = await traceBackend();
  const builder = createBuilder(simplify);
  const inputs: Value[] = [];
  const values: Record<string, Value> = {};
  const declare = (name: string, spec: { shape: readonly number[]; dtype: 'float32' | 'int32' }): void => {
    values[name] = builder.input(name, spec);
    inputs.push(values[name]);
  };
  for (const [name, spec] of Object.entries(program.inputs)) declare(name, spec);
  for (const [name, constant] of Object.entries(program.constants)) {
    if (name in values) throw new Error(`Program “${program.name}”: “${name}” is an input and a constant.`);
    checkTensor(`Program “${program.name}”: the constant “${name}”`, constant, constant);
    if (constantsAsInputs) declare(name, constant);
    else values[name] = builder.constant(constant.data, constant, name);
  }

  const outputs: Record<string, Value> = {};
  backend.builder = builder;
  try {
    onBackend(TRACE, () => {
      const engine = tf.engine();
      const tensors: Record<string, tf.Tensor> = {};
      for (const [name, value] of Object.entries(values))
        tensors[name] = engine.makeTensorFromTensorInfo(backend.hold(value));
      withSealedEngine(() => {
        for (const [name, tensor] of Object.entries(compute(program, tensors)))
          outputs[name] = backend.standsFor(tensor);
      });
    });
  } finally {
    backend.builder = undefined;
  }
  for (const [name, value] of Object.entries(outputs))
    if (value.dtype !== 'float32' && value.dtype !== 'int32')
      throw new Error(
        `Program “${program.name}”: the output “${name}” is ${describe(value)}; outputs are float32 or int32.`,
      );
  const graph: Graph = { name: program.name, inputs, nodes: builder.nodes, outputs };
  return simplify ? simplifyGraph(graph) : graph;
}

function compute(program: Program, tensors: Tensors): Tensors {
  try {
    return program.compute(tensors);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Error(`Program “${program.name}”: ${error.message}`, { cause: error });
  }
}
