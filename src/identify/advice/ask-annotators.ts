import type { Advice, AdviceAction, AdviceTarget } from '../../protocol/validation';
import { random } from '../../random';
import { along, type Along } from '../information/along';
import type { DesignModel } from '../information/model';
import type { MixturePoint } from '../information/scores';
import type { Spectrum } from '../information/spectrum';
import { count, short } from '../words';
import { annotatorsByWorth, mostWorth } from './annotators-worth';
import { withMoreRecords, type OpenDesign } from './extend';

/** What a design would tell. */
export interface Effect {
  readonly shareError: number | null;
  readonly singular: number;
  /** Smallest eigenvalue for all annotators together, and the direction it belongs to. */
  readonly smallest: number;
  readonly weakest: Float64Array;
  readonly spectrum: Spectrum;
}

/** What an advice is about, by name. */
export type NamedAdvice = Pick<Advice, 'annotators' | 'prompts' | 'pairs'>;

/** Makes an advice of what it costs and does. */
export type MakeAdvice = (
  action: AdviceAction,
  message: string,
  judgements: number,
  effect: Effect,
  named?: NamedAdvice,
) => Advice;

const SEED = 7;
/** Further records each, and the part of the annotators who are asked, until the target is reached. */
const STEPS = [
  { dose: 1, part: 0.1 },
  { dose: 2, part: 0.1 },
  { dose: 2, part: 0.3 },
  { dose: 4, part: 0.3 },
];
/** Open directions along which annotators are compared. */
const MOST_DIRECTIONS = 5;

/** Annotators who can be asked again: those with a name and a record that decides something. */
export function namedAnnotators({ design }: DesignModel): number[] {
  return Array.from(design.patternOf.keys()).filter((a) => design.patternOf[a] >= 0);
}

/** Names of those with the fewest records; undefined where all have as many. */
export function fewestRecords(
  { design, annotatorName }: DesignModel,
  asked: readonly number[],
): { records: number; annotators: string[] } | undefined {
  const recordsOf = (a: number): number =>
    design.start[design.patternOf[a] + 1] - design.start[design.patternOf[a]];
  const records = asked.reduce((fewest, a) => Math.min(fewest, recordsOf(a)), Infinity);
  const annotators = asked.filter((a) => recordsOf(a) === records);
  if (annotators.length === asked.length) return undefined;
  return { records, annotators: annotators.map(annotatorName) };
}

/** `“a17”, “a203” and 14 others`: in quotes, by which names are found where pseudonyms are to stand for them. */
export function some(names: readonly string[]): string {
  const shown = names.slice(0, names.length === 3 ? 3 : 2).map((name) => `“${short(name)}”`);
  const others = names.length - shown.length;
  if (others > 0) return `${shown.join(', ')} and ${others} others`;
  return shown.length < 2 ? shown.join() : `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`;
}

/**
 * More records of the annotators whose further records would add most, per judgement, to what the target is about. None
 * where they would hardly add more than the others', or where they are the ones with the fewest records anyway.
 */
export function theseAnnotators(
  model: DesignModel,
  point: MixturePoint,
  now: Effect,
  target: AdviceTarget,
  opened: OpenDesign,
  extended: (design: OpenDesign) => [judgements: number, effect: Effect],
  advice: MakeAdvice,
  fewest: readonly string[] = [],
): Advice[] {
  const directions = wanted(model, point, now, target);
  const { design, annotatorName } = model;
  let best: Advice | undefined;
  for (const { dose, part } of STEPS) {
    const chosen = mostWorth(annotatorsByWorth(design, point, directions, dose), part);
    if (!chosen) continue;
    const annotators = namedAnnotators(model)
      .filter((a) => chosen.patterns.has(design.patternOf[a]))
      .map(annotatorName);
    if (annotators.join() === fewest.join()) continue;
    const more = withMoreRecords(opened, dose, random(SEED, dose, 8), (_, p) => chosen.patterns.has(p));
    const message = `Ask ${some(annotators)} for ${count(dose, 'more record')}${annotators.length === 1 ? '' : ' each'}: ${worthWords(chosen.times)}.`;
    const [judgements, effect] = extended(more);
    // a sample of many annotators may miss all of a few
    if (judgements === 0) continue;
    const made = advice('records-of-annotators', message, judgements, effect, { annotators });
    if (!best || better(made, best)) best = made;
    if (made.reaches) break;
  }
  return best ? [best] : [];
}

function better(a: Advice, b: Advice): boolean {
  if (a.reaches !== b.reaches) return a.reaches;
  if (a.singular !== b.singular) return a.singular < b.singular;
  return (a.gain ?? -Infinity) > (b.gain ?? -Infinity);
}

/** Directions whose information is wanted: open ones first, else that of the least certain share or the weakest. */
function wanted(
  { model, alternatives }: DesignModel,
  point: MixturePoint,
  { spectrum, weakest }: Effect,
  { measure }: AdviceTarget,
): Along[] {
  const types = point.shares.length;
  const known = spectrum.known?.length ?? 0;
  const open = spectrum.nullVectors.slice(0, spectrum.nullVectors.length - known);
  const vectors =
    spectrum.nullVectors.length > 0
      ? open.slice(0, MOST_DIRECTIONS)
      : measure === 'share'
        ? [leastCertainShare(spectrum)]
        : [weakest];
  return vectors.map((v) => along(model, v, types, alternatives));
}

/** Column of the inverse for the least certain share: information along it lowers its variance most. */
function leastCertainShare({ shareColumns, shareCovariance, variance }: Spectrum): Float64Array {
  const last = shareColumns[0].map((_, i) => -shareColumns.reduce((sum, column) => sum + column[i], 0));
  let worst: { column: Float64Array; variance: number } = { column: last, variance: shareCovariance };
  shareColumns.forEach((column, k) => {
    if (variance[k] > worst.variance) worst = { column, variance: variance[k] };
  });
  return worst.column;
}

function worthWords(times: number): string {
  return times < 1000
    ? `a judgement of theirs is expected to tell ${times.toFixed(1)} times as much as one of the others'`
    : 'theirs tell what the others cannot';
}
