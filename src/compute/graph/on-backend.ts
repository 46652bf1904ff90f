import * as tf from './tf';

/**
 * Runs `work` with TensorFlow.js on one of its backends and puts the backend back that was there. Tensors that `work`
 * does not return are freed. Synchronous from end to end, so that two programs never see each other's backend: the
 * backend must be initialised, which `tf.setBackend` does asynchronously.
 */
export function onBackend<T extends tf.TensorContainer>(name: string, work: () => T): T {
  const engine = tf.engine();
  const before = engine.backendName in engine.registry ? engine.backendName : undefined;
  use(name);
  try {
    return tf.tidy(work);
  } finally {
    if (before !== undefined && before !== name) use(before);
  }
}

/** With a backend that is initialised, setBackend has done all its work when it returns. */
function use(name: string): void {
  const engine = tf.engine();
  if (engine.backendName === name) return;
  if (!(name in engine.registry)) throw new Error(`The TensorFlow.js backend “${name}” is not initialised.`);
  void engine.setBackend(name);
}
