import type { AggregateChoice } from '../src/protocol/experiment';
import type { Candidate, RunResult, TypeSummary } from '../src/protocol/result';
import { list, natsAlike, percent } from './format';

export interface Choices {
  /** The single policy that the experiment asks for. */
  readonly fair?: Candidate;
  /** The candidate with the smallest worst regret. */
  readonly fairest?: Candidate;
  readonly plain?: Candidate;
}

export function choose({ candidates }: RunResult, single: AggregateChoice['single']): Choices {
  return {
    fair: candidates.find((c) => c.kind === single) ?? candidates.find((c) => c.kind === 'mixture'),
    fairest: candidates.reduce<Candidate | undefined>(
      (best, c) => (!best || c.worst < best.worst ? c : best),
      undefined,
    ),
    plain: candidates.find((c) => c.kind === 'plain-dpo'),
  };
}

/** What a candidate is called where it stands beside the types themselves. */
export function candidateName({ kind, name }: Candidate): string {
  return kind === 'type' ? `Policy of ${name}` : name.charAt(0).toUpperCase() + name.slice(1);
}

const SAME = 0.001; // regrets that differ by less than a thousandth of the largest are shown as equal

/** The types that regret a policy most: several where it treats them alike, none where nobody loses. */
export function worstOff({ regret, worst }: Candidate): number[] {
  if (worst <= 0) return [];
  return regret.flatMap((r, k) => (r >= worst * (1 - SAME) ? [k] : []));
}

/** “Type 2”, “Type 1 and Type 3”, “all types alike” or “nobody”. */
export function worstOffNames(candidate: Candidate, types: readonly TypeSummary[]): string {
  const worst = worstOff(candidate);
  if (worst.length === 0) return 'nobody';
  if (worst.length === types.length) return 'all types alike';
  return list(worst.map((k) => types[k].name));
}

const EVEN = 0.0005; // what three decimals show as 0

/** “ ± 0.2”, or nothing for an exact expectation. */
function within(error: number | undefined, nats: (value: number) => string): string {
  return error === undefined || error === 0 ? '' : ` ± ${nats(error)}`;
}

/** Whether the fair policy is fairer than plain DPO as far as the sample can tell; empty for exact expectations. */
function settled({ worstAgainstPlain }: Candidate): string {
  if (!worstAgainstPlain) return '';
  const [low, high] = worstAgainstPlain;
  const nats = natsAlike(worstAgainstPlain);
  if (high < 0)
    return `Its worst-off type loses ${nats(-high)} to ${nats(-low)} nats less than plain DPO’s (95 % interval).`;
  if (low > 0)
    return `Its worst-off type loses ${nats(low)} to ${nats(high)} nats more than plain DPO’s (95 % interval).`;
  return 'The sample does not settle whether that is fairer than plain DPO: sample more prompts or responses.';
}

/** One sentence for a type: what the fair policy costs it against its own policy and against plain DPO. */
export function costSentence(result: RunResult, type: number, { fair, plain }: Choices): string {
  const { name, share } = result.types[type];
  const who = `${name} (${percent(share, 0)})`;
  if (!fair) return `${who}: this run has no fair policy.`;
  const nats = natsAlike([...fair.regret, ...(plain?.regret ?? [])]);
  const cost = fair.regret[type];
  const own =
    cost > EVEN
      ? `the fair policy costs it ${nats(cost)}${within(fair.standardError?.[type], nats)} nats against its own policy`
      : cost < -EVEN
        ? `the fair policy suits it better than its own policy, by ${nats(-cost)} nats`
        : 'the fair policy costs it nothing against its own policy';
  if (!plain) return `${who}: ${own}.`;
  const saved = plain.regret[type] - cost;
  const against =
    saved > EVEN
      ? `${nats(saved)} less than plain DPO does (${nats(plain.regret[type])})`
      : saved < -EVEN
        ? `${nats(-saved)} more than plain DPO does (${nats(plain.regret[type])})`
        : 'as much as plain DPO does';
  return `${who}: ${own}, ${against}.`;
}

/** Who loses most under plain DPO, what the fair policy makes of it, and whether another would be fairer still. */
export function headline({ types, candidates }: RunResult, { fair, fairest, plain }: Choices): string {
  if (!fair) return 'This run has no fair policy.';
  const nats = natsAlike(candidates.flatMap((c) => c.regret));
  const loss = (c: Candidate) => {
    const worst = worstOff(c);
    if (worst.length === 0) return 'no type loses anything';
    if (worst.length === types.length) return `all types lose alike, ${nats(c.worst)} nats`;
    const names = list(worst.map((k) => types[k].name));
    return worst.length === 1
      ? `${names} loses most, ${nats(c.worst)} nats`
      : `${names} lose most, ${nats(c.worst)} nats each`;
  };
  const sentences = [
    plain ? `Under plain DPO, ${loss(plain)}.` : '',
    `Under the fair policy of this run (${fair.name}), ${loss(fair)}.`,
    plain ? settled(fair) : '',
    fairest && fairest !== fair && fair.worst - fairest.worst > SAME * fair.worst
      ? `Fairest of all candidates: ${candidateName(fairest)}, with ${nats(fairest.worst)} nats at worst.`
      : '',
  ];
  return sentences.filter((s) => s !== '').join(' ');
}
