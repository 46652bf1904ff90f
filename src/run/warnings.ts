import type { RunEventBody } from '../protocol/event';
import type { Finding } from '../protocol/finding';

/** One warning for each code of the errors and warnings found: the first of its kind, and how many there are. */
export function warningsOf(findings: readonly Finding[]): RunEventBody[] {
  const byCode = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.severity !== 'error' && finding.severity !== 'warning') continue;
    const same = byCode.get(finding.code);
    if (same) same.push(finding);
    else byCode.set(finding.code, [finding]);
  }
  return [...byCode].map(([code, [first, ...others]]) => {
    const line = first.positions.at(0)?.line;
    const at = line === undefined ? '' : ` (line ${line})`;
    const more = others.length === 0 ? '' : ` ${others.length} more like this.`;
    return { type: 'warning', code, message: `${first.message}${at}${more}` };
  });
}
