/** Distinct sequences of integers, numbered in order of first appearance (open addressing, linear probing). */
export interface SequencePool {
  readonly count: number;
  /** Id of the sequence `values[from … to − 1]`, added if new. */
  id(values: Int32Array, from: number, to: number): number;
  /** Id of a sequence that is no other's, neither before nor later: it is never looked for. */
  append(values: Int32Array, from: number, to: number): number;
  /** Sequences one after the other; sequence i is `values[start[i]] … values[start[i + 1] − 1]`. */
  finish(): { start: Uint32Array; values: Int32Array };
}

export function sequencePool(): SequencePool {
  let slots = new Int32Array(1024).fill(-1);
  let start = new Uint32Array(1024);
  let stored = new Int32Array(4096);
  let count = 0;
  let findable = 0;

  const slotOf = (values: Int32Array, from: number, to: number): number => {
    let hash = to - from;
    for (let i = from; i < to; i++) {
      hash = Math.imul(hash ^ values[i], 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    let slot = hash & (slots.length - 1);
    while (slots[slot] >= 0 && !equals(slots[slot], values, from, to)) slot = (slot + 1) & (slots.length - 1);
    return slot;
  };
  const equals = (id: number, values: Int32Array, from: number, to: number): boolean => {
    if (start[id + 1] - start[id] !== to - from) return false;
    for (let i = from, at = start[id]; i < to; i++, at++) if (stored[at] !== values[i]) return false;
    return true;
  };
  const grow = (): void => {
    const before = slots;
    slots = new Int32Array(before.length * 2).fill(-1);
    for (const id of before) if (id >= 0) slots[slotOf(stored, start[id], start[id + 1])] = id;
  };

  const append = (values: Int32Array, from: number, to: number): number => {
    const begin = start[count];
    const end = begin + to - from;
    while (stored.length < end) stored = enlarge(stored, new Int32Array(stored.length * 2));
    if (start.length < count + 2) start = enlarge(start, new Uint32Array(start.length * 2));
    // mostly a few numbers, for which a loop is faster than a copy
    for (let i = from; i < to; i++) stored[begin + i - from] = values[i];
    start[count + 1] = end;
    return count++;
  };

  return {
    append,
    get count() {
      return count;
    },
    id(values, from, to) {
      const slot = slotOf(values, from, to);
      if (slots[slot] >= 0) return slots[slot];
      const id = append(values, from, to);
      slots[slot] = id;
      findable++;
      if (findable * 2 > slots.length) grow();
      return id;
    },
    finish: () => ({ start: start.slice(0, count + 1), values: stored.slice(0, start[count]) }),
  };
}

function enlarge<T extends Int32Array | Uint32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
