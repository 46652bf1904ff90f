import { barX, ruleY, text } from '@observablehq/plot';
import type { Candidate } from '../../src/protocol/result';
import { natsAlike, shorten } from '../format';
import { candidateName, worstOff } from '../regret-words';
import { typeColour } from '../theme';
import { draw } from './plot';

interface Estimate {
  readonly regret: number;
  /** Its standard error; 0 where the expectation is exact. */
  readonly error: number;
}
const lower = ({ regret, error }: Estimate) => regret - 2 * error;
const upper = ({ regret, error }: Estimate) => regret + 2 * error;

/** Regret of each type under each candidate policy; the worst-off type of each candidate is marked. */
export function candidatesChart(
  candidates: readonly Candidate[],
  names: readonly string[],
  width: number,
): SVGSVGElement {
  const rows = candidates.flatMap((c, candidate) =>
    c.regret.map((regret, type) => ({
      candidate,
      type,
      regret,
      error: c.standardError?.[type] ?? 0,
      worst: worstOff(c).includes(type) && worstOff(c).length < c.regret.length,
    })),
  );
  const nats = natsAlike(rows.map((r) => r.regret));
  const high = Math.max(...rows.map(upper), 0.001);
  const low = Math.min(...rows.map(lower), 0);
  const room = ((high - low) * 120) / Math.max(width - 210, 60);
  return draw('Regret by type under each candidate policy', {
    width,
    height: candidatesHeight(candidates.length, names.length),
    marginLeft: 84,
    marginRight: 4,
    marginTop: 4,
    marginBottom: 4,
    x: { axis: null, domain: [low, high + room] },
    fy: { axis: null, domain: candidates.map((_, i) => i), padding: 0.12 },
    y: {
      label: null,
      tickSize: 0,
      domain: [-1, ...names.map((_, k) => k)],
      tickFormat: (k: number) => (k < 0 ? '' : shorten(names[k], 12)),
      padding: 0.18,
    },
    color: { type: 'identity' },
    marks: [
      text(candidates, {
        fy: (_: Candidate, i: number) => i,
        y: () => -1,
        frameAnchor: 'left',
        dx: -80,
        textAnchor: 'start',
        fontWeight: '600',
        text: candidateName,
      }),
      barX(rows, {
        fy: 'candidate',
        x: 'regret',
        y: 'type',
        fill: (d: { type: number }) => typeColour(d.type),
      }),
      ruleY(
        rows.filter(({ error }) => error > 0),
        { fy: 'candidate', x1: lower, x2: upper, y: 'type', stroke: 'var(--fg)', strokeWidth: 1 },
      ),
      text(rows, {
        fy: 'candidate',
        x: (d: Estimate) => Math.max(d.error > 0 ? upper(d) : d.regret, 0),
        y: 'type',
        dx: 6,
        textAnchor: 'start',
        text: (d: { regret: number; worst: boolean }) => `${nats(d.regret)}${d.worst ? '  ◂ worst off' : ''}`,
        fill: (d: { worst: boolean }) => (d.worst ? 'var(--fg)' : 'var(--muted)'),
      }),
    ],
  });
}

export const candidatesHeight = (candidates: number, types: number) =>
  candidates * ((types + 1) * 17 + 10) + 8;
