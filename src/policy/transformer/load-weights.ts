import type { HostTensor } from '../../compute/graph/program';
import type { TransformerConfig, Weights } from './language-model';
import { ModelError } from './model-error';
import { parameterShapes } from './parameters';
import { openCheckpoint } from './safetensors/checkpoint';

/** Constants that older versions of transformers kept among the weights. */
const BUFFERS = /(\.attn\.(bias|masked_bias)|rotary_emb\.inv_freq)$/;

/**
 * Reads the weights of a checkpoint that fit a configuration, all of them and no others.
 *
 * @throws ModelError naming a tensor that is missing, unknown or of another shape
 */
export async function loadWeights(folder: string, config: TransformerConfig): Promise<Weights> {
  const expected = parameterShapes(config);
  const checkpoint = await openCheckpoint(folder);
  try {
    const stored = new Map([...checkpoint.shapes.keys()].map((name) => [parameterName(config, name), name]));
    checkNames(config, expected, stored, folder);
    const weights: Record<string, HostTensor> = {};
    for (const [name, shape] of Object.entries(expected)) {
      const source = stored.get(name)!;
      const found = checkpoint.shapes.get(source)!;
      if (found.join() !== shape.join()) {
        throw new ModelError(
          `Tensor "${source}" of ${folder} has the shape [${found.join(', ')}]; its config.json says [${shape.join(', ')}].`,
        );
      }
      weights[name] = await checkpoint.read(source);
    }
    return weights;
  } finally {
    await checkpoint.close();
  }
}

/** GPT-2's published files leave the `transformer.` out. */
function parameterName(config: TransformerConfig, name: string): string {
  if (config.family !== 'gpt2' || /^(transformer|lm_head)\./.test(name)) return name;
  return `transformer.${name}`;
}

function checkNames(
  config: TransformerConfig,
  expected: Readonly<Record<string, unknown>>,
  stored: ReadonlyMap<string, string>,
  folder: string,
): void {
  const missing = Object.keys(expected).find((name) => !stored.has(name));
  if (missing !== undefined) {
    const hint =
      missing === 'lm_head.weight'
        ? ` Where the head is the token embedding, "tie_word_embeddings" must be true.`
        : '';
    throw new ModelError(`${folder} has no tensor "${missing}", which its config.json asks for.${hint}`);
  }
  const known = (name: string) =>
    Object.hasOwn(expected, name) || BUFFERS.test(name) || (config.tied && name === 'lm_head.weight');
  const unknown = [...stored].find(([name]) => !known(name));
  if (unknown) {
    throw new ModelError(
      `${folder} has a tensor "${unknown[1]}" that no ${config.family} model of its config.json has. ` +
        `The checkpoint has more than is supported.`,
    );
  }
}
