import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { HostTensor } from '../../../compute/graph/program';
import { ModelError, reason } from '../model-error';
import { openSafetensors, type SafetensorsFile } from './read';

/** The tensors of a folder, in one file or several. Close it. */
export interface Checkpoint {
  /** Shape of every tensor, by its name in the file. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  read(name: string): Promise<HostTensor>;
  close(): Promise<void>;
}

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';

/**
 * Opens `model.safetensors`, or the files that `model.safetensors.index.json` names.
 *
 * @throws ModelError where neither is there, or a shard is missing or broken
 */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new ModelError(`The model's folder ${folder} cannot be read: ${reason(error)}.`);
  });
  if (names.includes(SINGLE)) return joined(new Map([[SINGLE, undefined]]), folder);
  if (names.includes(INDEX)) return joined(await shardsOf(path.join(folder, INDEX)), folder);
  const other = names.find((name) => /\.(bin|pt|pth|gguf|onnx|h5|msgpack)$/.test(name));
  throw new ModelError(
    `${folder} has neither ${SINGLE} nor ${INDEX}.` +
      (other
        ? ` It has ${other}, which is not read: load it in transformers and save it with save_pretrained(folder).`
        : ` Name the folder of a Hugging Face checkpoint.`),
  );
}

/** Tensors that the index expects in each shard. */
async function shardsOf(index: string): Promise<Map<string, string[]>> {
  let map: unknown;
  try {
    const json: unknown = JSON.parse(await readFile(index, 'utf8'));
    map = typeof json === 'object' && json !== null && 'weight_map' in json ? json.weight_map : undefined;
  } catch (error) {
    throw new ModelError(`${index} cannot be read: ${reason(error)}.`);
  }
  if (typeof map !== 'object' || map === null) throw new ModelError(`${index} has no "weight_map".`);
  const shards = new Map<string, string[]>();
  for (const [tensor, file] of Object.entries(map) as [string, unknown][]) {
    // a name with a folder in it could lead out of the checkpoint
    if (typeof file !== 'string' || path.basename(file) !== file || !file.endsWith('.safetensors')) {
      throw new ModelError(
        `${index} puts tensor "${tensor}" into ${JSON.stringify(file)}, which is no safetensors file of this folder.`,
      );
    }
    shards.set(file, [...(shards.get(file) ?? []), tensor]);
  }
  return shards;
}

async function joined(shards: Map<string, string[] | undefined>, folder: string): Promise<Checkpoint> {
  const files: SafetensorsFile[] = [];
  const close = async () => {
    await Promise.all(files.map((file) => file.close()));
  };
  const home = new Map<string, SafetensorsFile>();
  try {
    for (const [name, expected] of shards) {
      const file = await openSafetensors(path.join(folder, name));
      files.push(file);
      const missing = expected?.find((tensor) => !file.tensors.has(tensor));
      if (missing !== undefined) {
        throw new ModelError(`${INDEX} puts tensor "${missing}" into ${name}, which does not have it.`);
      }
      for (const tensor of expected ?? file.tensors.keys()) home.set(tensor, file);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    shapes: new Map([...home].map(([name, file]) => [name, file.tensors.get(name)!.shape])),
    read: (name) => {
      const file = home.get(name);
      if (!file) throw new ModelError(`${folder} has no tensor "${name}".`);
      return file.read(name);
    },
    close,
  };
}
