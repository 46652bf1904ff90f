/** Places in a triangle whose corners are the types: the nearer to a corner, the surer of that type. */

/** With the triangle's side 1: the first corner at (0, 0), the second at (1, 0), the third above their middle. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export const HEIGHT = Math.sqrt(3) / 2;

/** Where probabilities of three types lie. @param p sums to 1 */
export function pointOf([, second, third]: readonly number[]): Point {
  return { x: second + third / 2, y: third * HEIGHT };
}

/** Annotators drawn as one dot. */
export interface Spot {
  /** Mean of their posteriors. */
  readonly p: readonly number[];
  /** Rows of the posterior, in the order given. */
  readonly members: readonly number[];
}

/**
 * Puts annotators with nearly the same posterior together, on a triangular lattice: any number of them gives at most
 * (steps + 1)(steps + 2)/2 spots. Most members first, so that small spots are drawn on top.
 *
 * @param gamma row-major annotators × 3
 * @param order rows of it
 */
export function spots(gamma: readonly number[], order: readonly number[], steps: number): Spot[] {
  const byPlace = new Map<number, number[]>();
  for (const h of order) {
    const key = latticeKey(gamma, 3 * h, steps);
    const there = byPlace.get(key);
    if (there) there.push(h);
    else byPlace.set(key, [h]);
  }
  const mean = (members: readonly number[], k: number) =>
    members.reduce((sum, h) => sum + gamma[3 * h + k], 0) / members.length;
  return [...byPlace.values()]
    .map((members) => ({ p: [0, 1, 2].map((k) => mean(members, k)), members }))
    .sort((a, b) => b.members.length - a.members.length);
}

/** The nearest lattice point: each probability rounded to whole steps, their sum mended where it rounds worst. */
function latticeKey(gamma: readonly number[], at: number, steps: number): number {
  const whole = [0, 0, 0];
  let left = steps;
  for (let k = 0; k < 3; k++) {
    whole[k] = Math.round(gamma[at + k] * steps);
    left -= whole[k];
  }
  const short = (k: number) => (gamma[at + k] * steps - whole[k]) * Math.sign(left);
  while (left !== 0) {
    const k = [0, 1, 2].reduce((best, each) => (short(each) > short(best) ? each : best));
    whole[k] += Math.sign(left);
    left -= Math.sign(left);
  }
  return whole[1] * (steps + 1) + whole[2];
}
