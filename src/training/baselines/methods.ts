import type { RewardModel } from '../../policy/reward-model';
import type { Baseline } from '../../protocol/result';
import { expectation } from '../e-step';
import type { MixtureFit } from '../fit';
import type { Problem } from '../problem';
import { clusterThenFit } from './cluster-then-fit';
import { hardEm } from './hard-em';
import { oracleTypes } from './oracle';
import { LEAST_PRIOR, type TypedFit, type TypedFitOptions } from './typed-fit';

/** A method's types. Aggregating them is left to others: two ways of it share one fit. */
export type Method = Exclude<Baseline['kind'], 'em-uniform'>;

export interface MethodFit {
  readonly method: Method;
  readonly shares: Float64Array;
  readonly utility: readonly Float64Array[];
  /** Annotators of the table × types, row-major; rows sum to 1. */
  readonly posterior: Float64Array;
}

export interface KnownTypes {
  readonly names: readonly string[];
  /** By annotator of the table; −1 where none is named. */
  readonly typeOf: Int32Array;
}

export interface MethodOptions extends TypedFitOptions {
  readonly starts: number;
  readonly iterations: number;
  /** Of the table. */
  readonly annotators: number;
  readonly known?: KnownTypes;
}

/**
 * Fits every method to the same records from the same seed. The EM-DPO and plain DPO fits are given, as the run has them.
 *
 * @param onMethod told before each fit
 */
export async function fitMethods(
  problem: Problem,
  model: RewardModel,
  { em, plain }: { readonly em: MixtureFit; readonly plain: MixtureFit },
  options: MethodOptions,
  onMethod: (done: number, total: number) => void,
): Promise<MethodFit[]> {
  const { known, types } = options;
  const groups = { ...options, prior: Math.max(options.prior, LEAST_PRIOR) };
  const fits: MethodFit[] = [];
  const add = (method: Method, fit: TypedFit | undefined) => {
    if (fit) fits.push({ method, ...fit, posterior: byAnnotator(problem, fit, options.annotators) });
  };
  add('em-min-max', { ...em.mixture, gamma: em.gamma });
  add('plain-dpo', { ...plain.mixture, gamma: plain.gamma });
  const total = (types > 1 ? 2 : 0) + (known ? 1 : 0);
  let done = 0;
  if (types > 1) {
    onMethod(done++, total);
    add('hard-em', await hardEm(problem, model, groups));
    onMethod(done++, total);
    add('clusters', await clusterThenFit(problem, model, groups));
  }
  if (known) {
    onMethod(done++, total);
    const fit = await oracleTypes(problem, model, known.typeOf, { ...groups, types: known.names.length });
    fits.push({ method: 'oracle', ...fit, posterior: oraclePosterior(problem, fit, known) });
  }
  onMethod(total, total);
  return fits;
}

/** By annotator of the table: certain where a type is named; else the posterior of the types fitted to the others. */
export function oraclePosterior(
  problem: Problem,
  { shares, utility }: Pick<TypedFit, 'shares' | 'utility'>,
  { names, typeOf }: KnownTypes,
): Float64Array {
  const types = names.length;
  const gamma = new Float64Array(problem.profiles * types);
  expectation(problem, shares, utility, gamma);
  const posterior = byAnnotator(problem, { shares, gamma }, typeOf.length);
  typeOf.forEach((type, h) => {
    if (type < 0) return;
    const row = posterior.subarray(h * types, (h + 1) * types);
    row.fill(0);
    row[type] = 1;
  });
  return posterior;
}

/** γ by annotator of the table; the shares where nothing of an annotator is used. */
export function byAnnotator(
  problem: Problem,
  { shares, gamma }: Pick<TypedFit, 'shares' | 'gamma'>,
  annotators: number,
): Float64Array {
  const types = shares.length;
  const posterior = new Float64Array(annotators * types);
  for (let h = 0; h < annotators; h++) {
    const p = problem.profileOf[h];
    posterior.set(p < 0 ? shares : gamma.subarray(p * types, (p + 1) * types), h * types);
  }
  return posterior;
}
