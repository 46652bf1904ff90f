import type { Tensors } from '../../compute/graph/program';

/** LoRA's low-rank changes to the linear maps of a frozen base (Hu et al. 2021): W + scaling · B A. */
export interface Adapter {
  /** `<module>.lora_A.weight` [rank, in] and `<module>.lora_B.weight` [out, rank], for some or all modules. */
  readonly tensors: Tensors;
  /** alpha / rank. */
  readonly scaling: number;
}

export function loraA(module: string): string {
  return `${module}.lora_A.weight`;
}

export function loraB(module: string): string {
  return `${module}.lora_B.weight`;
}
