import { setImmediate as nextTurn } from 'node:timers/promises';

const LONGEST_TURN_MS = 20;

/** Lets other work run every now and then, and stops long work by throwing the signal’s reason. */
export function breather(signal: AbortSignal): () => Promise<void> {
  let turn = performance.now();
  return async () => {
    if (performance.now() - turn > LONGEST_TURN_MS) {
      await nextTurn();
      turn = performance.now();
    }
    signal.throwIfAborted();
  };
}
