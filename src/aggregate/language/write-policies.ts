import path from 'node:path';
import type { HostTensors } from '../../compute/graph/program';
import { writeCheckpoint } from '../../policy/transformer/export/checkpoint';
import { writeAdapter } from '../../policy/transformer/export/peft-adapter';
import { loraA } from '../../policy/transformer/adapter';
import { linearModules } from '../../policy/transformer/lora';
import type { LanguagePolicies } from './language-policies';
import { POLICY_FOLDERS, typeFolder } from './policies';

/**
 * Writes the language models of a run as `readPolicies` reads them: adapters in PEFT's layout or whole checkpoints, and
 * the base where the run made it itself.
 *
 * @param folder `policies/` of the run directory
 * @param source folder of the base model; absent for `scratch`
 */
export async function writePolicies(
  folder: string,
  policies: LanguagePolicies,
  source?: string,
): Promise<void> {
  const { model, types, plain, distilled, scaling } = policies;
  if (source === undefined) await writeCheckpoint(path.join(folder, POLICY_FOLDERS.base), { model });
  const write = async (name: string, parameters: HostTensors | undefined): Promise<void> => {
    if (!parameters) return;
    const to = path.join(folder, name);
    if (scaling === undefined) {
      await writeCheckpoint(to, { model: { ...model, weights: parameters }, source });
    } else {
      const first = linearModules(model.config).find((module) => loraA(module.name) in parameters);
      const rank = first ? parameters[loraA(first.name)].shape[0] : 0;
      await writeAdapter(to, {
        config: model.config,
        tensors: parameters,
        alpha: scaling * rank,
        baseModel: source,
      });
    }
  };
  for (const [k, parameters] of types.entries()) await write(typeFolder(k), parameters);
  await write(POLICY_FOLDERS.plain, plain);
  await write(POLICY_FOLDERS.distilled, distilled);
}
