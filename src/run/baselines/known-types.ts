import type { RankingTable } from '../../dataset/table';
import type { KnownTypes, MethodFit } from '../../training/baselines/methods';
import { adjustedRand, hardLabels } from '../../training/labels';
import type { Problem } from '../../training/problem';
import type { TrueTypes } from '../truth';

export interface Known {
  readonly types: KnownTypes;
  /** By known type: rewards of responses, where the data was simulated. */
  readonly rewards?: readonly Float64Array[];
}

/** Those with annotators whose records are used, largest first; the truth's where the data was simulated. */
export function knownTypes(
  table: RankingTable,
  truth: TrueTypes | undefined,
  problem: Problem,
): Known | undefined {
  const names =
    truth?.names ?? Array.from({ length: table.knownTypes.size }, (_, t) => table.knownTypes.text(t));
  const typeOf = truth?.annotatorType ?? table.knownType;
  const count = new Array<number>(names.length).fill(0);
  typeOf.forEach((type, h) => {
    if (type >= 0 && problem.profileOf[h] >= 0) count[type]++;
  });
  const order = [...names.keys()].filter((t) => count[t] > 0).sort((a, b) => count[b] - count[a]);
  if (order.length === 0) return undefined;
  return {
    types: { names: order.map((t) => names[t]), typeOf: typeOf.map((type) => order.indexOf(type)) },
    rewards: truth?.rewards && order.map((t) => truth.rewards![t]),
  };
}

/** How well the types that a method assigns agree with the known ones, where its own are not those or a single one. */
export function randOf(
  fit: Pick<MethodFit, 'method' | 'posterior' | 'shares'>,
  problem: Pick<Problem, 'profileOf'>,
  known: KnownTypes | undefined,
): number | null {
  if (!known || fit.method === 'oracle' || fit.method === 'plain-dpo') return null;
  const labels = hardLabels(fit.posterior, fit.shares.length);
  const people = [...known.typeOf.keys()].filter((h) => known.typeOf[h] >= 0 && problem.profileOf[h] >= 0);
  return adjustedRand(
    people.map((h) => known.typeOf[h]),
    people.map((h) => labels[h]),
  );
}
