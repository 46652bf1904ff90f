import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { POLICY_FOLDERS, policyFolders } from '../../aggregate/language/policies';
import { writeCheckpoint } from '../../policy/transformer/export/checkpoint';
import { ADAPTER_CONFIG, readAdapter } from '../../policy/transformer/export/peft-adapter';
import { parseObject } from '../../policy/transformer/json-file';
import type { LanguageModel } from '../../policy/transformer/language-model';
import { loadModel } from '../../policy/transformer/load-model';
import { copyInto, makeFolder, renameOver, temporaryName } from '../../disk';
import { writeAtomic } from '../atomic';
import { toJson } from '../checked';
import { RunError, systemCode, systemReason } from '../run-error';

/** A language model that was written. */
export interface ExportedPolicy {
  readonly policy: string;
  /** `base`: the frozen model of the adapters. `checkpoint`: a whole model as it was trained. `merged`: adapter in base. */
  readonly kind: 'base' | 'adapter' | 'checkpoint' | 'merged';
  /** Inside the folder of the export. */
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

/** The language models of a run: where they are, and which of them can be exported. */
export interface PolicySource {
  /** `policies/` of the run directory. */
  readonly folder: string;
  /** Folder of the model that the run was trained from; absent where the run made it. */
  readonly model?: string;
  /** type1, type2, …, plain-dpo, distilled: those that are there. */
  readonly names: readonly string[];
  /** Whole checkpoints, or adapters over a base. */
  readonly whole: boolean;
  /** Those to be merged with their base. */
  readonly merged: readonly string[];
}

/**
 * Finds the language models of a run and those that are to be merged.
 *
 * @param model folder that the experiment names; absent for `scratch`
 * @param wanted names of policies to be merged; all of them where it is true
 * @throws RunError where there are none; RangeError where a name is unknown
 */
export async function policySource(
  folder: string,
  model: string | undefined,
  wanted: readonly string[] | boolean,
): Promise<PolicySource> {
  const names = await policyFolders(folder);
  if (!names.some((name) => name.startsWith('type'))) {
    throw new RunError(`There are no language models in ${folder}: the run has lost its policies.`);
  }
  const whole = !(await readdir(path.join(folder, names[0]))).includes(ADAPTER_CONFIG);
  const merged = wanted === true ? names : wanted === false ? [] : [...new Set(wanted)];
  if (whole && merged.length > 0) {
    throw new RunError(
      `The policies in ${folder} are whole checkpoints, which the export copies as they are: there is nothing to merge. Leave --merged out.`,
    );
  }
  const unknown = merged.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`The run has no policy "${unknown}" to merge. It has ${names.join(', ')}.`);
  }
  return { folder, model, names, whole, merged };
}

/**
 * Copies the language models of a run to `policies/`, and writes those to be merged to `merged/`, each a whole model.
 *
 * @param out folder of the export
 * @throws RunError or ModelError; the signal's reason when it is aborted
 */
export async function exportPolicies(
  { folder, model, names, whole, merged }: PolicySource,
  out: string,
  signal?: AbortSignal,
): Promise<ExportedPolicy[]> {
  const exported: ExportedPolicy[] = [];
  const write = async (
    policy: string,
    kind: ExportedPolicy['kind'],
    fill: (part: string) => Promise<void>,
  ): Promise<void> => {
    signal?.throwIfAborted();
    const inside = `${kind === 'merged' ? 'merged' : 'policies'}/${policy}`;
    await wholeFolder(path.join(out, inside), fill);
    exported.push({ policy, kind, folder: inside, ...(await sizeOf(path.join(out, inside))) });
  };
  const own = path.join(folder, POLICY_FOLDERS.base);
  const base = model ?? own;
  // PEFT takes a relative name from where it is run, so that only a whole one always works
  const baseName = model ?? path.join(out, 'policies', POLICY_FOLDERS.base);
  if (!whole && model === undefined) await write(POLICY_FOLDERS.base, 'base', (part) => copyFiles(own, part));
  for (const name of names) {
    await write(name, whole ? 'checkpoint' : 'adapter', async (part) => {
      await copyFiles(path.join(folder, name), part);
      if (!whole) await nameBase(part, baseName);
    });
  }
  let loaded: LanguageModel | undefined;
  for (const name of merged) {
    loaded ??= await loadModel(base);
    const request = { model: loaded, adapter: await readAdapter(path.join(folder, name)), source: base };
    await write(name, 'merged', (part) => writeCheckpoint(part, request));
  }
  return exported;
}

/** Writes a folder under another name first: it is there with all its files, or not at all. */
async function wholeFolder(folder: string, fill: (part: string) => Promise<void>): Promise<void> {
  const part = temporaryName(folder);
  try {
    await makeFolder(part);
    await fill(part);
    await renameOver(part, folder);
  } catch (error) {
    await rm(part, { recursive: true, force: true }).catch(() => undefined);
    if (systemCode(error) === undefined) throw error;
    throw new RunError(`${folder} cannot be written because ${systemReason(error)}.`);
  }
}

async function copyFiles(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) await copyInto(to, path.join(from, name));
}

/** Says in an adapter's configuration where its base model is now. */
async function nameBase(folder: string, base: string): Promise<void> {
  const file = path.join(folder, ADAPTER_CONFIG);
  const config = parseObject(await readFile(file, 'utf8'), file);
  await writeAtomic(file, toJson({ ...config, base_model_name_or_path: base }));
}

async function sizeOf(folder: string): Promise<{ files: number; bytes: number }> {
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(folder, name))).size));
  return { files: names.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
