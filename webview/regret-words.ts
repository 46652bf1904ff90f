import type { Candidate, RunResult } from '../src/protocol/result';
import { nats, percent } from './format';

export interface Choices {
  /** The single policy that the experiment asks for. */
  readonly fair?: Candidate;
  /** The candidate with the smallest worst regret. */
  readonly fairest?: Candidate;
  readonly plain?: Candidate;
}

export function choose({ candidates }: RunResult, single: 'mixture' | 'loglinear'): Choices {
  return {
    fair: candidates.find((c) => c.kind === single) ?? candidates.find((c) => c.kind === 'mixture'),
    fairest: candidates.reduce<Candidate | undefined>(
      (best, c) => (!best || c.worst < best.worst ? c : best),
      undefined,
    ),
    plain: candidates.find((c) => c.kind === 'plain-dpo'),
  };
}

/** The type that regrets a policy most. */
export function worstOff({ regret }: Candidate): number {
  return regret.indexOf(Math.max(...regret));
}

const EVEN = 0.0005; // what three decimals show as 0

/** One sentence for a type: what the fair policy costs it against its own policy and against plain DPO. */
export function costSentence(result: RunResult, type: number, { fair, plain }: Choices): string {
  const { name, share } = result.types[type];
  if (!fair) return `${name} (${percent(share, 0)}): this run has no fair policy.`;
  const cost = fair.regret[type];
  const own =
    cost > EVEN
      ? `the fair policy costs it ${nats(cost)} nats against its own policy`
      : cost < -EVEN
        ? `the fair policy suits it better than its own policy, by ${nats(-cost)} nats`
        : 'the fair policy costs it nothing against its own policy';
  if (!plain) return `${name} (${percent(share, 0)}): ${own}.`;
  const saved = plain.regret[type] - cost;
  const against =
    saved > EVEN
      ? `${nats(saved)} less than plain DPO does (${nats(plain.regret[type])})`
      : saved < -EVEN
        ? `${nats(-saved)} more than plain DPO does (${nats(plain.regret[type])})`
        : 'as much as plain DPO does';
  return `${name} (${percent(share, 0)}): ${own}, ${against}.`;
}

/** Who loses most under plain DPO, and what the fair policy makes of it. */
export function headline(result: RunResult, { fair, plain }: Choices): string {
  if (!fair) return 'This run has no fair policy.';
  const loser = (c: Candidate) => `${result.types[worstOff(c)].name}, which loses ${nats(c.worst)} nats`;
  const now = `Under the fair policy (${fair.name}) the worst-off type is ${loser(fair)}.`;
  return plain ? `Under plain DPO the worst-off type is ${loser(plain)}. ${now}` : now;
}
