import type { PackShape } from '../../policy/transformer/packing';
import type { TokenRecord } from '../../policy/transformer/truncate';
import type { Problem } from '../problem';
import type { Texts } from './texts';
import type { UsableRankings } from './usable';

/**
 * What has to be in one batch: responses to one prompt and rankings of them. Rankings of the same responses share a
 * unit, so that the model works through each response once for all annotators who ranked it.
 */
export interface Unit {
  readonly prompt: number;
  readonly responses: readonly number[];
  /** Indices into the problem's rankings. */
  readonly rankings: readonly number[];
}

/** Rankings of one prompt are kept together up to this many responses, or those of its largest choice set. */
const MOST_RESPONSES = 8;
const MOST_RANKINGS = 64;

/** Units of all rankings that are trained on, in the order of their prompts. */
export function rankingUnits({ rankings }: Problem, usable: UsableRankings, texts: Texts): Unit[] {
  const byPrompt = new Map<number, number[]>();
  usable.orders.forEach((orders, r) => {
    if (!orders) return;
    const x = texts.promptOf[rankings.option[rankings.start[r]]];
    const members = byPrompt.get(x);
    if (members) members.push(r);
    else byPrompt.set(x, [r]);
  });
  const units: Unit[] = [];
  for (const [prompt, members] of byPrompt) {
    const offered = new Map(
      members.map((r) => [
        r,
        Array.from(rankings.option.subarray(rankings.start[r], rankings.start[r + 1])).sort(ascending),
      ]),
    );
    const most = members.reduce((largest, r) => Math.max(largest, offered.get(r)!.length), MOST_RESPONSES);
    // equal choice sets come one after the other, and so share a unit
    const keys = new Map(Array.from(offered, ([r, options]) => [r, options.join()]));
    members.sort((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : keys.get(a)! > keys.get(b)! ? 1 : a - b));
    let responses = new Set<number>();
    let together: number[] = [];
    const close = () => {
      if (together.length > 0)
        units.push({ prompt, responses: [...responses].sort(ascending), rankings: together });
      responses = new Set();
      together = [];
    };
    for (const r of members) {
      const fresh = offered.get(r)!.filter((y) => !responses.has(y)).length;
      if (responses.size + fresh > most || together.length === MOST_RANKINGS) close();
      for (const y of offered.get(r)!) responses.add(y);
      together.push(r);
    }
    close();
  }
  return units;
}

/** Units without rankings that hold every response once, for scoring. */
export function responseUnits(texts: Texts): Unit[] {
  const units: { prompt: number; responses: number[]; rankings: number[] }[] = [];
  const open = new Map<number, { responses: number[] }>();
  for (const y of texts.used) {
    const prompt = texts.promptOf[y];
    let unit = open.get(prompt);
    if (!unit || unit.responses.length === MOST_RESPONSES) {
      const added = { prompt, responses: [], rankings: [] };
      units.push(added);
      open.set(prompt, (unit = added));
    }
    unit.responses.push(y);
  }
  return units;
}

function ascending(a: number, b: number): number {
  return a - b;
}

export function tokenRecord(unit: Unit, texts: Texts): TokenRecord {
  return {
    line: 0,
    prompt: texts.prompt[unit.prompt],
    responses: unit.responses.map((y) => texts.response[y]),
  };
}

/** How much of a batch a unit takes. */
export interface UnitSize {
  /** Tokens of each block that it is divided into, rows being `length` long. */
  readonly blocks: readonly number[];
  readonly scored: number;
  readonly slots: number;
  readonly rankings: number;
}

/** As `pack` divides a record into blocks. */
export function unitSize(unit: Unit, texts: Texts, length: number): UnitSize {
  const prompt = texts.prompt[unit.prompt].length;
  const blocks: number[] = [];
  let size = prompt;
  let scored = 0;
  for (const y of unit.responses) {
    const tokens = texts.response[y].length;
    if (size > prompt && size + tokens > length) {
      blocks.push(size);
      size = prompt;
    }
    size += tokens;
    scored += tokens;
  }
  blocks.push(size);
  return { blocks, scored, slots: unit.responses.length, rankings: unit.rankings.length };
}

/** Tokens of the longest sequence, prompt and response together. */
export function longestSequence(unit: Unit, texts: Texts): number {
  const prompt = texts.prompt[unit.prompt].length;
  return unit.responses.reduce((most, y) => Math.max(most, prompt + texts.response[y].length), 0);
}

/**
 * A batch that is being filled: rows first fit, in the order in which units come.
 *
 * @param most rankings it may hold
 */
export function filling(
  shape: PackShape,
  most = Infinity,
): { add: (size: UnitSize) => boolean; readonly rows: number } {
  const free: number[] = [];
  let scored = 0;
  let slots = 0;
  let rankings = 0;
  return {
    get rows() {
      return free.length;
    },
    /** @returns false, and changes nothing, where the unit does not fit */
    add: (size) => {
      if (scored + size.scored > shape.scored || slots + size.slots > shape.slots) return false;
      if (rankings + size.rankings > most) return false;
      const before = free.slice();
      for (const block of size.blocks) {
        let row = free.findIndex((left) => left >= block);
        if (row < 0) row = free.push(shape.length) - 1;
        free[row] -= block;
      }
      if (free.length > shape.rows) {
        free.splice(0, free.length, ...before);
        return false;
      }
      scored += size.scored;
      slots += size.slots;
      rankings += size.rankings;
      return true;
    },
  };
}

/** Rows are tried in lengths that are multiples of this, up to so many times the longest sequence. */
const LENGTH_UNIT = 16;
const LONGEST_ROW = 4;
const SAMPLED = 200;

/** Units whose batches have one shape. */
export interface Bucket {
  readonly shape: PackShape;
  /** Most rankings in one batch. */
  readonly rankings: number;
  /** Units in an average batch. */
  readonly together: number;
  readonly units: readonly Unit[];
}

export interface BucketOptions {
  /** Units in one batch, as far as `tokens` allows. */
  readonly units: number;
  /** Most tokens in one batch, unless a single unit has more. */
  readonly tokens: number;
  /** Hidden size of the model: attention over a row of T tokens costs about T/6h of all else. */
  readonly hidden: number;
}

/**
 * Divides units into at most two buckets, by their longest sequence, and chooses the shape of each: the row length that
 * wastes least, and room for an average batch.
 */
export function buckets(units: readonly Unit[], texts: Texts, options: BucketOptions): Bucket[] {
  if (units.length === 0) return [];
  const sorted = [...units].sort((a, b) => longestSequence(a, texts) - longestSequence(b, texts));
  const longest = longestSequence(sorted[sorted.length - 1], texts);
  const short = sorted.filter((unit) => longestSequence(unit, texts) <= longest / 2);
  const divided =
    short.length >= units.length / 4 && short.length < units.length && longest >= 4 * LENGTH_UNIT
      ? [new Set(short), new Set(sorted.slice(short.length))]
      : [new Set(sorted)];
  return divided.map((members) => {
    const own = units.filter((unit) => members.has(unit));
    return { ...shapeFor(own, texts, options), units: own };
  });
}

function shapeFor(
  units: readonly Unit[],
  texts: Texts,
  { units: wanted, tokens, hidden }: BucketOptions,
): Omit<Bucket, 'units'> {
  const step = Math.max(1, Math.floor(units.length / SAMPLED));
  const sample = units.filter((_, i) => i % step === 0);
  const need = units.reduce((most, unit) => Math.max(most, longestSequence(unit, texts)), 1);
  const shortest = Math.ceil(need / LENGTH_UNIT) * LENGTH_UNIT;
  let best: { length: number; cost: number; rows: number } | undefined;
  for (let length = shortest; length <= LONGEST_ROW * shortest; length += LENGTH_UNIT) {
    const all = filling({ rows: Infinity, length, slots: Infinity, scored: Infinity });
    for (const unit of sample) all.add(unitSize(unit, texts, length));
    const cost = all.rows * length * (1 + length / (6 * hidden));
    if (!best || cost < best.cost) best = { length, cost, rows: all.rows };
  }
  const { length, rows } = best!;
  const sizes = units.map((unit) => unitSize(unit, texts, length));
  const most = (of: (size: UnitSize) => number) =>
    sizes.reduce((largest, size) => Math.max(largest, of(size)), 1);
  const perUnit = rows / sample.length;
  const together = Math.max(1, Math.min(wanted, units.length, Math.floor(tokens / (perUnit * length))));
  // a batch of all units must hold them all; else a batch is closed when its rows are full, which the rest must not prevent
  const bound = Math.max(
    Math.ceil(together * perUnit * (together === units.length ? 1.15 : 1)),
    most((size) => size.blocks.length),
  );
  const share = (1.1 * bound) / (perUnit * sizes.length);
  const sum = (of: (size: UnitSize) => number) => sizes.reduce((total, size) => total + of(size), 0);
  const room = (of: (size: UnitSize) => number) => Math.ceil(Math.max(share * sum(of), most(of)));
  return {
    shape: {
      rows: bound,
      length,
      slots: 2 * room((size) => size.slots),
      scored: room((size) => size.scored),
    },
    together,
    rankings: 2 * room((size) => size.rankings),
  };
}
