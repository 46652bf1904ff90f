import { fork } from 'node:child_process';
import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { FromTraining, TrainOrder } from './train-apart';

/** First argument of a process that only trains. */
export const TRAIN_APART = '__train';

/** Where a training runs, seen from the process that supervises it. */
export interface TrainingHost {
  /** Asks it to stop. */
  stop(): void;
  /** Ends it, whatever it is doing. */
  end(): void;
}

export interface TrainingListener {
  message(message: FromTraining): void;
  fault(error: unknown): void;
  /** The last call. */
  ended(): void;
}

/** A thread of this process: starts at once and shares its memory limit. */
export function inThread(order: TrainOrder, listener: TrainingListener): TrainingHost {
  const worker = new Worker(__filename, {
    workerData: order,
    // a worker has a smaller heap than the process by default
    resourceLimits: { maxOldGenerationSizeMb: Math.floor(getHeapStatistics().heap_size_limit / 2 ** 20) },
  });
  worker.on('message', (message: FromTraining) => {
    listener.message(message);
  });
  worker.on('error', (error) => {
    listener.fault(error);
  });
  worker.on('exit', () => {
    listener.ended();
  });
  return {
    stop: () => {
      worker.postMessage('stop');
    },
    end: () => void worker.terminate(),
  };
}

/**
 * A process of its own in our process group: native libraries crash alone there, and can be ended in the middle of a
 * computation, which would abort the whole process from a thread.
 */
export function inProcess(order: TrainOrder, listener: TrainingListener): TrainingHost {
  const child = fork(__filename, [TRAIN_APART], { serialization: 'advanced' });
  child.on('message', (message) => {
    listener.message(message as FromTraining); // train-apart.ts is the only sender
  });
  child.on('error', (error) => {
    listener.fault(error);
  });
  child.on('exit', (code, signal) => {
    if (signal !== null) listener.fault(new Error(`The training process was ended by ${signal}.`));
    else if (code !== 0) listener.fault(new Error(`The training process ended with code ${code}.`));
    listener.ended();
  });
  child.send({ order });
  return {
    stop: () => {
      if (child.connected) child.send('stop');
    },
    end: () => {
      child.kill('SIGKILL');
    },
  };
}
