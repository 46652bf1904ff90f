import type { Finding, Position, Severity } from '../protocol/finding';

/** Findings kept for each code; the rest is counted. */
export const KEPT_PER_CODE = 1000;

/** What is wrong with one place of the file. */
export interface Fault {
  /** `form/name`. */
  readonly code: string;
  /** A sentence: what and why. */
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** Gathers findings while a file is read, bounded in memory however many there are. */
export interface FindingLog {
  /** An error: `records` records (1 unless said) of the file were not used because of it. */
  unused(fault: Fault, position: Position, records?: number): void;
  /** A warning: everything was used, in the way that the message says. */
  doubtful(fault: Fault, position?: Position): void;
  /** An error about the file as a whole, that cost no countable records. */
  broken(fault: Fault, position?: Position): void;
  /** Findings in file order; those without a place, and the counts of what was not kept, come last. */
  findings(): Finding[];
  /** Records not used, by code. */
  unusedByCode(): Record<string, number>;
}

export function findingLog(): FindingLog {
  const kept: Finding[] = [];
  const seen = new Map<string, { count: number; severity: Severity }>();
  const unused: Record<string, number> = {};

  const report = (severity: Severity, fault: Fault, position: Position | undefined) => {
    const entry = seen.get(fault.code) ?? { count: 0, severity };
    seen.set(fault.code, entry);
    entry.count++;
    if (entry.count > KEPT_PER_CODE) return;
    kept.push({ severity, scope: 'form', positions: position ? [position] : [], ...fault });
  };

  return {
    unused: (fault, position, records = 1) => {
      report('error', fault, position);
      unused[fault.code] = (unused[fault.code] ?? 0) + records;
    },
    doubtful: (fault, position) => {
      report('warning', fault, position);
    },
    broken: (fault, position) => {
      report('error', fault, position);
    },
    findings: () => {
      const sorted = [...kept].sort((a, b) => order(a) - order(b) || column(a) - column(b));
      for (const [code, { count, severity }] of seen) {
        if (count <= KEPT_PER_CODE) continue;
        const message = `${count} places have this fault; only the first ${KEPT_PER_CODE} are listed.`;
        sorted.push({ code, severity, scope: 'form', message, positions: [], occurrences: count });
      }
      return sorted;
    },
    unusedByCode: () => ({ ...unused }),
  };
}

const order = (finding: Finding) => (finding.positions.length > 0 ? finding.positions[0].line : Infinity);
const column = (finding: Finding) => (finding.positions.length > 0 ? finding.positions[0].column : 0);
