import type { Finding } from '../../protocol/finding';
import type { Context } from '../context';
import { SOURCES } from '../sources';
import { count, firstPlace } from '../words';

/** Whether every person gave exactly one record that decides something, and it is a pair. */
export function isSinglePairs({ profile }: Context): boolean {
  const { people, recordsPerPerson, choiceSetSizes } = profile;
  return (
    people > 0 &&
    recordsPerPerson.every(([records]) => records === 1) &&
    choiceSetSizes.every(([size]) => size <= 2)
  );
}

/** One pair a person: half at b and half at −b gives ½ on every pair, whatever b is. */
export function singlePairs(context: Context): Finding[] {
  if (!isSinglePairs(context)) return [];
  const { table, profile } = context;
  return [
    {
      code: 'identify/single-pairs',
      severity: 'warning',
      scope: 'nonparametric',
      verdict: 'necessary-fails',
      message:
        `${profile.strangers > 0 ? `${profile.people} people` : count(profile.people, 'annotator')} gave one pair each and nothing else. From single pairs the types ` +
        `cannot be recovered, however many people there are: two halves that want the opposite look like people who do not care.`,
      positions: firstPlace(table, () => true),
      occurrences: table.records,
      source: SOURCES.lemma41,
      fix: 'Ask for rankings of three or more answers, if only the favourite of three; or ask the same people again, at least three pairs each.',
    },
  ];
}
