import type { RankingTable } from '../dataset/table';
import type { Alternatives } from '../policy/make-model';
import type { Alarm } from '../protocol/result';
import { linkedAnnotators } from './choose-policy';

/** A tabular policy learns types only from what several annotators judged: says so where few did. */
export function linkAlarm(
  table: RankingTable,
  kind: 'tabular' | 'loglinear',
  alternatives: Alternatives,
): Alarm[] {
  if (kind !== 'tabular' || table.annotators.size === 0) return [];
  const linked = linkedAnnotators(table, alternatives.over === 'items' ? 'items' : 'prompts');
  if (linked > table.annotators.size / 2) return [];
  return [
    {
      code: 'identify/no-shared-prompts',
      message:
        `Only ${linked} of ${table.annotators.size} annotators judged a prompt or item that somebody else judged too. ` +
        'A tabular policy has nothing that links the others: their types mean nothing. Use the log-linear policy.',
    },
  ];
}
