import path from 'node:path';
import type { HostTensor, HostTensors } from '../../../compute/graph/program';
import { makeFolder, writeWhole } from '../../../disk';
import { loraA, loraB } from '../adapter';
import { fieldsOf } from '../config-fields';
import { parseObject, readText } from '../json-file';
import type { TransformerConfig } from '../language-model';
import { linearModules } from '../lora';
import { ModelError } from '../model-error';
import { openSafetensors } from '../safetensors/read';
import { writeSafetensors } from '../safetensors/write';

/** A LoRA adapter in ordinary memory. */
export interface StoredAdapter {
  /** `<module>.lora_A.weight` and `<module>.lora_B.weight`, as everywhere here. */
  readonly tensors: HostTensors;
  /** alpha / rank. */
  readonly scaling: number;
}

/** What PEFT puts before the names of a base model's modules. */
const PREFIX = 'base_model.model.';
/** The file that makes a folder an adapter. */
export const ADAPTER_CONFIG = 'adapter_config.json';
const WEIGHTS = 'adapter_model.safetensors';

export interface AdapterExport {
  readonly config: TransformerConfig;
  readonly tensors: HostTensors;
  readonly alpha: number;
  /** Folder or hub name of the base model, for whoever loads the adapter; absent where there is none. */
  readonly baseModel?: string;
}

/**
 * Writes an adapter as PEFT does: `PeftModel.from_pretrained(base, folder)` loads it.
 *
 * @throws ModelError where tensors are missing or belong to no linear map of the model
 */
export async function writeAdapter(folder: string, adapter: AdapterExport): Promise<void> {
  const { config, tensors, alpha } = adapter;
  const modules = linearModules(config)
    .map(({ name }) => name)
    .filter((name) => loraA(name) in tensors);
  const expected = new Set(modules.flatMap((name) => [loraA(name), loraB(name)]));
  const stray =
    Object.keys(tensors).find((name) => !expected.has(name)) ??
    [...expected].find((name) => !(name in tensors));
  if (stray !== undefined || modules.length === 0) {
    throw new ModelError(
      `The adapter cannot be written: ${stray ?? 'no tensor'} is not part of a whole LoRA pair.`,
    );
  }
  const rank = tensors[loraA(modules[0])].shape[0];
  await makeFolder(folder);
  await writeSafetensors(
    path.join(folder, WEIGHTS),
    Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [PREFIX + name, tensor])),
  );
  const text = JSON.stringify(
    {
      peft_type: 'LORA',
      task_type: 'CAUSAL_LM',
      base_model_name_or_path: adapter.baseModel ?? null,
      r: rank,
      lora_alpha: alpha,
      lora_dropout: 0,
      bias: 'none',
      // GPT-2 keeps its matrices as [in, out]
      fan_in_fan_out: config.family === 'gpt2',
      target_modules: shortTargets(config, modules),
      inference_mode: true,
      init_lora_weights: true,
      use_rslora: false,
      use_dora: false,
      modules_to_save: null,
    },
    null,
    2,
  );
  await writeWhole(path.join(folder, ADAPTER_CONFIG), `${text}\n`);
}

/** Ends of names where they mean these modules and no others; whole names elsewhere. */
function shortTargets(config: TransformerConfig, modules: readonly string[]): string[] {
  const ends = [...new Set(modules.map((name) => name.split('.').at(-1)!))];
  const meant = linearModules(config).filter(({ name }) => ends.some((end) => name.endsWith(`.${end}`)));
  return meant.length === modules.length ? ends : [...modules];
}

/**
 * Reads an adapter in PEFT's layout: plain LoRA of one rank, without biases.
 *
 * @throws ModelError naming what is not supported
 */
export async function readAdapter(folder: string): Promise<StoredAdapter> {
  const file = path.join(folder, ADAPTER_CONFIG);
  const text = await readText(folder, ADAPTER_CONFIG);
  if (text === undefined) throw new ModelError(`There is no ${file}. Name the folder of a PEFT adapter.`);
  const json = parseObject(text, file);
  const fields = fieldsOf(json, file);
  if (json.peft_type !== 'LORA') {
    throw new ModelError(
      `${file} describes an adapter of the type ${JSON.stringify(json.peft_type)}; only LORA can be read.`,
    );
  }
  for (const name of ['use_dora', 'use_rslora', 'lora_bias'] as const) {
    if (fields.flag(name, false))
      throw new ModelError(`${file} has "${name}": true, which is not supported.`);
  }
  for (const name of ['rank_pattern', 'alpha_pattern', 'modules_to_save', 'layers_to_transform'] as const) {
    const value = json[name];
    if (value !== undefined && value !== null && Object.keys(value).length > 0) {
      throw new ModelError(`${file} has "${name}", which is not supported.`);
    }
  }
  return {
    tensors: await adapterTensors(path.join(folder, WEIGHTS)),
    scaling: fields.positive('lora_alpha') / fields.count('r'),
  };
}

async function adapterTensors(file: string): Promise<HostTensors> {
  const source = await openSafetensors(file);
  try {
    const tensors: Record<string, HostTensor> = {};
    for (const name of source.tensors.keys()) {
      if (!name.startsWith(PREFIX) || !/\.lora_[AB]\.weight$/.test(name)) {
        throw new ModelError(
          `Tensor "${name}" of ${file} is no part of a plain LoRA adapter, which is all that can be read.`,
        );
      }
      tensors[name.slice(PREFIX.length)] = await source.read(name);
    }
    return tensors;
  } finally {
    await source.close();
  }
}
