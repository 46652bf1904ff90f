import type { Position } from '../protocol/finding';

/**
 * The dataset cannot be opened at all: the system refuses it, or what the caller asked for does not exist. Whatever
 * concerns the content is a `form/…` finding instead. The message is a sentence for the person.
 */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';

  constructor(
    message: string,
    readonly position?: Position,
  ) {
    super(message);
  }
}

/** The sentence for what the operating system answered when `path` was opened or read. */
export function refusal(path: string, error: unknown): DatasetError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return new DatasetError(`There is no file ${path}. Check the path.`);
    case 'ENOTDIR':
      return new DatasetError(`There is no file ${path}: a part of the path is a file, not a folder.`);
    case 'EISDIR':
      return new DatasetError(`${path} is a folder. Name the dataset file inside it.`);
    case 'EACCES':
    case 'EPERM':
      return new DatasetError(
        `${path} may not be read: permission denied. Change its permissions or copy it.`,
      );
    default:
      return new DatasetError(
        `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      );
  }
}
