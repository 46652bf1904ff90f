import type { RunEvent } from '../../src/protocol/event';
import type { RunResult } from '../../src/protocol/result';
import { rowEntropies } from '../../src/training/criteria';

/** What a run tells on its way to this result. @param shares of its types at the end */
export function eventsOf(result: RunResult, shares: readonly number[]): RunEvent[] {
  let at = Date.parse('2026-03-04T10:15:00Z');
  const time = () => new Date((at += 60)).toISOString();
  const types = shares.length;
  const events: RunEvent[] = [
    { time: time(), type: 'started', pid: 4242, types },
    { time: time(), type: 'phase', phase: 'reading', title: 'Reading the dataset' },
    { time: time(), type: 'device', device: 'cpu', threads: 2 },
    { time: time(), type: 'phase', phase: 'fitting', title: 'Fitting the types' },
  ];
  const climb = (k: number, start: number, end: number, iterations: number) => {
    for (let iteration = 0; iteration < iterations; iteration++) {
      const left = Math.exp(-iteration / (5 + start));
      const now = shares.map((s) => s + (1 / types - s) * left);
      events.push({
        time: time(),
        type: 'em',
        types: k,
        start,
        iteration,
        logLikelihood: end - Math.abs(end) * 0.2 * left,
        objective: end - Math.abs(end) * (0.003 + 0.2 * left),
        shares: k === 1 ? [1] : now,
        effectiveTypes: k === 1 ? 1 : Math.exp(rowEntropies(Float64Array.from(now), types)[0]),
      });
      events.push({
        time: time(),
        type: 'progress',
        phase: 'fitting',
        done: start,
        total: result.starts.length,
        secondsLeft: 9 - start,
      });
    }
  };
  climb(1, 0, result.selection[0].logLikelihood, 6);
  result.starts.forEach((s, i) => {
    climb(types, i, s.logLikelihood, s.iterations ?? 0);
  });
  events.push({ time: time(), type: 'phase', phase: 'aggregating', title: 'Computing regrets' });
  events.push({
    time: time(),
    type: 'finished',
    seconds: result.fit.seconds,
    logLikelihood: result.fit.logLikelihood,
  });
  return events;
}
