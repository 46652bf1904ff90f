import type { HostTensors, Tensors } from '../../compute/graph/program';
import * as tf from '../../compute/graph/tf';
import { headWeight } from '../../policy/transformer/decoder';
import { hiddenStates, predictorStates, responseLogProbabilities } from '../../policy/transformer/forward';
import type { LanguageModel } from '../../policy/transformer/language-model';
import { initialAdapter } from '../../policy/transformer/lora';
import type { LoraChoice } from '../../protocol/experiment';
import type { TrainablePolicy } from './policy';

/** LoRA: a frozen base and an adapter that trains (Hu et al. 2021). */
export function loraPolicy(model: LanguageModel, lora: LoraChoice): TrainablePolicy {
  const { config } = model;
  const initial = (seed: number): HostTensors =>
    initialAdapter(config, { rank: lora.rank, targets: lora.targets, seed });
  const scaling = lora.alpha / lora.rank;
  const names = Object.keys(initial(0));
  const adapter = (tensors: Tensors) => ({
    tensors: Object.fromEntries(names.map((name) => [name, tensors[name]])),
    scaling,
  });
  return policyOf(model, 'LoRA', model.weights, initial, adapter);
}

/** Full fine-tuning: every weight trains. */
export function fullPolicy(model: LanguageModel): TrainablePolicy {
  return policyOf(
    model,
    'full',
    {},
    () => model.weights,
    () => undefined,
  );
}

function policyOf(
  { config, name }: LanguageModel,
  kind: string,
  constants: HostTensors,
  initial: (seed: number) => HostTensors,
  adapter: (tensors: Tensors) => Parameters<typeof hiddenStates>[2],
): TrainablePolicy {
  return {
    name: `${name}, ${kind}`,
    constants,
    parameters: Object.fromEntries(
      Object.entries(initial(0)).map(([parameter, { shape, dtype }]) => [parameter, { shape, dtype }]),
    ),
    hidden: config.hidden,
    vocabulary: config.vocabulary,
    initial,
    logProbabilities: (tensors, batch, slots) =>
      responseLogProbabilities(config, tensors, adapter(tensors), batch, slots),
    predictorStates: (tensors, batch) => predictorStates(config, tensors, adapter(tensors), batch),
    head: (tensors) => headWeight(config, tensors),
    frozenHead: kind === 'LoRA',
    hiddenSums: (tensors, batch, slots) => {
      const states = hiddenStates(config, tensors, adapter(tensors), batch);
      const rows = tf.gather(tf.reshape<tf.Rank.R2>(states, [-1, config.hidden]), batch.predictor);
      const index = tf.where<tf.Tensor1D>(
        tf.less(batch.slot, 0),
        tf.fill([batch.slot.size], slots, 'int32'),
        batch.slot,
      );
      const sums = tf.unsortedSegmentSum(rows, tf.cast(index, 'int32'), slots + 1);
      return tf.slice(sums, [0, 0], [slots, config.hidden]);
    },
  };
}
