import type { Alarm, Candidate } from '../../protocol/result';
import type { SampledLogLinear } from './log-linear';
import type { MonteCarloRegret } from './monte-carlo-regret';
import { planResponses } from './sample-size';
import type { SampledRatios } from './sampled-ratios';

export interface LanguageAlarmsInput {
  readonly names: readonly string[];
  /** Responses of each type's policy. */
  readonly types: readonly SampledRatios[];
  readonly regret: MonteCarloRegret;
  /** Distinct prompts that the sampled ones were drawn from. */
  readonly population: number;
  readonly candidates: readonly Candidate[];
  readonly logLinear: SampledLogLinear;
  /** Share of responses that were cut off. */
  readonly cut: number;
  readonly prompts: number;
  readonly responses: number;
}

/** A tenth of all responses. */
const MANY_CUT = 0.1;
/** Equally weighted samples to a prompt below which weighted means are mostly noise. */
const FEW_EFFECTIVE = 2;
/** More responses to a prompt are no advice. */
const MOST_RESPONSES = 256;

export function languageAlarms(input: LanguageAlarmsInput): Alarm[] {
  return [...negative(input), ...uncertain(input), ...cutOff(input), ...byToken(input)];
}

/** Regrets below 0 by more than two standard errors. */
function negative({ names, regret }: LanguageAlarmsInput): Alarm[] {
  const { matrix, standardError, protection } = regret;
  return matrix.flatMap((row, i) =>
    row.flatMap((value, j) =>
      i === j || protection[i] === 0 || value >= -2 * standardError[i][j]
        ? []
        : [
            {
              code: 'aggregate/negative-regret',
              message:
                `The policy of ${names[j]} suits ${names[i]} better than its own policy does, by ` +
                `${(-value / protection[i]).toPrecision(3)} ± ${(standardError[i][j] / protection[i]).toPrecision(2)} nats. ` +
                `It pushes harder in a direction that ${names[i]} likes too; or ${names[i]} was fitted from too little data.`,
            },
          ],
    ),
  );
}

/** Where the errors are not small beside the regrets themselves. */
function uncertain({ types, regret, population, prompts, responses }: LanguageAlarmsInput): Alarm[] {
  const error = Math.max(...regret.standardError.flat());
  const largest = Math.max(...regret.matrix.flat().map(Math.abs));
  if (!(error > largest / 4 && error > 1e-9)) return [];
  const target = largest / 4;
  const plan = planResponses(types, regret.protection, population, { target, most: MOST_RESPONSES });
  const enough = plan.standardError <= target;
  const advice = enough
    ? `With policy.sampling.responses at ${plan.responses} the error would be about ${plan.standardError.toPrecision(2)}.`
    : plan.promptsLimit
      ? 'Prompts differ much: raise policy.sampling.prompts.'
      : 'The types hardly differ in what they write, or policy.sampling.responses must be raised very far.';
  return [
    {
      code: 'aggregate/uncertain-regret',
      message:
        `Regrets are known to ± ${error.toPrecision(2)} nats only, from ${prompts} prompts with ${responses} responses each, ` +
        `and the largest is ${largest.toPrecision(3)}. ${advice}`,
    },
  ];
}

function cutOff({ cut }: LanguageAlarmsInput): Alarm[] {
  if (cut <= MANY_CUT) return [];
  return [
    {
      code: 'aggregate/cut-responses',
      message:
        `${Math.round(100 * cut)} % of the sampled responses were cut off before they ended, and regrets count what was written. ` +
        `Raise policy.responseTokens, or check that the model has learnt to end its responses.`,
    },
  ];
}

/** Where combining policies token by token is not what the log-linear policy is meant to be. */
function byToken({ candidates, logLinear }: LanguageAlarmsInput): Alarm[] {
  const candidate = candidates.find(({ kind }) => kind === 'loglinear');
  if (!candidate?.standardError) return [];
  if (logLinear.effective < FEW_EFFECTIVE) {
    return [
      {
        code: 'aggregate/log-linear-few-samples',
        message:
          `The weights λ of the log-linear policy rest on samples worth ${logLinear.effective.toPrecision(2)} responses to a prompt: ` +
          `they are rough. Its regrets are measured on responses of its own and stand. Raise policy.sampling.responses.`,
      },
    ];
  }
  const far = candidate.regret.some(
    (regret, i) => Math.abs(regret - logLinear.regret[i]) > 0.1 + 4 * candidate.standardError![i],
  );
  if (!far) return [];
  return [
    {
      code: 'aggregate/log-linear-by-token',
      message:
        `The log-linear policy is written by combining logits token by token, and its worst regret is ${candidate.worst.toPrecision(3)} nats; ` +
        `over whole responses it would be about ${Math.max(...logLinear.regret).toPrecision(3)}. The table shows what is written.`,
    },
  ];
}
