import type { Advice, AdviceAction, AdvicePlan, AdviceTarget } from '../../protocol/validation';
import { random } from '../../random';
import type { Context } from '../context';
import { isTestable, spectrumAt, standardErrors } from '../information/design-information';
import type { MixturePoint } from '../information/scores';
import { designModel, redesigned, type DesignModel } from '../information/model';
import { genericPoint, symmetricPoint } from '../information/points';
import { count, list } from '../words';
import {
  fewestRecords,
  namedAnnotators,
  some,
  theseAnnotators,
  type Effect,
  type NamedAdvice,
} from './ask-annotators';
import {
  close,
  deeper,
  judgementsOf,
  open,
  withBridges,
  withMoreRecords,
  withThrees,
  type OpenDesign,
} from './extend';

export interface AdviceOptions {
  readonly types: number;
  readonly target: AdviceTarget;
}

const SEED = 7;
/** Records per annotator that are tried, until the target is reached. */
const DOSES = [1, 2, 4, 8];
/** Beyond this multiple of the annotators there are, asking for more of them is no advice. */
const MOST_MORE = 100;
const MOST_PAIRS = 1000;
/** Multiplications for the information of one of the many designs that are tried. */
const BUDGET = 2e7;

/**
 * What to collect next: each kind of collection in the smallest dose that reaches the target (or the largest tried),
 * by the information it adds per judgement. Information is taken at random parameters, or at the symmetric worst case
 * where that alone is singular.
 *
 * Undefined where the design has more parameters than the test can take, or only one type is asked for.
 */
export function advise(context: Context, { types, target }: AdviceOptions): AdvicePlan | undefined {
  const model = designModel(context);
  if (types < 2 || model.design.annotators === 0 || !isTestable(model, types)) return undefined;
  const generic = genericPoint(model.model, model.alternatives, types, SEED);
  const symmetric = symmetricPoint(model.model, model.alternatives, types, SEED);
  const singularOnlyAtWorst =
    effectOf(model, generic, 1).singular === 0 && effectOf(model, symmetric, 1).singular > 0;
  const point = singularOnlyAtWorst ? symmetric : generic;
  const now = effectOf(model, point, 1);
  // where a direction is open the error is unbounded and the smallest eigenvalue 0, and no target is 0
  const reaches = ({ shareError, smallest }: Effect): boolean =>
    target.measure === 'share' ? (shareError ?? Infinity) <= target.value : smallest >= target.value;
  const options = reaches(now) ? [] : collections(model, point, now, reaches, target);
  return {
    types,
    at: singularOnlyAtWorst ? 'symmetric' : 'generic',
    measure: target.measure,
    target: target.value,
    shareError: now.shareError,
    singular: now.singular,
    smallestEigenvalueOfAll: now.smallest,
    reached: reaches(now),
    options: options.sort(bestFirst),
  };
}

function effectOf(model: DesignModel, point: MixturePoint, more: number): Effect {
  const { result } = spectrumAt(model, point, BUDGET);
  const annotators = model.design.annotators * more;
  const errors = standardErrors(model, result, point.shares.length, annotators);
  return {
    shareError: errors ? Math.max(...errors.shares) : null,
    singular: result.parameters - result.rank,
    smallest: result.smallest * annotators,
    weakest: result.weakest,
    spectrum: result,
  };
}

function collections(
  model: DesignModel,
  point: MixturePoint,
  now: Effect,
  reaches: (effect: Effect) => boolean,
  target: AdviceTarget,
): Advice[] {
  const opened = open(model.design);
  const represented = model.design.annotators / opened.annotators.length;
  const before = judgementsOf(opened);
  const { groups } = model;
  const advice = (
    action: AdviceAction,
    message: string,
    judgements: number,
    effect: Effect,
    named: NamedAdvice = {},
  ): Advice => ({
    action,
    message,
    judgements: Math.round(judgements),
    shareError: effect.shareError,
    singular: effect.singular,
    smallestEigenvalueOfAll: effect.smallest,
    reaches: reaches(effect),
    gain: gainPerThousand(now, effect, target.measure, judgements),
    ...named,
  });
  const extended = (design: OpenDesign): [judgements: number, effect: Effect] => [
    (judgementsOf(design) - before) * represented,
    effectOf(redesigned(model, close(design)), point, represented),
  ];
  /** Raises the dose until the target is reached. */
  const dosed = (
    action: AdviceAction,
    make: (dose: number) => OpenDesign | undefined,
    say: (dose: number, design: OpenDesign) => string,
    doses: readonly number[] = DOSES,
    name: (design: OpenDesign) => NamedAdvice = () => ({}),
  ): Advice[] => {
    let last: Advice | undefined;
    for (const dose of doses) {
      const design = make(dose);
      if (!design) break;
      last = advice(action, say(dose, design), ...extended(design), name(design));
      if (last.reaches) break;
    }
    return last ? [last] : [];
  };
  const people = count(model.design.annotators, 'annotator');
  const weak = weakestGroups(model, now.weakest, point.shares.length);
  const asked = namedAnnotators(model);
  const few = fewestRecords(model, asked);
  return [
    ...moreAnnotators(model, now, before * represented, target, advice),
    ...dosed(
      'more-records',
      (dose) => (asked.length === 0 ? undefined : withMoreRecords(opened, dose, random(SEED, dose, 1))),
      (dose) =>
        `Ask each of the ${count(asked.length, 'annotator')} for ${count(dose, 'more record')} like those there are.`,
    ),
    ...dosed(
      'records-of-few',
      (dose) =>
        few && withMoreRecords(opened, dose, random(SEED, dose, 5), (own) => own.length === few.records),
      (dose) =>
        `Ask the ${count(few?.annotators.length ?? 0, 'annotator')} with only ${count(few?.records ?? 0, 'record')} for ` +
        `${dose} more each: ${some(few?.annotators ?? [])}.`,
      DOSES,
      () => ({ annotators: few?.annotators }),
    ),
    ...theseAnnotators(model, point, now, target, opened, extended, advice, few?.annotators),
    ...dosed(
      'rankings-where-weak',
      (dose) =>
        weak && dose <= weak.threes
          ? withThrees(opened, weak.groups, 2, dose, random(SEED, dose, 6))
          : undefined,
      (dose) => `Ask each of the ${people} for ${count(dose, 'ranking')} of three on ${weak?.names ?? ''}.`,
      DOSES,
      () => ({ prompts: weak?.prompts }),
    ),
    ...dosed(
      'best-of-three',
      (dose) => withThrees(opened, groups, 1, dose, random(SEED, dose, 2)),
      (dose) => `Ask each of the ${people} for the favourite of three, ${count(dose, 'time')}.`,
    ),
    ...dosed(
      'rankings-of-three',
      (dose) => withThrees(opened, groups, 2, dose, random(SEED, dose, 3)),
      (dose) => `Ask each of the ${people} for ${count(dose, 'ranking')} of three.`,
    ),
    ...dosed(
      'deeper-rankings',
      () => deeper(opened),
      () => 'Have every record ranked to the end.',
      [1],
    ),
    ...dosed(
      'bridges',
      (dose) => withBridges(opened, groups, model.components.component, dose, random(SEED, dose, 4)),
      (dose, design) =>
        `Join the parts that nothing compares: ${count(dose, 'pair')} across each gap, such as ` +
        `${list(bridgesOf(model, design)[0], 2).replace(', ', ' with ')}.`,
      [1, 4],
      (design) => ({ pairs: bridgesOf(model, design) }),
    ),
  ];
}

/** Pairs that were added to a design. */
function bridgesOf(model: DesignModel, { records }: OpenDesign): [string, string][] {
  return records
    .slice(model.design.records.length)
    .slice(0, MOST_PAIRS)
    .map(({ offered: [a, b] }) => [model.labelOf(a), model.labelOf(b)]);
}

/** With the same design the error falls with the square root of the number of annotators, and no singularity goes. */
function moreAnnotators(
  model: DesignModel,
  now: Effect,
  judgements: number,
  target: AdviceTarget,
  advice: (action: AdviceAction, message: string, judgements: number, effect: Effect) => Advice,
): Advice[] {
  if (now.shareError === null) return [];
  const factor =
    target.measure === 'share' ? (now.shareError / target.value) ** 2 : target.value / now.smallest;
  if (factor > MOST_MORE) return [];
  const more = Math.ceil((factor - 1) * model.design.annotators);
  const grown = 1 + more / model.design.annotators;
  const effect = { ...now, shareError: now.shareError / Math.sqrt(grown), smallest: now.smallest * grown };
  const message = `Ask ${count(more, 'further annotator')} the same way.`;
  return [advice('more-annotators', message, (judgements * more) / model.design.annotators, effect)];
}

/** Drop of the logarithm of the squared error, or rise of that of the smallest eigenvalue, per 1,000 judgements. */
function gainPerThousand(
  now: Effect,
  after: Effect,
  measure: AdviceTarget['measure'],
  judgements: number,
): number | null {
  if (measure === 'eigenvalue') {
    return now.smallest > 0 ? (1000 * Math.log(after.smallest / now.smallest)) / judgements : null;
  }
  if (now.shareError === null || after.shareError === null) return null;
  return (2000 * Math.log(now.shareError / after.shareError)) / judgements;
}

/** The prompts that the least informed direction is mostly about; undefined where it is about most of them. */
function weakestGroups(
  { groups, model, nameOf }: DesignModel,
  weakest: Float64Array,
  types: number,
): { groups: readonly (readonly number[])[]; names: string; prompts: string[]; threes: number } | undefined {
  if (model.kind !== 'tabular' || groups.length < 2) return undefined;
  const mass = (group: readonly number[]): number => {
    let sum = 0;
    for (let k = 0; k < types; k++)
      for (const a of group) sum += weakest[types - 1 + k * model.parameters + a] ** 2;
    return sum;
  };
  const ordered = groups.map((group) => ({ group, mass: mass(group) })).sort((a, b) => b.mass - a.mass);
  const total = ordered.reduce((sum, each) => sum + each.mass, 0);
  const chosen: (readonly number[])[] = [];
  let sum = 0;
  for (const each of ordered) {
    if (sum >= 0.8 * total) break;
    chosen.push(each.group);
    sum += each.mass;
  }
  if (chosen.length > groups.length / 2) return undefined;
  // nobody is asked to rank the same three twice
  const threes = chosen.reduce((n, { length: m }) => n + (m * (m - 1) * (m - 2)) / 6, 0);
  const prompts = chosen.map((group) => nameOf(group[0]));
  return { groups: chosen, threes, prompts, names: list(prompts) };
}

/** What reaches the target comes first, then what leaves fewer directions open, then the most gain per judgement. */
function bestFirst(a: Advice, b: Advice): number {
  if (a.reaches !== b.reaches) return a.reaches ? -1 : 1;
  if (a.singular !== b.singular) return a.singular - b.singular;
  if (a.reaches && b.reaches) return a.judgements - b.judgements;
  return (b.gain ?? 0) - (a.gain ?? 0);
}
