import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface StopSignals {
  readonly signal: AbortSignal;
  /** 128 and the number of the signal that came, as shells do; undefined when none has. */
  exitCode(): number | undefined;
  dispose(): void;
}

/** Turns the first signal that asks the process to stop into an abort. A second one ends it at once. */
export function stopSignals(names: readonly NodeJS.Signals[] = SIGNALS): StopSignals {
  const controller = new AbortController();
  let code: number | undefined;
  const stop = (name: NodeJS.Signals) => {
    if (code !== undefined) process.exit(code);
    code = 128 + constants.signals[name];
    controller.abort(new Error(`Stopped by ${name}.`));
  };
  for (const name of names) process.on(name, stop);
  return {
    signal: controller.signal,
    exitCode: () => code,
    dispose: () => {
      for (const name of names) process.off(name, stop);
    },
  };
}
