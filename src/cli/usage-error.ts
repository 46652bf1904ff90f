/** The command line asks for something that makes no sense. Ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
