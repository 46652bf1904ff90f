import { tokenLogProbability } from '../../compute/graph/ops/token-log-probability';
import * as tf from '../../compute/graph/tf';

/** What gives next-token distributions softmax(states · headᵀ): [n, hidden] and [vocabulary, hidden]. */
export interface Predictor {
  readonly states: tf.Tensor2D;
  readonly head: tf.Tensor2D;
}

/** Logits of one policy that are worked with at once: 32 MiB. Each teacher and the student have as many. */
const MOST_LOGITS = 2 ** 23;
/** Keeps the logarithm of a probability that underflowed finite; beside it such a probability counts nothing. */
const LEAST = 1e-37;

/** Next-token distributions to come near to: those of a mixture of policies, or probabilities [n, vocabulary]. */
export type Taught =
  | { readonly teachers: readonly Predictor[]; readonly mixing: tf.Tensor2D }
  | { readonly probabilities: tf.Tensor2D };

/**
 * KL( taught ‖ π ) of every row, a part of the rows at a time where there are many words. Only π has a gradient.
 *
 * @param taught of a mixture Σ_k mixing_k π_k: the teachers and `mixing` [n, teachers]
 * @param frozen the student's head does not train: its gradient is left out, and no logits are kept for the way back
 * @returns [n], in nats; in padding, where all of `mixing` is 0, it is 0 and its gradient means nothing
 */
export function mixtureDivergence(
  student: Predictor,
  taught: Taught,
  frozen: boolean,
  mostLogits = MOST_LOGITS,
): tf.Tensor1D {
  return inParts(student, mostLogits, (from, rows) => {
    const part = (x: tf.Tensor2D): tf.Tensor2D => tf.slice2d(x, [from, 0], [rows, x.shape[1]]);
    const target =
      'probabilities' in taught
        ? part(taught.probabilities)
        : mixtureProbabilities(
            taught.teachers.map(({ states, head }) => ({ states: part(states), head })),
            part(taught.mixing),
          );
    const states = part(student.states);
    return frozen
      ? throughFrozenHead(states, student.head, target)
      : divergence(logitsOf({ states, head: student.head }), target);
  });
}

/** log π of the token that came, by row. @param target [n], int32 @returns [n], in nats */
export function chosenLogProbability(
  predictor: Predictor,
  target: tf.Tensor1D,
  mostLogits = MOST_LOGITS,
): tf.Tensor1D {
  const { states, head } = predictor;
  return inParts(predictor, mostLogits, (from, rows) =>
    tokenLogProbability(
      logitsOf({ states: tf.slice2d(states, [from, 0], [rows, states.shape[1]]), head }),
      tf.slice1d(target, from, rows),
    ),
  );
}

function inParts(
  { states, head }: Predictor,
  mostLogits: number,
  one: (from: number, rows: number) => tf.Tensor1D,
): tf.Tensor1D {
  const [n] = states.shape;
  const size = Math.max(1, Math.floor(mostLogits / head.shape[0]));
  const parts: tf.Tensor1D[] = [];
  for (let from = 0; from < n; from += size) parts.push(one(from, Math.min(size, n - from)));
  return parts.length === 1 ? parts[0] : tf.concat(parts);
}

/** Σ_k mixing_k softmax(logits_k). @returns [n, vocabulary] */
export function mixtureProbabilities(teachers: readonly Predictor[], mixing: tf.Tensor2D): tf.Tensor2D {
  return teachers
    .map((teacher, k) =>
      tf.mul<tf.Tensor2D>(tf.softmax(logitsOf(teacher)), tf.slice2d(mixing, [0, k], [mixing.shape[0], 1])),
    )
    .reduce((sum, one) => tf.add(sum, one));
}

function logitsOf({ states, head }: Predictor): tf.Tensor2D {
  return tf.matMul(states, head, false, true);
}

function divergence(logits: tf.Tensor2D, target: tf.Tensor2D): tf.Tensor1D {
  const difference = tf.sub(tf.log(tf.maximum(target, LEAST)), tf.logSoftmax(logits));
  return tf.sum(tf.mul(target, difference), 1);
}

/**
 * The divergence as a function of what the head sees, whose gradient, (softmax(x Wᵀ) − target) W, is worked out on the
 * way there, so that no logits have to be kept for the way back.
 */
function throughFrozenHead(x: tf.Tensor2D, head: tf.Tensor2D, target: tf.Tensor2D): tf.Tensor1D {
  const op = tf.customGrad((...args) => {
    const [states, save] = args as [tf.Tensor2D, tf.GradSaveFunc];
    const logits = logitsOf({ states, head });
    save([tf.matMul(tf.sub<tf.Tensor2D>(tf.softmax(logits), target), head)]);
    return {
      value: divergence(logits, target),
      gradFunc: (dy: tf.Tensor, [slope]: tf.Tensor[]) => tf.mul(tf.expandDims(dy, 1), slope),
    };
  });
  return op(x);
}
