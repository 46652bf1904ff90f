import * as at from '../assembly/layout';
import { nextSerial } from '../plain-kernel';
import type { Loaded } from './load';
import { restOf, type Rest } from './rest';

/** From as many options on a pass takes so long (about a millisecond) that waking other threads pays. */
const SHARED_FROM = 1 << 16;

/** Where a compiled kernel stands, and the jobs that all of its functions are made of. */
export interface Turn {
  /** Performs a job in the parts of the rankings, or in as many parts. */
  perform(kind: number, parts?: number): void;
  /** Σ over parts of the number that the last job left. */
  total(parts?: number): number;
  /** Goes to the rewards that stand in `utility`. */
  settle(): void;
  /** Leaves it to `go` to go to a point, when something there is asked for. */
  postpone(go: () => void): void;
  /** Goes where it was left to go. */
  arrive(): void;
  /** Whether the rewards lie too far apart for the compiled kernels. The parts of the last job say so. */
  readonly outside: boolean;
  leave(outside: boolean): void;
  /** Rankings that TypeScript has to do at this point: those with ties, or all. */
  rest(): Rest;
  /** Whether there are rankings with ties. */
  readonly tied: boolean;
  /** The rewards by alternative. */
  point(): Float64Array;
  /** ℓ of every ranking becomes `kept`. */
  likelihoods(kept: Float64Array): void;
  /** What a job adds up by alternative becomes `sums`, without what the rest adds. */
  addUp(kind: number): void;
  /** ℓ of type k: what jobs write from now on. */
  keep(k: number): Float64Array;
  /** Room for ℓ that are no type’s. */
  own(): Float64Array;
  /** Number of what is kept for type k, and a new one. */
  serial(k: number): number;
  renew(k: number): number;
}

export function turnOf(loaded: Loaded): Turn {
  const { observed, plan, region, utility, sums, partial } = loaded;
  const { rankings } = observed;
  const shared = plan.options >= SHARED_FROM;
  const tied = restOf(rankings, plan, 'tied');
  const all = restOf(rankings, plan, 'all');
  const serials: number[] = [];
  const kept: Float64Array[] = [];
  let own: Float64Array | undefined;
  let outside = false;
  let postponed: (() => void) | undefined;

  const turn: Turn = {
    perform: (kind, parts = plan.parts) => {
      region.perform(kind, parts, shared);
    },
    total: (parts = plan.parts) => partial.subarray(0, parts).reduce((sum, part) => sum + part, 0),
    settle: () => {
      postponed = undefined;
      turn.perform(at.EXPONENTIALS);
      turn.leave(partial.subarray(0, plan.parts).includes(0));
    },
    postpone: (go) => {
      postponed = go;
    },
    arrive: () => postponed?.(),
    get outside() {
      return outside;
    },
    leave: (is) => {
      outside = is;
    },
    rest: () => (outside ? all : tied),
    tied: !tied.empty,
    point: () => {
      const point = new Float64Array(utility.length);
      plan.place.forEach((p, a) => (point[a] = utility[p]));
      return point;
    },
    likelihoods: (list) => {
      turn.arrive();
      region.set(at.VALUE, region.addressOf(list));
      if (!outside) turn.perform(at.LIKELIHOODS);
      if (!turn.rest().empty) turn.rest().likelihoods(turn.point(), list);
    },
    addUp: (kind) => {
      turn.arrive();
      if (outside) {
        sums.fill(0);
        return;
      }
      turn.perform(kind);
      if (!plan.apart) turn.perform(at.ADD_UP);
    },
    keep: (k) => {
      if (k >= kept.length) {
        // all types stand one after the other
        const types = Math.max(k + 1, 2 * kept.length);
        const room = region.floats(at.VALUES, types * rankings.count);
        for (let j = 0; j < types; j++) {
          const mine = room.subarray(j * rankings.count, (j + 1) * rankings.count);
          if (j < kept.length) mine.set(kept[j]);
          kept[j] = mine;
        }
      }
      region.set(at.VALUE, region.addressOf(kept[k]));
      return kept[k];
    },
    own: () => (own ??= region.floats(at.OUT, rankings.count)),
    serial: (k) => serials[k] ?? 0,
    renew: (k) => (serials[k] = nextSerial()),
  };
  return turn;
}
