import type { FindingLog } from '../finding-log';
import { wholeLine, type Line } from '../lines';
import { LARGEST_CHOICE_SET } from '../table-builder';

/** What the `#` lines of a PrefLib file say. */
export interface PreflibHeader {
  title?: string;
  /** NUMBER ALTERNATIVES */
  alternatives?: { readonly count: number; readonly line: Line };
  /** NUMBER VOTERS */
  voters?: { readonly count: number; readonly line: Line };
  /** ALTERNATIVE NAME i, by i. */
  readonly names: Map<number, { readonly name: string; readonly line: Line }>;
}

const LINE = /^#\s*([A-Z][A-Z -]*?)\s*(\d*)\s*:\s*(.*?)\s*$/;

export const preflibHeader = { isLine: (text: string) => LINE.test(text), empty, read, alternatives };

function empty(): PreflibHeader {
  return { names: new Map() };
}

/** Takes one `#` line into the header; keys that are not needed are passed over. */
function read(line: Line, header: PreflibHeader, log: FindingLog): void {
  const match = LINE.exec(line.text);
  if (!match) return; // a comment
  const [, key, number, value] = match;
  if (key === 'TITLE' && value !== '') header.title = value;
  if (key === 'NUMBER ALTERNATIVES' || key === 'NUMBER VOTERS') {
    const count = Number(value);
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(count)) {
      report(`"${key}" must be a whole number; this is "${value}".`, line, log);
    } else if (key === 'NUMBER VOTERS') header.voters = { count, line };
    else header.alternatives = { count, line };
  }
  if (key !== 'ALTERNATIVE NAME') return;
  const index = Number(number);
  if (number === '' || index < 1 || index > LARGEST_CHOICE_SET) {
    report(`Alternatives are numbered from 1 to ${LARGEST_CHOICE_SET}; this is "${number}".`, line, log);
  } else if (header.names.has(index))
    report(`Alternative ${index} has a name already; the first is kept.`, line, log);
  else header.names.set(index, { name: value, line });
}

/**
 * Names of the alternatives 1, 2, … in this order, all different.
 *
 * @param order first line after the header, to point at when there are no alternatives
 * @returns nothing when there are too few, which is reported
 */
function alternatives(header: PreflibHeader, order: Line, log: FindingLog): readonly string[] {
  const named = Math.max(0, ...header.names.keys());
  const count = Math.max(named, Math.min(header.alternatives?.count ?? 0, LARGEST_CHOICE_SET));
  if (count < 2) {
    const message = `The header names ${count === 0 ? 'no alternatives' : 'one alternative'}; a choice needs at least two.`;
    const fix = 'Add "# NUMBER ALTERNATIVES: n" and "# ALTERNATIVE NAME i: …" for each above the orders.';
    log.broken({ code: 'form/bad-header', message, fix }, wholeLine(order));
    return [];
  }
  if (header.alternatives && header.alternatives.count < named) {
    report(
      `The header counts ${header.alternatives.count} alternatives and names ${named}.`,
      header.alternatives.line,
      log,
    );
  }
  const used = new Set<string>();
  return Array.from({ length: count }, (_, i) => {
    const given = header.names.get(i + 1);
    let name = given?.name ?? `alternative ${i + 1}`;
    if (used.has(name)) {
      if (given)
        report(
          `Another alternative has the name "${name}" too; the number tells them apart.`,
          given.line,
          log,
        );
      while (used.has(name)) name += ` (${i + 1})`;
    }
    used.add(name);
    return name;
  });
}

function report(message: string, line: Line, log: FindingLog): void {
  log.doubtful({ code: 'form/bad-header', message, fix: 'Correct the header line.' }, wholeLine(line));
}
