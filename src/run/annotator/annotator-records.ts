import { rankingLogLikelihood } from '../../dataset/simulate/ranking-likelihood';
import { UNRANKED, type RankingTable } from '../../dataset/table';
import { choiceSet } from '../../identify/choice-set';
import type { AnnotatorRecord, AnnotatorRecords, TypeOnRecord } from '../../protocol/annotator';
import type { TieTreatment } from '../../protocol/experiment';
import { RunError } from '../run-error';
import type { OpenedRun } from './opened-run';

/** Records of one annotator that a panel shows. */
const MOST = 200;

/**
 * The records of an annotator as rankings, with how each type would have ranked them.
 *
 * @param annotator as posterior.csv names them: `line N` for the record without an annotator on that line
 * @throws RunError where the dataset has no such annotator
 */
export function annotatorRecords(
  { manifest, table, rewards }: OpenedRun,
  annotator: string,
): AnnotatorRecords {
  const own = recordsOf(table, annotator);
  if (own.length === 0) {
    throw new RunError(`${manifest.dataset.path} has no records of “${annotator}”.`);
  }
  const { ties } = manifest.experiment.dataset;
  const known = typeof rewards === 'string' ? undefined : rewards;
  return {
    annotator,
    total: own.length,
    records: own.slice(0, MOST).map((r) => describe(table, r, known, ties)),
    ...(typeof rewards === 'string' && { withoutTypes: rewards }),
  };
}

function recordsOf(table: RankingTable, annotator: string): number[] {
  const found: number[] = [];
  for (let h = 0; h < table.annotators.size; h++) {
    if (table.annotators.text(h) !== annotator) continue;
    for (let r = 0; r < table.records; r++) if (table.annotator[r] === h) found.push(r);
    return found;
  }
  const line = Number(/^line (\d+)$/.exec(annotator)?.[1] ?? NaN);
  // a line may stand for several people who said the same
  const first = table.line.findIndex((each, r) => each === line && table.annotator[r] < 0);
  return first < 0 ? [] : [first];
}

function describe(
  table: RankingTable,
  r: number,
  rewards: readonly Float64Array[] | undefined,
  ties: TieTreatment,
): AnnotatorRecord {
  const { from, to, ranked } = choiceSet(table, r);
  const options = table.option.subarray(from, to);
  const places = placesOf(Array.from(table.level.subarray(from, from + ranked), (level) => -level));
  const levels = levelsOf(table, from, ranked);
  const used = to - from >= 2 && (ties === 'average' || levels.every((level) => level.length === 1));
  const seenBy = (reward: Float64Array): TypeOnRecord => {
    const own = Array.from(options, (y) => reward[y]);
    return { places: placesOf(own), logLikelihood: used ? rankingLogLikelihood(own, levels) : null };
  };
  return {
    line: table.line[r],
    prompt: table.prompts.text(table.prompt[r]),
    weight: table.weight[r],
    options: Array.from(options, (y, i) => ({
      text: table.responses.text(y),
      place: table.level[from + i] === UNRANKED ? null : places[i],
    })),
    ...(rewards && knownTo(rewards, options) && { types: rewards.map(seenBy) }),
  };
}

/** Language models never saw responses that were not used, such as those cut to the same text. */
function knownTo(rewards: readonly Float64Array[], options: Int32Array): boolean {
  return options.every((y) => !Number.isNaN(rewards[0][y]));
}

/** Places of the ranked options of a record that share a level, best level first. */
function levelsOf({ level }: RankingTable, from: number, ranked: number): number[][] {
  const levels: number[][] = [];
  for (let i = 0; i < ranked; i++) {
    if (i > 0 && level[from + i] === level[from + i - 1]) levels[levels.length - 1].push(i);
    else levels.push([i]);
  }
  return levels;
}

/** 1 for the highest value; equal ones share a place, and the next counts on from all before it. */
export function placesOf(values: readonly number[]): number[] {
  return values.map((value) => 1 + values.filter((other) => other > value).length);
}
