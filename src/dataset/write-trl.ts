import { UNRANKED, type RankingTable } from './table';

/** One line of a preference dataset as TRL's DPOTrainer takes it; fields it does not know stay columns. */
export interface TrlPair {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
  readonly annotator?: string;
  /** How much the pair counts; 1 where absent. */
  readonly weight?: number;
}

/** Pairs of one ranking that say which of two responses is better. Ties say nothing. */
export interface RecordPairs {
  readonly record: number;
  /** Response ids, better and worse in turn. */
  readonly pairs: readonly (readonly [chosen: number, rejected: number])[];
}

/**
 * Every ranking as its ordered pairs: m responses in strict order give m(m − 1)/2. A response that was offered but not
 * ranked is worse than each ranked one; under `absent` it is in no pair.
 */
export function* rankingPairs(table: RankingTable): Generator<RecordPairs> {
  for (let r = 0; r < table.records; r++) {
    const pairs: [number, number][] = [];
    for (let i = table.start[r]; i < table.start[r + 1]; i++) {
      for (let j = i + 1; j < table.start[r + 1]; j++) {
        const known = table.level[j] !== UNRANKED || table.unranked === 'offered';
        if (known && table.level[i] < table.level[j]) pairs.push([table.option[i], table.option[j]]);
      }
    }
    yield { record: r, pairs };
  }
}
