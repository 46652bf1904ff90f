import { setImmediate as nextTurn } from 'node:timers/promises';

/** Long work in steps: says after each how far it is, and ends with its result. */
export type Steps<T> = Generator<{ readonly done: number; readonly total: number }, T>;

/** Steps of longer work: `place` says how far that is when a share of these is done. */
export function* asPart<T>(
  steps: Steps<T>,
  place: (share: number) => { readonly done: number; readonly total: number },
): Steps<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    yield place(step.value.done / step.value.total);
  }
}

export interface StepsOptions {
  /** Between two steps its reason is thrown. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** All steps at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** One step after the other, with a turn for other work between them. */
export async function inSteps<T>(steps: Steps<T>, { signal, onProgress }: StepsOptions = {}): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    const step = steps.next();
    if (step.done) return step.value;
    onProgress?.(step.value.done, step.value.total);
    await nextTurn();
  }
}
