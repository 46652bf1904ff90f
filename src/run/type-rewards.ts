import path from 'node:path';
import { makeFolder } from '../disk';
import { ModelError } from '../policy/transformer/model-error';
import { openSafetensors } from '../policy/transformer/safetensors/read';
import { writeSafetensors } from '../policy/transformer/safetensors/write';
import type { Alternatives } from '../policy/make-model';
import type { RewardModel } from '../policy/reward-model';
import type { Mixture } from '../training/em';
import { cannotWrite } from './run-error';

/** What a run keeps of its types, so that others can be assigned to them and responses ranked by them. */
export interface TypeRewards {
  /**
   * What `values` are. `responses`, `items`: rewards of these, in the order of the dataset (NaN: not used). `given`: weights of the
   * features that the dataset names. `ngrams`: weights of hashed word n-grams.
   */
  readonly over: 'responses' | 'items' | 'given' | 'ngrams';
  /** η, by type, largest first. */
  readonly shares: Float64Array;
  /** By type. */
  readonly values: readonly Float64Array[];
  /** Of `given`. */
  readonly features?: readonly string[];
}

/** What `mixture` says of responses that the dataset does not hold, too, where rewards are log-linear. */
export function typeRewards(model: RewardModel, alternatives: Alternatives, mixture: Mixture): TypeRewards {
  const { shares, theta, utility } = mixture;
  const { coefficients, parameterNames } = model;
  if (!coefficients) return { over: alternatives.over, shares, values: utility };
  const over = parameterNames ? 'given' : 'ngrams';
  return { over, shares, values: theta.map((each) => coefficients(each)), features: parameterNames };
}

const OVER = ['responses', 'items', 'given', 'ngrams'] as const;

/** `policies/types.safetensors` of a run directory. */
function fileOf(directory: string): string {
  return path.join(directory, 'policies', 'types.safetensors');
}

/** @throws RunError when the folder cannot be written */
export async function writeTypeRewards(directory: string, rewards: TypeRewards): Promise<void> {
  const { over, shares, values, features } = rewards;
  const length = values[0].length;
  const data = new Float64Array(values.length * length);
  values.forEach((each, k) => {
    data.set(each, k * length);
  });
  const file = fileOf(directory);
  try {
    await makeFolder(path.dirname(file), false);
    await writeSafetensors(
      file,
      {
        shares: { shape: [shares.length], dtype: 'float64', data: shares },
        values: { shape: [values.length, length], dtype: 'float64', data },
      },
      { over, ...(features && { features: JSON.stringify(features) }) },
    );
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/**
 * @throws ModelError where the file is missing or damaged
 */
export async function readTypeRewards(directory: string): Promise<TypeRewards> {
  const file = fileOf(directory);
  const opened = await openSafetensors(file);
  try {
    const over = OVER.find((each) => each === opened.metadata.over);
    const shares = await opened.readDoubles('shares');
    const data = await opened.readDoubles('values');
    const shape = opened.tensors.get('values')?.shape ?? [];
    if (over === undefined || shape.length !== 2 || shape[0] !== shares.length) {
      throw new ModelError(`${file} is damaged: it does not hold the rewards of types. Train again.`);
    }
    const values = Array.from(shares, (_, k) => data.subarray(k * shape[1], (k + 1) * shape[1]));
    return { over, shares, values, features: featureNames(opened.metadata.features, file) };
  } finally {
    await opened.close();
  }
}

function featureNames(text: string | undefined, file: string): readonly string[] | undefined {
  if (text === undefined) return undefined;
  try {
    const names: unknown = JSON.parse(text);
    if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  } catch {
    // said below
  }
  throw new ModelError(`${file} is damaged: the names of its features cannot be read. Train again.`);
}
