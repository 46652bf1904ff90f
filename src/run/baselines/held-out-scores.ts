import type { RankingTable } from '../../dataset/table';
import { makeModel } from '../../policy/make-model';
import {
  fitMethods,
  type KnownTypes,
  type Method,
  type MethodFit,
  type MethodOptions,
} from '../../training/baselines/methods';
import { predict, type Prediction } from '../../training/baselines/predict';
import { holdOutRecords } from '../../training/baselines/records';
import { LEAST_PRIOR } from '../../training/baselines/typed-fit';
import { fitMixture } from '../../training/fit';
import { hardLabels } from '../../training/labels';
import { makeProblem } from '../../training/problem';
import type { BaselinesInput } from './input';

export interface HeldOutScores {
  readonly records: number;
  readonly scores: ReadonlyMap<Method, Prediction>;
  /** Held-out records that could not be used. */
  readonly missing: number;
}

/** Every method once more, on records that leave a share of each annotator's out. */
export async function heldOutScores(
  { table, experiment, alternatives, breathe }: BaselinesInput,
  options: MethodOptions,
  known: KnownTypes | undefined,
  onMethod: (done: number, total: number) => void,
): Promise<HeldOutScores | undefined> {
  const split = holdOutRecords(table, experiment.evaluate.heldOut, experiment.seed);
  if (split.heldOut.records === 0) return undefined;
  const problemOf = (part: RankingTable) =>
    makeProblem(part, alternatives.of, alternatives.count, experiment.dataset);
  const training = problemOf(split.training);
  const heldOut = problemOf(split.heldOut);
  const model = makeModel(split.training, experiment.policy, alternatives, training.components);
  const fit = (types: number) =>
    fitMixture(training, model, {
      ...experiment.em,
      prior: Math.max(experiment.em.prior, LEAST_PRIOR),
      types,
      seed: experiment.seed,
      breathe,
      onIteration: () => undefined,
    });
  const plain = await fit(1);
  const em = options.types === 1 ? plain : await fit(options.types);
  const fits = await fitMethods(training, model, { em, plain }, options, onMethod);
  const groups = known ?? foundGroups(fits[0], options.types);
  return {
    records: heldOut.records,
    missing: split.heldOut.records - heldOut.records,
    scores: new Map(
      fits.map((each) => [each.method, predict(heldOut, each, groups.typeOf, groups.names.length)]),
    ),
  };
}

/** Where no types are known, annotators are grouped by their most probable type. */
export function foundGroups({ posterior }: Pick<MethodFit, 'posterior'>, types: number): KnownTypes {
  return {
    names: Array.from({ length: types }, (_, k) => `Type ${k + 1}`),
    typeOf: hardLabels(posterior, types),
  };
}
