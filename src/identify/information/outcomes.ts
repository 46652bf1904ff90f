import type { Random } from '../../random';
import type { RecordDesign } from './design-patterns';

/** log P of an ordered choice and its gradient in the utilities of the offered alternatives, for each type. */
export interface Outcome {
  /** By type, in nats. */
  readonly logProbability: Float64Array;
  /** Types × offered, row-major: ∂ log P / ∂u. */
  readonly gradient: Float64Array;
}

/** Number of ordered choices of `depth` out of m. */
export function outcomeCount({ offered, depth }: RecordDesign): number {
  let count = 1;
  for (let place = 0; place < depth; place++) count *= offered.length - place;
  return count;
}

/** Every outcome of a record. */
export function allOutcomes(design: RecordDesign, utility: readonly Float64Array[]): Outcome[] {
  const out: Outcome[] = [];
  const order: number[] = [];
  const place = (): void => {
    if (order.length === design.depth) {
      out.push(outcomeOf(design, order, utility));
      return;
    }
    for (let i = 0; i < design.offered.length; i++) {
      if (order.includes(i)) continue;
      order.push(i);
      place();
      order.pop();
    }
  };
  place();
  return out;
}

/** One outcome, drawn as an annotator of the type with these utilities would choose. */
export function drawOutcome(
  design: RecordDesign,
  utility: readonly Float64Array[],
  type: number,
  source: Random,
): Outcome {
  const noisy = Float64Array.from(design.offered, (y) => utility[type][y] + source.gumbel());
  const order = Array.from(design.offered.keys()).sort((a, b) => noisy[b] - noisy[a]);
  return outcomeOf(design, order.slice(0, design.depth), utility);
}

/** Plackett–Luce: Σ_j [u_{τ(j)} − log Σ_{not yet placed} e^u]; each stage adds −softmax to the gradient. */
function outcomeOf(
  { offered }: RecordDesign,
  order: readonly number[],
  utility: readonly Float64Array[],
): Outcome {
  const m = offered.length;
  const logProbability = new Float64Array(utility.length);
  const gradient = new Float64Array(utility.length * m);
  const left = new Uint8Array(m);
  const e = new Float64Array(m); // relative to the largest of those that are left
  for (let k = 0; k < utility.length; k++) {
    const u = utility[k];
    left.fill(1);
    let largest: number | undefined;
    for (const chosen of order) {
      if (largest === undefined) {
        largest = -Infinity;
        for (let i = 0; i < m; i++) if (left[i] === 1) largest = Math.max(largest, u[offered[i]]);
        for (let i = 0; i < m; i++) if (left[i] === 1) e[i] = Math.exp(u[offered[i]] - largest);
      }
      let sum = 0;
      for (let i = 0; i < m; i++) if (left[i] === 1) sum += e[i];
      logProbability[k] += u[offered[chosen]] - largest - Math.log(sum);
      for (let i = 0; i < m; i++) if (left[i] === 1) gradient[k * m + i] -= e[i] / sum;
      gradient[k * m + chosen] += 1;
      left[chosen] = 0;
      if (u[offered[chosen]] === largest) largest = undefined;
    }
  }
  return { logProbability, gradient };
}
