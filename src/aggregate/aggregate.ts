import type { LogPolicy } from '../policy/response-policy';
import type { Alarm, RegretSummary } from '../protocol/result';
import { candidates, type CandidatePolicy } from './candidates';
import type { Regret } from './regret-matrix';
import { solveRegret, type RegretInput } from './solve-regret';

export interface AggregateInput extends RegretInput {
  /** Plain DPO, the policy of the one-type fit. */
  readonly plain?: LogPolicy;
  /** Of the types, for candidates and alarms. */
  readonly names: readonly string[];
}

export interface Aggregate {
  readonly summary: Omit<RegretSummary, 'sensitivity'>;
  readonly candidates: readonly CandidatePolicy[];
  readonly alarms: readonly Alarm[];
}

/** Min-max regret aggregation over enumerated responses: regret matrix, weights, adversary and every candidate. */
export function aggregate(input: AggregateInput): Aggregate {
  const { list, logPolicies, plain, names, solver } = input;
  const { regret, game } = solveRegret(input);
  const policies = candidates({ list, logPolicies, names, regret, weights: game.weights, plain });
  return {
    summary: {
      matrix: regret.matrix,
      standardError: null,
      protection: regret.protection,
      weights: game.weights,
      value: game.value,
      adversary: game.adversary,
      gap: game.gap,
      solver,
    },
    candidates: policies,
    alarms: [...negativeRegrets(regret, names), ...unsettled(policies)],
  };
}

function unsettled(policies: readonly CandidatePolicy[]): Alarm[] {
  return policies.flatMap(({ gap = 0, worst }) =>
    gap <= 1e-6 * Math.max(1, worst)
      ? []
      : [
          {
            code: 'aggregate/log-linear-unsettled',
            message:
              `The log-linear policy may be up to ${gap.toPrecision(2)} nats from the best one: its search did not settle. ` +
              "A larger β makes the types' policies less extreme.",
          },
        ],
  );
}

/** A policy that suits a type better than its own: the type's own policy is fitted badly, or is merely milder. */
function negativeRegrets(regret: Regret, names: readonly string[]): Alarm[] {
  const { matrix, protection } = regret;
  const rounding = 1e-9 * Math.max(...regret.reward.flat().map(Math.abs));
  return matrix.flatMap((row, i) =>
    row.flatMap((value, j) => {
      if (protection[i] === 0 || value >= -rounding * protection[i]) return [];
      const gain = -value / protection[i];
      return [
        {
          code: 'aggregate/negative-regret',
          message:
            `The policy of ${names[j]} suits ${names[i]} better than its own policy does, by ${gain.toPrecision(3)} nats. ` +
            `It pushes harder in a direction that ${names[i]} likes too; or ${names[i]} was fitted from too little data. ` +
            `See how many annotators ${names[i]} has: collect more of them, or use fewer types.`,
        },
      ];
    }),
  );
}
