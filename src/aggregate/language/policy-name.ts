import type { LanguagePolicies } from './language-policies';
import type { PolicySource } from './policy-source';

/** What a run decided about its single policies. */
export interface SinglePolicies {
  /** w of the mixture, by type. */
  readonly weights?: readonly number[];
  /** c_k λ_k of the log-linear policy, by type. */
  readonly exponents?: readonly number[];
}

/** A policy as commands and the panel name it: `reference`, `type1`, …, `plain-dpo`, `mixture`, `loglinear`, `distilled`. */
export function nameOf(source: PolicySource): string {
  return source.kind === 'type' ? `type${source.type + 1}` : source.kind;
}

/** Every policy of a run that can write, types first. */
export function availablePolicies(
  { types, plain, distilled }: LanguagePolicies,
  { weights, exponents }: SinglePolicies,
): PolicySource[] {
  return [
    ...types.map((_, type): PolicySource => ({ kind: 'type', type })),
    ...(plain ? [{ kind: 'plain-dpo' } as const] : []),
    ...(weights ? [{ kind: 'mixture', weights } as const] : []),
    ...(exponents ? [{ kind: 'loglinear', exponents } as const] : []),
    ...(distilled ? [{ kind: 'distilled' } as const] : []),
    { kind: 'reference' },
  ];
}

/**
 * The policy of that name.
 *
 * @throws RangeError with a sentence that lists what there is
 */
export function policyNamed(name: string, policies: LanguagePolicies, single: SinglePolicies): PolicySource {
  const all = availablePolicies(policies, single);
  const found = all.find((source) => nameOf(source) === name);
  if (found) return found;
  throw new RangeError(`This run has no policy "${name}". It has ${all.map(nameOf).join(', ')}.`);
}
