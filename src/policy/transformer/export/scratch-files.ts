import { byteTokenizer, SEPARATOR } from '../byte-tokenizer';
import type { TransformerConfig } from '../language-model';

const END = '<|end|>';
const BETWEEN = '<|separator|>';

/**
 * The files that make the scratch model one that transformers loads: a Llama, and a byte-level BPE tokenizer without
 * merges whose 256 first tokens are the bytes.
 *
 * @returns contents by file name
 */
export function scratchFiles(config: TransformerConfig): Record<string, unknown> {
  return {
    'config.json': {
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      num_hidden_layers: config.layers,
      hidden_size: config.hidden,
      num_attention_heads: config.heads,
      num_key_value_heads: config.keyValueHeads,
      head_dim: config.headSize,
      intermediate_size: config.intermediate,
      hidden_act: 'silu',
      vocab_size: config.vocabulary,
      max_position_embeddings: config.positions,
      rms_norm_eps: config.normEpsilon,
      rope_theta: config.rotary?.theta,
      tie_word_embeddings: config.tied,
      attention_bias: false,
      mlp_bias: false,
      bos_token_id: null,
      eos_token_id: byteTokenizer.endOfText,
      torch_dtype: 'float32',
    },
    'tokenizer.json': {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: [added(byteTokenizer.endOfText, END), added(SEPARATOR, BETWEEN)],
      normalizer: null,
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      post_processor: null,
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        vocab: { ...byteVocabulary(), [END]: byteTokenizer.endOfText, [BETWEEN]: SEPARATOR },
        merges: [],
      },
    },
    'tokenizer_config.json': {
      tokenizer_class: 'PreTrainedTokenizerFast',
      eos_token: END,
      pad_token: END,
      model_max_length: config.positions,
      clean_up_tokenization_spaces: false,
      chat_template:
        `{% for message in messages %}{{ message['content'] }}` +
        `{% if message['role'] == 'assistant' %}${END}{% else %}${BETWEEN}{% endif %}{% endfor %}`,
    },
  };
}

function added(id: number, content: string): Record<string, unknown> {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

/** The printable character that stands for each byte in byte-level BPE (`bytes_to_unicode` of GPT-2). */
function byteVocabulary(): Record<string, number> {
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 0x100;
  return Object.fromEntries(
    Array.from({ length: 256 }, (_, byte) => [String.fromCharCode(printable(byte) ? byte : next++), byte]),
  );
}
