/** Iterations of the run of fixture.ts, which end at its result. Test data, never shown to users. */
import type { RunEvent } from '../../src/protocol/event';
import type { IterationEntry, IterationHistory } from '../../src/protocol/history';
import type { PosteriorTable } from '../../src/protocol/panel';
import type { RunResult } from '../../src/protocol/result';
import { minMax } from '../../src/regret/min-max';

interface Ended {
  readonly result: RunResult;
  readonly posterior: PosteriorTable;
  readonly events: readonly RunEvent[];
}

/** Of start 1: an annotator comes to its last type sooner or later, and regrets grow to those of the result. */
export function historyOf({ result, posterior, events }: Ended): IterationHistory {
  const types = result.types.length;
  const own = events.flatMap((e) => (e.type === 'em' && e.types === types && e.start === 0 ? [e] : []));
  const last = own[own.length - 1].iteration;
  const final = labelsOf(posterior);
  let before: number[] | undefined;
  const entries = own.map((event): IterationEntry => {
    const { iteration } = event;
    const labels = final.map((label, h) =>
      iteration < last && iteration < h % 17 ? (label + 1 + (h % (types - 1))) % types : label,
    );
    const moved = before?.filter((label, h) => label !== labels[h]).length ?? null;
    before = labels;
    const grown = iteration === last ? 1 : 1 - Math.exp(-(iteration + 1) / 5);
    const matrix = result.regret.matrix.map((row) => row.map((r) => r * grown));
    const { weights, value } = iteration === last ? result.regret : minMax(matrix);
    return {
      iteration,
      logLikelihood: event.logLikelihood,
      shares: iteration === last ? result.types.map(({ share }) => share) : event.shares,
      moved,
      assignments: Buffer.from(labels).toString('base64'),
      regret: { matrix, weights, value },
    };
  });
  return { step: 'iteration', types, start: 0, kept: last, annotators: final.length, entries };
}

/** Rounds of language models: the same without regrets. */
export function roundsOf(history: IterationHistory, rounds: number): IterationHistory {
  const entries = history.entries
    .slice(0, rounds)
    .map((entry, i) => ({ ...entry, regret: undefined, iteration: i + 1 }));
  return { ...history, step: 'round', kept: rounds, entries };
}

function labelsOf({ annotators, gamma, types }: PosteriorTable): number[] {
  return annotators.map((_, h) => {
    const own = gamma.slice(h * types, (h + 1) * types);
    return own.indexOf(Math.max(...own));
  });
}
