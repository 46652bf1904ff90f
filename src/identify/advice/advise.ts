import type { Advice, AdviceAction, AdvicePlan } from '../../protocol/validation';
import { random } from '../../random';
import type { Context } from '../context';
import { informationAt, MOST_PARAMETERS } from '../information/design-information';
import type { MixturePoint } from '../information/scores';
import { designModel, redesigned, type DesignModel } from '../information/model';
import { genericPoint, symmetricPoint } from '../information/points';
import { count } from '../words';
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
  /** Every share known to ± this. */
  readonly target: number;
}

const SEED = 7;
/** Records per annotator that are tried, until the target is reached. */
const DOSES = [1, 2, 4, 8];
/** Beyond this multiple of the annotators there are, asking for more of them is no advice. */
const MOST_MORE = 100;

interface Effect {
  readonly shareError: number | null;
  readonly singular: number;
  readonly smallest: number;
}

/**
 * What to collect next: each kind of collection in the smallest dose that reaches the target (or the largest tried),
 * by the information it adds per judgement. Information is taken at random parameters, or at the symmetric worst case
 * where that alone is singular.
 *
 * Undefined where the design has more parameters than the test can take, or only one type is asked for.
 */
export function advise(context: Context, { types, target }: AdviceOptions): AdvicePlan | undefined {
  const model = designModel(context);
  if (types < 2 || model.design.annotators === 0 || !fitsDense(model, types)) return undefined;
  const generic = genericPoint(model.model, model.alternatives, types, SEED);
  const symmetric = symmetricPoint(model.model, model.alternatives, types, SEED);
  const singularOnlyAtWorst =
    effectOf(model, generic, 1).singular === 0 && effectOf(model, symmetric, 1).singular > 0;
  const point = singularOnlyAtWorst ? symmetric : generic;
  const now = effectOf(model, point, 1);
  const reaches = ({ shareError, singular }: Effect) =>
    singular === 0 && shareError !== null && shareError <= target;
  const options = reaches(now) ? [] : collections(model, point, now, reaches, target);
  return {
    types,
    at: singularOnlyAtWorst ? 'symmetric' : 'generic',
    target,
    shareError: now.shareError,
    singular: now.singular,
    reached: reaches(now),
    options: options.sort(bestFirst),
  };
}

function fitsDense({ model }: DesignModel, types: number): boolean {
  return types - 1 + types * model.parameters <= MOST_PARAMETERS;
}

function effectOf(model: DesignModel, point: MixturePoint, more: number): Effect {
  const information = informationAt(model, point, 'generic');
  const { standardErrors, parameters, rank, smallestEigenvalueOfAll } = information;
  return {
    shareError: standardErrors ? Math.max(...standardErrors.shares) / Math.sqrt(more) : null,
    singular: parameters - rank,
    smallest: smallestEigenvalueOfAll * more,
  };
}

function collections(
  model: DesignModel,
  point: MixturePoint,
  now: Effect,
  reaches: (effect: Effect) => boolean,
  target: number,
): Advice[] {
  const opened = open(model.design);
  const represented = model.design.annotators / opened.annotators.length;
  const before = judgementsOf(opened);
  const { groups } = model;
  const advice = (action: AdviceAction, message: string, judgements: number, effect: Effect): Advice => ({
    action,
    message,
    judgements: Math.round(judgements),
    shareError: effect.shareError,
    singular: effect.singular,
    smallestEigenvalueOfAll: effect.smallest,
    reaches: reaches(effect),
    gain:
      now.shareError === null || effect.shareError === null
        ? null
        : (2000 * Math.log(now.shareError / effect.shareError)) / judgements,
  });
  /** Raises the dose until the target is reached. */
  const dosed = (
    action: AdviceAction,
    make: (dose: number) => OpenDesign | undefined,
    say: (dose: number) => string,
    doses: readonly number[] = DOSES,
  ): Advice[] => {
    let last: Advice | undefined;
    for (const dose of doses) {
      const design = make(dose);
      if (!design) return [];
      const patterns = close(design);
      const effect = effectOf(redesigned(model, patterns), point, represented);
      last = advice(action, say(dose), (judgementsOf(design) - before) * represented, effect);
      if (last.reaches) break;
    }
    return last ? [last] : [];
  };
  const people = count(model.design.annotators, 'annotator');
  return [
    ...moreAnnotators(model, now, before * represented, target, advice),
    ...dosed(
      'more-records',
      (dose) => withMoreRecords(opened, dose, random(SEED, dose, 1)),
      (dose) => `Ask each of the ${people} for ${count(dose, 'more record')} like those there are.`,
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
      (dose) => `Join the parts that nothing compares: ${count(dose, 'pair')} across each gap.`,
      [1, 4],
    ),
  ];
}

/** With the same design the error falls with the square root of the number of annotators, and no singularity goes. */
function moreAnnotators(
  model: DesignModel,
  now: Effect,
  judgements: number,
  target: number,
  advice: (action: AdviceAction, message: string, judgements: number, effect: Effect) => Advice,
): Advice[] {
  if (now.shareError === null) return [];
  const factor = (now.shareError / target) ** 2;
  if (factor > MOST_MORE) return [];
  const more = Math.ceil((factor - 1) * model.design.annotators);
  const grown = 1 + more / model.design.annotators;
  const effect = { ...now, shareError: now.shareError / Math.sqrt(grown), smallest: now.smallest * grown };
  const message = `Ask ${count(more, 'further annotator')} the same way.`;
  return [advice('more-annotators', message, (judgements * more) / model.design.annotators, effect)];
}

/** What reaches the target comes first, then what leaves fewer directions open, then the most gain per judgement. */
function bestFirst(a: Advice, b: Advice): number {
  if (a.reaches !== b.reaches) return a.reaches ? -1 : 1;
  if (a.singular !== b.singular) return a.singular - b.singular;
  if (a.reaches && b.reaches) return a.judgements - b.judgements;
  return (b.gain ?? 0) - (a.gain ?? 0);
}
