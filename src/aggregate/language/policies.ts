import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { HostTensors } from '../../compute/graph/program';
import { loraA } from '../../policy/transformer/adapter';
import { byteTokenizer } from '../../policy/transformer/byte-tokenizer';
import { readAdapter, type StoredAdapter } from '../../policy/transformer/export/peft-adapter';
import type { LanguageModel } from '../../policy/transformer/language-model';
import { loadModel } from '../../policy/transformer/load-model';
import { loadWeights } from '../../policy/transformer/load-weights';
import { linearModules } from '../../policy/transformer/lora';
import { ModelError } from '../../policy/transformer/model-error';
import { fullPolicy, loraPolicy } from '../../training/language/transformer-policy';
import type { LanguagePolicies } from './language-policies';

/** Names of the folders in `policies/` of a run directory; a type's is `type1`, `type2`, …, largest share first. */
export const POLICY_FOLDERS = { base: 'base', plain: 'plain-dpo', distilled: 'distilled' } as const;

export function typeFolder(type: number): string {
  return `type${type + 1}`;
}

/**
 * The language models that a run wrote: `type1`, `type2`, …, `plain-dpo` and `distilled`, each a LoRA adapter in PEFT's
 * layout or a whole checkpoint, over the model in `base` or in the folder that the experiment names.
 *
 * @param folder `policies/` of the run directory
 * @param model folder of the base model, where `base` is not there
 * @throws ModelError in a sentence when there are none, or they do not belong together
 */
export async function readPolicies(folder: string, model?: string): Promise<LanguagePolicies> {
  const names = new Set(await namesIn(folder));
  const trained = trainedAmong(names);
  const types = trained.filter((name) => name.startsWith('type'));
  if (types.length === 0) {
    throw new ModelError(
      `There are no language models in ${folder}. Only runs whose policy is "transformer" write them, when they finish.`,
    );
  }
  const base = names.has(POLICY_FOLDERS.base) ? path.join(folder, POLICY_FOLDERS.base) : model;
  if (base === undefined) {
    throw new ModelError(`${folder} holds no base model, and the run does not say where it is.`);
  }
  const stored = new Map<string, StoredAdapter | undefined>();
  for (const name of trained) stored.set(name, await adapterIn(path.join(folder, name)));
  const first = stored.get(types[0]);
  const found = await readBase(base, names.has(POLICY_FOLDERS.base));
  const parameters = new Map<string, HostTensors>();
  for (const [name, adapter] of stored) {
    if ((adapter === undefined) !== (first === undefined)) {
      throw new ModelError(
        `In ${folder}, ${types[0]} and ${name} are not of one kind: one is a LoRA adapter, the other a whole checkpoint.`,
      );
    }
    if (adapter && first) checkAlike(folder, types[0], first, name, adapter);
    parameters.set(name, adapter?.tensors ?? (await loadWeights(path.join(folder, name), found.config)));
  }
  return {
    model: found,
    trainable: first ? loraPolicy(found, choiceOf(found, first, folder)) : fullPolicy(found),
    ...(first && { scaling: first.scaling }),
    types: types.map((name) => parameters.get(name)!),
    plain: parameters.get(POLICY_FOLDERS.plain),
    distilled: parameters.get(POLICY_FOLDERS.distilled),
  };
}

/** Names of the policies in `policies/` of a run: its types, largest share first, and then the others. */
export async function policyFolders(folder: string): Promise<string[]> {
  return trainedAmong(new Set(await namesIn(folder)));
}

function trainedAmong(names: ReadonlySet<string>): string[] {
  const types: string[] = [];
  while (names.has(typeFolder(types.length))) types.push(typeFolder(types.length));
  return [...types, ...[POLICY_FOLDERS.plain, POLICY_FOLDERS.distilled].filter((name) => names.has(name))];
}

/** A run keeps the base of its own only where it made it: the byte-level model pretrained on the dataset's responses. */
async function readBase(folder: string, own: boolean): Promise<LanguageModel> {
  const model = await loadModel(folder);
  const scratch = own && model.config.vocabulary === byteTokenizer.vocabulary;
  // the tokenizer that it was trained with: no text is a special token to it
  return scratch ? { ...model, name: 'scratch', tokenizer: byteTokenizer } : model;
}

async function adapterIn(folder: string): Promise<StoredAdapter | undefined> {
  return (await namesIn(folder)).includes('adapter_config.json') ? readAdapter(folder) : undefined;
}

async function namesIn(folder: string): Promise<string[]> {
  // what is not there holds nothing
  return readdir(folder).catch(() => []);
}

/** One graph serves all adapters, so that they must have the same shapes. */
function checkAlike(folder: string, one: string, a: StoredAdapter, two: string, b: StoredAdapter): void {
  const shapes = ({ tensors, scaling }: StoredAdapter) =>
    JSON.stringify([
      scaling,
      Object.keys(tensors)
        .sort()
        .map((name) => [name, tensors[name].shape]),
    ]);
  if (shapes(a) === shapes(b)) return;
  throw new ModelError(
    `In ${folder}, the adapters of ${one} and ${two} differ in rank, alpha or target modules; policies of one run have the same.`,
  );
}

function choiceOf(model: LanguageModel, { tensors, scaling }: StoredAdapter, folder: string) {
  const targets = linearModules(model.config)
    .map(({ name }) => name)
    .filter((name) => loraA(name) in tensors);
  if (targets.length * 2 !== Object.keys(tensors).length) {
    throw new ModelError(`The adapters in ${folder} change modules that their base model does not have.`);
  }
  const rank = tensors[loraA(targets[0])].shape[0];
  return { rank, alpha: scaling * rank, targets };
}
