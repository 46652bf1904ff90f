import { UNRANKED, type RankingTable } from '../table';
import { rankingPairs, type TrlPair } from '../write-trl';
import { losses } from './losses';

/** A table as pairs for TRL. */
export interface TrlFile {
  readonly lines: Iterable<string>;
  /** Pairs. */
  readonly records: number;
  readonly lost: readonly string[];
}

/** Every ordered pair of every ranking, as TRL's DPOTrainer takes it, with the name of the annotator beside it. */
export function trlFile(table: RankingTable): TrlFile {
  let pairs = 0;
  let longer = 0;
  let tied = 0;
  let silent = 0;
  for (const found of rankingPairs(table)) {
    const [from, to] = [table.start[found.record], table.start[found.record + 1]];
    pairs += found.pairs.length;
    if (found.pairs.length === 0) silent++;
    else {
      if (to - from > 2) longer++;
      if (hasTie(table, from, to)) tied++;
    }
  }
  return {
    records: pairs,
    lines: linesOf(table),
    lost: [
      ...(longer > 0 ? [`${longer} rankings of three or more become pairs, which read back are judgements of their own.`] : []),
      ...(tied > 0 ? [`${tied} rankings lose their ties: tied responses make no pair.`] : []),
      ...(silent > 0 ? [`${silent} rankings are left out: they put nothing above anything else.`] : []),
      ...losses(table, ['annotators']),
    ],
  }; // prettier-ignore
}

function hasTie({ level }: RankingTable, from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) if (level[i] !== UNRANKED && level[i] === level[i - 1]) return true;
  return false;
}

function* linesOf(table: RankingTable): Generator<string> {
  for (const { record, pairs } of rankingPairs(table)) {
    const annotator = table.annotator[record];
    for (const [chosen, rejected] of pairs) {
      const pair: TrlPair = {
        prompt: table.prompts.text(table.prompt[record]),
        chosen: table.responses.text(chosen),
        rejected: table.responses.text(rejected),
        annotator: annotator < 0 ? undefined : table.annotators.text(annotator),
      };
      yield `${JSON.stringify(pair)}\n`;
    }
  }
}
