import type { ComparedCandidate, RunComparison } from '../src/protocol/comparison';
import { shorten } from './format';

/** A, B, C …: the runs of a comparison where they are short of room; names need not differ. */
export function letter(run: number): string {
  return run < 26 ? String.fromCharCode(65 + run) : `#${run + 1}`;
}

/** What heads a run's column: its letter, and its name where names tell runs apart. */
export function heading({ runs }: RunComparison, run: number): string {
  const distinct = new Set(runs.map(({ name }) => name)).size === runs.length;
  return distinct ? `${letter(run)} ${shorten(runs[run].name, 24)}` : letter(run);
}

/** Indices of the runs other than the baseline. */
export function others({ runs, baseline }: RunComparison): number[] {
  return runs.map((_, i) => i).filter((i) => i !== baseline);
}

/** A policy that several runs have, each its own. */
export interface ComparedPolicy {
  readonly key: string;
  readonly name: string;
  /** Of each run, in order; undefined where it has none. */
  readonly of: readonly (ComparedCandidate | undefined)[];
}

/** Policies by what they are, those of single types by the type of the baseline; first those for everybody. */
export function policies({ runs, baseline, regrets }: RunComparison): ComparedPolicy[] {
  const found = new Map<string, { name: string; of: (ComparedCandidate | undefined)[] }>();
  const order = [baseline, ...runs.map((_, i) => i).filter((i) => i !== baseline)];
  for (const run of order) {
    for (const candidate of regrets[run].candidates) {
      // what corresponds to no type of the baseline stands alone
      const matched = candidate.ofType ?? `${letter(run)} ${candidate.name}`;
      const key = candidate.kind === 'type' ? `type ${matched}` : candidate.kind;
      const entry = found.get(key) ?? { name: nameOf(candidate, runs[baseline].types), of: [] };
      entry.of[run] = candidate;
      found.set(key, entry);
    }
  }
  const all = [...found].map(([key, { name, of }]) => ({ key, name, of: runs.map((_, i) => of[i]) }));
  return [
    ...all.filter(({ key }) => !key.startsWith('type ')),
    ...all.filter(({ key }) => key.startsWith('type ')),
  ];
}

function nameOf({ kind, name, ofType }: ComparedCandidate, types: readonly string[]): string {
  if (kind !== 'type') return name.charAt(0).toUpperCase() + name.slice(1);
  return ofType ? `Policy of ${types[ofType - 1]}` : `${name}, without a counterpart`;
}
