/** A model cannot be used: its folder, configuration, weights or tokenizer. The message is a sentence for the person. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

/** What an unknown error says. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
