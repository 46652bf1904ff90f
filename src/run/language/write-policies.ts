import path from 'node:path';
import { makeFolder } from '../../disk';
import type { LanguagePolicies } from '../../aggregate/language/language-policies';
import { POLICY_FOLDERS, typeFolder } from '../../aggregate/language/policies';
import type { HostTensors } from '../../compute/graph/program';
import { writeCheckpoint } from '../../policy/transformer/export/checkpoint';
import { writeAdapter } from '../../policy/transformer/export/peft-adapter';
import type { TransformerPolicy } from '../../protocol/experiment';
import { cannotWrite } from '../run-error';

/**
 * Writes the language models of a run into its `policies/`: adapters in PEFT's layout, or whole checkpoints.
 *
 * @throws RunError where they cannot be written
 */
export async function writePolicies(
  folder: string,
  policies: LanguagePolicies,
  choice: TransformerPolicy,
): Promise<void> {
  try {
    // the run directory itself is never made again: who deleted it wants no part of it back
    await makeFolder(folder, false);
    await writeInto(folder, policies, choice);
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

async function writeInto(
  folder: string,
  policies: LanguagePolicies,
  choice: TransformerPolicy,
): Promise<void> {
  const { model } = policies;
  const source = choice.model === 'scratch' ? undefined : choice.model;
  const base = path.join(folder, POLICY_FOLDERS.base);
  // a model from a folder stays there
  if (source === undefined) await writeCheckpoint(base, { model });
  const named: [string, HostTensors | undefined][] = [
    ...policies.types.map((tensors, k): [string, HostTensors] => [typeFolder(k), tensors]),
    [POLICY_FOLDERS.plain, policies.plain],
    [POLICY_FOLDERS.distilled, policies.distilled],
  ];
  for (const [name, tensors] of named) {
    if (tensors === undefined) continue;
    const own = path.join(folder, name);
    if (choice.train === 'full')
      await writeCheckpoint(own, { model: { ...model, weights: tensors }, source });
    else {
      await writeAdapter(own, {
        config: model.config,
        tensors,
        alpha: choice.lora.alpha,
        baseModel: source ?? `../${POLICY_FOLDERS.base}`,
      });
    }
  }
}
