/** Training cannot go on. The message is a sentence for the person. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
}
