/** The dataset does not have what the experiment asks for. The message is a sentence for the person. */
export class UnfitDataError extends Error {
  override readonly name = 'UnfitDataError';
}
