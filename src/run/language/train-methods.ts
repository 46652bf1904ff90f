import type { RankingTable } from '../../dataset/table';
import type { LanguageExperiment } from '../../protocol/experiment';
import { holdOutRecords } from '../../training/baselines/records';
import { trainMethods, type LanguageMethod } from '../../training/language/methods';
import type { LanguageTrainingRequest } from '../../training/language/train';
import { usableRankings } from '../../training/language/usable';
import { makeProblem, type Problem } from '../../training/problem';
import { knownTypes, type Known } from '../baselines/known-types';
import { readTrueTypes } from '../truth';

export interface TrainedMethods {
  /** EM-DPO first. */
  readonly methods: readonly LanguageMethod[];
  readonly known?: Known;
  /** Of the records that methods learnt from. */
  readonly problem: Problem;
  /** Absent where no annotator has two records. */
  readonly heldOut?: Problem & {
    /** Held-out records that could not be used. */
    readonly missing: number;
  };
}

/** Trains every method without a share of each annotator's records, which is kept for predicting. */
export async function trainForComparison(
  table: RankingTable,
  { dataset, evaluate, seed }: LanguageExperiment,
  training: LanguageTrainingRequest,
): Promise<TrainedMethods> {
  const split = holdOutRecords(table, evaluate.heldOut, seed);
  const single = new Int32Array(table.responses.size).map((_, y) => y);
  const problemOf = (part: RankingTable) => makeProblem(part, single, single.length, dataset);
  const problem = problemOf(split.training);
  const known = knownTypes(table, await readTrueTypes(dataset.path, table), problem);
  // texts are those of all records: held-out responses need a reward too
  const { texts } = training.data;
  const methods = await trainMethods({
    ...training,
    data: { problem, texts, usable: usableRankings(problem, texts), warnings: [] },
    annotators: table.annotators.size,
    known: known?.types,
  });
  const kept = split.heldOut.records > 0 ? problemOf(split.heldOut) : undefined;
  return {
    methods,
    known,
    problem,
    heldOut: kept && { ...kept, missing: split.heldOut.records - kept.records },
  };
}
