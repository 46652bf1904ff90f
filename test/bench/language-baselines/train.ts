import path from 'node:path';
import type { LanguagePolicies } from '../../../src/aggregate/language/language-policies';
import { openDevice } from '../../../src/compute/devices/open';
import type { Executor } from '../../../src/compute/graph/executor';
import { readDataset } from '../../../src/dataset/read';
import type { LanguageExperiment } from '../../../src/protocol/experiment';
import { knownTypes } from '../../../src/run/baselines/known-types';
import { readExperiment } from '../../../src/run/experiment';
import { checkpointFolder } from '../../../src/run/checkpoint-folder';
import { openModel } from '../../../src/run/language/open-model';
import type { KnownTypes } from '../../../src/training/baselines/methods';
import { trainMethods, type LanguageMethod } from '../../../src/training/language/methods';
import { loraPolicy } from '../../../src/training/language/transformer-policy';

export interface ComparedModels {
  readonly methods: readonly LanguageMethod[];
  readonly known: KnownTypes;
  readonly base: Pick<LanguagePolicies, 'model' | 'trainable' | 'scaling'>;
  readonly experiment: LanguageExperiment;
  readonly executor: Executor;
}

/** Every method on all records of a dataset. The executor is the caller's to dispose of. */
export async function trainedMethods(file: string, folder: string, threads: number): Promise<ComparedModels> {
  const request = await readExperiment(file);
  const { table } = await readDataset(request.dataset.path, {});
  const { policy } = request;
  if (policy.kind !== 'transformer') throw new Error('The control trains language models.');
  const experiment: LanguageExperiment = {
    ...request,
    policy,
    dataset: { ...request.dataset, unranked: table.unranked },
  };
  const executor = await openDevice('onnxruntime/cpu', threads);
  const hooks = { signal: new AbortController().signal, emit: () => undefined };
  const files = checkpointFolder(path.join(folder, `checkpoint-${experiment.seed}`));
  const { model, data } = await openModel(table, experiment, executor, files, hooks);
  const known = knownTypes(table, undefined, data.problem)?.types;
  if (!known || typeof experiment.types !== 'number') throw new Error('The control names its types.');
  const trainable = loraPolicy(model, policy.lora);
  const methods = await trainMethods({
    data,
    policy: trainable,
    modelHash: model.hash,
    executor,
    beta: experiment.beta,
    seed: experiment.seed,
    options: {
      types: experiment.types,
      rounds: policy.rounds,
      crossFit: policy.crossFit,
      optimizer: policy.optimizer,
      prior: experiment.em.prior,
      starts: experiment.em.starts,
    },
    annotators: table.annotators.size,
    known,
    ...hooks,
  });
  const scaling = policy.lora.alpha / policy.lora.rank;
  return { methods, known, base: { model, trainable, scaling }, experiment, executor };
}
