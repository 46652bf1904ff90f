import type { HostTensor, HostTensors } from '../../compute/graph/program';
import { random } from '../../random';
import { loraA, loraB } from './adapter';
import type { TransformerConfig } from './language-model';

/** A linear map that an adapter can change. */
export interface LinearModule {
  /** Name of its weight without `.weight`. */
  readonly name: string;
  readonly in: number;
  readonly out: number;
}

export interface LoraOptions {
  readonly rank: number;
  /** Ends of module names (`q_proj`, `c_attn`), or `all-linear`: every linear map but the output head, as in PEFT. */
  readonly targets: readonly string[] | 'all-linear';
  readonly seed: number;
}

/** Every linear map of the decoder's layers, in their order. */
export function linearModules(config: TransformerConfig): LinearModule[] {
  const { hidden, intermediate } = config;
  const queries = config.heads * config.headSize;
  const keys = config.keyValueHeads * config.headSize;
  const parts: readonly [string, number, number][] =
    config.family === 'gpt2'
      ? [
          ['attn.c_attn', hidden, 3 * hidden],
          ['attn.c_proj', hidden, hidden],
          ['mlp.c_fc', hidden, intermediate],
          ['mlp.c_proj', intermediate, hidden],
        ]
      : [
          ['self_attn.q_proj', hidden, queries],
          ['self_attn.k_proj', hidden, keys],
          ['self_attn.v_proj', hidden, keys],
          ['self_attn.o_proj', queries, hidden],
          ['mlp.gate_proj', hidden, intermediate],
          ['mlp.up_proj', hidden, intermediate],
          ['mlp.down_proj', intermediate, hidden],
        ];
  const layers = config.family === 'gpt2' ? 'transformer.h' : 'model.layers';
  return Array.from({ length: config.layers }, (_, layer) =>
    parts.map(([part, from, to]) => ({ name: `${layers}.${layer}.${part}`, in: from, out: to })),
  ).flat();
}

/** The modules that `targets` names. @throws Error naming a target that no module has */
export function targetModules(config: TransformerConfig, targets: LoraOptions['targets']): LinearModule[] {
  const all = linearModules(config);
  if (targets === 'all-linear') return all;
  const ends = (name: string, target: string) => name === target || name.endsWith(`.${target}`);
  const missing = targets.find((target) => !all.some(({ name }) => ends(name, target)));
  if (missing !== undefined || targets.length === 0) {
    const known = [...new Set(all.map(({ name }) => name.split('.').slice(-1)[0]))].join(', ');
    const what = missing === undefined ? 'No LoRA target is named' : `This model has no module "${missing}"`;
    throw new Error(`${what}. Its modules are ${known}; "all-linear" stands for all of them.`);
  }
  return all.filter(({ name }) => targets.some((target) => ends(name, target)));
}

/**
 * A fresh adapter, as PEFT starts it: A uniform in ±1/√in (Kaiming with a = √5), B zero, so that it changes nothing yet.
 * Each matrix has its own stream of the seed.
 */
export function initialAdapter(config: TransformerConfig, { rank, targets, seed }: LoraOptions): HostTensors {
  if (!Number.isInteger(rank) || rank < 1) {
    throw new Error(`The rank of LoRA must be a whole number of at least 1, not ${rank}.`);
  }
  const tensors: Record<string, HostTensor> = {};
  targetModules(config, targets).forEach(({ name, in: from, out }, index) => {
    const source = random(seed, index);
    const bound = 1 / Math.sqrt(from);
    const a = Float32Array.from({ length: rank * from }, () => (2 * source.uniform() - 1) * bound);
    tensors[loraA(name)] = { shape: [rank, from], dtype: 'float32', data: a };
    tensors[loraB(name)] = { shape: [out, rank], dtype: 'float32', data: new Float32Array(out * rank) };
  });
  return tensors;
}
