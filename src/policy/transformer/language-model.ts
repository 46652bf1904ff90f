import type { HostTensors } from '../../compute/graph/program';

/** Parameters by their Hugging Face names (`model.layers.0.self_attn.q_proj.weight`), f32, in the checkpoint's own layout. */
export type Weights = HostTensors;

/** What a decoder is made of, whichever family it is from. Sizes in numbers of units. */
export interface TransformerConfig {
  readonly family: 'gpt2' | 'llama' | 'mistral' | 'qwen2';
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  /** Heads of keys and values; fewer than `heads` in grouped-query attention. */
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** Width of the feed-forward part. */
  readonly intermediate: number;
  readonly vocabulary: number;
  /** Longest sequence the positions allow, in tokens. */
  readonly positions: number;
  /** ε of layer norm or RMSNorm. */
  readonly normEpsilon: number;
  /** The output head is the token embedding. */
  readonly tied: boolean;
  /** Of the feed-forward part; absent: the family's own (tanh-approximated GELU in GPT-2, SiLU in the others). */
  readonly activation?: 'gelu' | 'gelu-tanh' | 'relu' | 'silu';
  /** Biases of the query, key and value projections (Qwen2); GPT-2 has biases everywhere. */
  readonly attentionBias: boolean;
  /** Bias of the attention's output projection, too (some Llamas). */
  readonly attentionOutputBias?: boolean;
  /** Biases in the feed-forward part (some Llamas). */
  readonly feedForwardBias?: boolean;
  /** Of rotary embeddings; absent where positions are learned. */
  readonly rotary?: Rotary;
  /** Tokens before this one that attention reaches; absent: all. */
  readonly slidingWindow?: number;
}

export interface Rotary {
  readonly theta: number;
  readonly scaling?:
    | { readonly kind: 'linear'; readonly factor: number }
    | { readonly kind: 'dynamic'; readonly factor: number; readonly originalPositions: number }
    | {
        readonly kind: 'llama3';
        readonly factor: number;
        readonly lowFrequencyFactor: number;
        readonly highFrequencyFactor: number;
        readonly originalPositions: number;
      };
}

export interface Tokenizer {
  readonly vocabulary: number;
  /** Ends a response. */
  readonly endOfText: number;
  /** Token ids of the text alone, no special tokens added. */
  encode(text: string): Int32Array;
  decode(tokens: ArrayLike<number>): string;
  /** Token ids of a prompt as the model expects it before a response: chat template or plain text with its first token. */
  encodePrompt(prompt: string): Int32Array;
}

export interface LanguageModel {
  /** Folder name or `scratch`, for the person. */
  readonly name: string;
  readonly config: TransformerConfig;
  readonly weights: Weights;
  readonly tokenizer: Tokenizer;
  /** SHA-256 over config, tokenizer and weights: the key of cached reference log-probabilities. */
  readonly hash: string;
}
