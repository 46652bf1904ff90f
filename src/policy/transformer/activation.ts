import { geluErf, geluTanh, silu } from '../../compute/graph/ops/activations';
import * as tf from '../../compute/graph/tf';
import type { TransformerConfig } from './language-model';

type Activation = NonNullable<TransformerConfig['activation']>;

/** The activation of the feed-forward part. */
export function activate(x: tf.Tensor2D, activation: Activation): tf.Tensor2D {
  switch (activation) {
    case 'gelu':
      return geluErf(x);
    case 'gelu-tanh':
      return geluTanh(x);
    case 'relu':
      return tf.relu(x);
    case 'silu':
      return silu(x);
  }
}
