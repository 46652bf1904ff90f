import { fieldsOf } from './config-fields';
import { isJsonObject, type JsonObject } from './json-file';
import type { Rotary } from './language-model';
import { ModelError } from './model-error';

const THETA = 10_000;

/**
 * Rotary embeddings of a config.json: `rope_parameters` (transformers 5), or `rope_theta` with `rope_scaling`.
 *
 * @throws ModelError naming a kind of scaling that is not supported
 */
export function rotaryOf(json: JsonObject, positions: number, file: string): Rotary {
  const nested = json.rope_parameters ?? json.rope_scaling ?? {};
  if (!isJsonObject(nested)) {
    throw new ModelError(
      `The scaling of rotary embeddings in ${file} must be an object, not ${JSON.stringify(nested)}.`,
    );
  }
  const fields = fieldsOf(nested, `the scaling of rotary embeddings of ${file}`);
  const outer = fieldsOf(json, file);
  const share = fields.positive('partial_rotary_factor', outer.positive('partial_rotary_factor', 1));
  if (share !== 1) {
    throw new ModelError(
      `${file} rotates only a part of each head (partial_rotary_factor ${share}), which is not supported.`,
    );
  }
  const theta = fields.positive('rope_theta', outer.positive('rope_theta', THETA));
  const kind = fields.text('rope_type', fields.text('type', 'default'));
  const original = () =>
    fields.count(
      'original_max_position_embeddings',
      outer.count('original_max_position_embeddings', positions),
    );
  switch (kind) {
    case 'default':
      return { theta };
    case 'linear':
      return { theta, scaling: { kind, factor: fields.positive('factor') } };
    case 'dynamic':
      return { theta, scaling: { kind, factor: fields.positive('factor'), originalPositions: original() } };
    case 'llama3': {
      const low = fields.positive('low_freq_factor');
      const high = fields.positive('high_freq_factor');
      if (high <= low) {
        throw new ModelError(
          `${file}: "high_freq_factor" must be above "low_freq_factor", but they are ${high} and ${low}.`,
        );
      }
      return {
        theta,
        scaling: {
          kind,
          factor: fields.positive('factor'),
          lowFrequencyFactor: low,
          highFrequencyFactor: high,
          originalPositions: original(),
        },
      };
    }
    default:
      throw new ModelError(
        `${file} scales rotary embeddings by "${kind}". Supported are default, linear, dynamic and llama3.`,
      );
  }
}
