import type { Standing } from './em';
import { hardLabels } from './labels';
import { toldIterations } from './told-iterations';

/** Where a start stood after an iteration. */
export interface TracePoint {
  readonly iteration: number;
  /** Without the prior, in nats. */
  readonly logLikelihood: number;
  readonly shares: Float64Array;
  readonly theta: readonly Float64Array[];
  /** Most probable type of each profile. */
  readonly labels: Uint8Array;
}

export interface Tracer {
  readonly points: readonly TracePoint[];
  add(iteration: number, state: Standing): void;
}

/** Of the parameters and labels that are kept of one start; two starts, the best and the present one, are kept at once. */
const MOST_BYTES = 2 ** 25;

/**
 * Keeps the iterations of a start that are told. It computes nothing again: EM makes new parameters in each iteration
 * anyway, and those of the told ones are not let go. So it costs a pass over the posteriors, for the labels, and memory:
 * where that would be more than `mostBytes`, every second point is dropped, and fewer iterations are left.
 */
export function traceStart(mostBytes = MOST_BYTES): Tracer {
  const told = toldIterations();
  let points: TracePoint[] = [];
  return {
    get points() {
      return points;
    },
    add(iteration, { logLikelihood, shares, theta, gamma }) {
      if (!told(iteration)) return;
      const labels = Uint8Array.from(hardLabels(gamma, shares.length));
      points.push({ iteration, logLikelihood, shares, theta, labels });
      const each = labels.length + theta.reduce((sum, { byteLength }) => sum + byteLength, 0);
      if (points.length * each > mostBytes) points = points.filter((_, i) => i % 2 === 0);
    },
  };
}

/** The same points, their types in another order. @param order by place: the type that comes there */
export function reordered(points: readonly TracePoint[], order: readonly number[]): TracePoint[] {
  const place = order.map((_, k) => order.indexOf(k));
  return points.map((point) => ({
    ...point,
    shares: Float64Array.from(order, (k) => point.shares[k]),
    theta: order.map((k) => point.theta[k]),
    labels: point.labels.map((k) => place[k]),
  }));
}
