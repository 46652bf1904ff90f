import type { Alarm } from '../../protocol/result';
import { collapse, smallTypes } from '../alarms';
import type { Problem } from '../problem';
import type { LanguageFit } from './train';

/** Mean log-ratio beyond which a policy has left the reference far behind, in nats. */
const FAR = 50;

/** What in a mixture of language models should make a person doubt it, each with what to do. */
export function languageAlarms(problem: Problem, fit: Omit<LanguageFit, 'alarms'>): Alarm[] {
  const several = fit.shares.length > 1;
  return [
    ...(several && fit.ended === 'rounds' && !fit.startKept ? [notSettled(fit)] : []),
    ...collapse({ mixture: { shares: fit.shares } }),
    ...(several ? smallTypes(problem, { mixture: { shares: fit.shares } }) : []),
    ...noBetterThanChance(problem, fit),
    ...undivided(problem, fit),
    ...drifted(fit),
  ];
}

function notSettled({ rounds }: Omit<LanguageFit, 'alarms'>): Alarm {
  return {
    code: 'em/not-converged',
    message:
      `Assignments had not settled after ${rounds.length} rounds: the last one moved ` +
      `${(100 * (rounds.at(-1)?.moved ?? 0)).toFixed(1)} % of the annotators. Raise policy.rounds.`,
  };
}

function noBetterThanChance(
  { records }: Problem,
  { crossFittedLogLikelihood: found, chanceLogLikelihood: chance }: Omit<LanguageFit, 'alarms'>,
): Alarm[] {
  if (found === undefined || found > chance) return [];
  return [
    {
      code: 'em/no-generalisation',
      message:
        `Policies trained on one half of the records make the other half no likelier than chance does ` +
        `(${(found / records).toFixed(3)} against ${(chance / records).toFixed(3)} nats a record). The types are not to be trusted: ` +
        'collect more records for each annotator, or train with a lower learning rate or fewer epochs.',
    },
  ];
}

function undivided(
  { annotators }: Problem,
  { undivided: count, shares }: Omit<LanguageFit, 'alarms'>,
): Alarm[] {
  if (shares.length === 1 || count < annotators / 2) return [];
  return [
    {
      code: 'em/undivided-annotators',
      message:
        `${count} of ${annotators} annotators have a single record. It cannot be divided into halves, so what a policy ` +
        'learns about such an annotator is never tried on another record of theirs. Collect more records for each.',
    },
  ];
}

function drifted({ types }: Omit<LanguageFit, 'alarms'>): Alarm[] {
  return types.flatMap(({ metrics: { drift } }, k) =>
    Math.abs(drift) < FAR
      ? []
      : [
          {
            code: 'language/drift',
            message:
              `The policy of type ${k + 1} gives the responses of the dataset ${drift < 0 ? 'less' : 'more'} log-probability than the ` +
              `reference by ${Math.abs(drift).toFixed(0)} nats on average: it may write text unlike either. Lower the learning rate or the epochs, or raise beta.`,
          },
        ],
  );
}
