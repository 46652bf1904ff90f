import { random, type Random } from '../../random';
import type { CanonicalRecord } from '../canonical-line';
import { optionsNeeded, optionsShown, placesRanked, type KnownPrompt, type Plan } from './plan';

/** Ties average over the orders they allow; more than this many at once is more than the tool reads. */
export const LARGEST_TIE = 12;

const JUDGEMENT_STREAM = 2;
const CALIBRATION_STREAM = 5;
const CALIBRATION_JUDGEMENTS = 4000;

export interface SimulatedAnnotator {
  readonly name: string;
  /** Index of the true type. */
  readonly type: number;
  readonly careless: boolean;
  readonly judgements: readonly Judgement[];
}

/** One record as it came about. */
export interface Judgement {
  readonly prompt: KnownPrompt;
  /** Indices of the responses shown, in the order shown. */
  readonly shown: readonly number[];
  /** As in a CanonicalRecord: positions in `shown`, best first, ties nested. */
  readonly ranking: CanonicalRecord['ranking'];
}

/** Annotator after annotator, each complete; the same plan and seed give the same annotators. */
export function* judge(plan: Plan, seed: number): Generator<SimulatedAnnotator> {
  const closest = closenessOfTies(plan, seed);
  for (const { judgements, ...annotator } of observe(plan, random(seed, JUDGEMENT_STREAM), plan.annotators)) {
    yield {
      ...annotator,
      judgements: judgements.map((o) => ({
        prompt: o.prompt,
        shown: o.shown,
        ranking: rankingOf(o, closest),
      })),
    };
  }
}

interface Observation {
  readonly prompt: KnownPrompt;
  readonly shown: readonly number[];
  /** How many places are ranked. */
  readonly places: number;
  /** Positions in `shown` by falling utility: the ranked ones, then the first that is not ranked, if there is one. */
  readonly order: readonly number[];
  /** Utility lost from each position of `order` to the next. */
  readonly gaps: readonly number[];
}

function* observe(plan: Plan, source: Random, annotators: number) {
  let made = 0;
  const shares = plan.types.map((type) => type.share);
  const [fewest, most] = plan.records;
  for (let i = 0; i < annotators; i++) {
    const type = source.choice(shares);
    const careless = source.uniform() < plan.careless;
    const { prompts } = plan;
    const next =
      typeof prompts === 'function' ? () => prompts(source, made++) : shuffledSeries(prompts, source);
    const records = fewest + source.below(most - fewest + 1);
    const judgements = Array.from({ length: records }, () =>
      look(plan, next, careless ? undefined : type, source),
    );
    yield { name: plan.annotatorName(i), type, careless, judgements };
  }
}

/** The next prompt for an annotator, with at least so many responses. */
type NextPrompt = (responses: number) => KnownPrompt;

/** Shared prompts in random order: none comes again before all that are large enough have come. */
function shuffledSeries(prompts: readonly KnownPrompt[], source: Random): NextPrompt {
  let deck: KnownPrompt[] = [];
  return (responses) => {
    const fits = (x: KnownPrompt) => x.responses.length >= responses;
    if (!deck.some(fits)) deck = deck.concat(source.shuffle(prompts.filter((x) => !deck.includes(x))));
    return deck.splice(deck.findIndex(fits), 1)[0];
  };
}

/**
 * Shows some responses of a prompt in random order and sorts them by utility r_k(x, y) + standard Gumbel noise:
 * the order is a Plackett–Luce ranking. Without a type only the noise is left.
 */
function look(plan: Plan, next: NextPrompt, type: number | undefined, source: Random): Observation {
  const format = plan.formats[source.choice(plan.formats.map((f) => f.share))];
  const prompt = next(optionsNeeded(format));
  const all = prompt.responses.length;
  const shown = source.shuffle(Array.from({ length: all }, (_, y) => y)).slice(0, optionsShown(format, all));
  const utility = shown.map((y) => (type === undefined ? 0 : prompt.rewards[type][y]) + source.gumbel());
  const places = placesRanked(format, shown.length);
  const order = shown
    .map((_, position) => position)
    .sort((a, b) => utility[b] - utility[a])
    .slice(0, places + 1);
  const gaps = order.slice(1).map((position, place) => utility[order[place]] - utility[position]);
  return { prompt, shown, places, order, gaps };
}

/** Neighbours closer than `closest` are tied, also the last ranked with the first that would not have been ranked. */
function rankingOf({ order, places, gaps }: Observation, closest: number): CanonicalRecord['ranking'] {
  const levels = [[order[0]]];
  for (let j = 1; j < order.length; j++) {
    const level = levels[levels.length - 1];
    if (gaps[j - 1] < closest && level.length < LARGEST_TIE) level.push(order[j]);
    else if (j < places) levels.push([order[j]]);
  }
  return levels.map((level) => (level.length === 1 ? level[0] : level.sort((a, b) => a - b)));
}

/** The gap under which neighbours are tied, so that the plan's share of judgements holds a tie. */
function closenessOfTies(plan: Plan, seed: number): number {
  if (plan.ties === 0) return 0;
  const smallest: number[] = [];
  for (const { judgements } of observe(plan, random(seed, CALIBRATION_STREAM), Infinity)) {
    for (const { gaps } of judgements) smallest.push(Math.min(...gaps));
    if (smallest.length >= CALIBRATION_JUDGEMENTS) break;
  }
  smallest.sort((a, b) => a - b);
  return plan.ties === 1 ? Infinity : smallest[Math.floor(plan.ties * smallest.length)];
}
