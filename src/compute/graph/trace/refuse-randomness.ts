import * as tf from '../tf';
import { where } from './where';

/** Operations that draw numbers on the host: a trace would draw once, and every run would see the same numbers. */
const RANDOM = new Set([
  'dropout',
  'multinomial',
  'rand',
  'randomGamma',
  'randomNormal',
  'randomStandardNormal',
  'randomUniform',
  'randomUniformInt',
  'truncatedNormal',
]);

/** @throws Error if a random operation is at work */
export function refuseRandomness(): void {
  const scope = tf.engine().state.scopeStack.find(({ name }) => RANDOM.has(name));
  if (scope !== undefined)
    throw new Error(
      `The operation ${scope.name}, called ${where()}, draws random numbers, which a graph would repeat in every run. Pass them as an input.`,
    );
}
