import { effectiveTypes } from '../fit';
import type { RoundSummary } from './assignment';
import type { EmHooks, Training } from './em-training';
import type { LanguageEmOptions } from './options';

/** Tells what a round came to. */
export function tellRound(
  { hooks, options }: Training,
  { round: iteration, logLikelihood, shares, moved }: RoundSummary,
): void {
  const effective = effectiveTypes(shares);
  hooks.emit({
    type: 'em',
    types: options.types,
    start: 0,
    iteration,
    logLikelihood,
    objective: logLikelihood,
    shares,
    effectiveTypes: effective,
  });
  hooks.emit({
    type: 'heldOut',
    round: iteration,
    logLikelihood,
    crossFitted: options.crossFit,
    shares,
    effectiveTypes: effective,
    moved,
  });
}

/** Tells how many trainings are done, as if EM went on for all its rounds. */
export function progressTeller(
  { types, rounds, plain }: LanguageEmOptions,
  parts: number,
  { emit }: EmHooks,
): () => void {
  const perRound = types * parts;
  const total = types === 1 ? 1 : rounds * perRound + types + Number(plain !== false);
  const began = performance.now();
  let done = 0;
  return () => {
    done = Math.min(total, done + 1);
    const secondsLeft = ((performance.now() - began) / 1000 / done) * (total - done);
    emit({ type: 'progress', phase: 'fitting', done, total, secondsLeft });
  };
}
