/** Something about a run or its files that the person can mend. The message is a sentence: what, where, what to do. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** The `code` of a Node.js system error, such as ENOENT; undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  EEXIST: 'a file of that name is in the way',
  EIO: 'the disk reports an error',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the path is too long',
};

/** Why the system refused, in words that fit after "because". */
export function systemReason(error: unknown): string {
  const code = systemCode(error);
  return (code && reasons[code]) ?? (error instanceof Error ? error.message : String(error));
}

const GO_ON = 'A run goes on with "emdpo resume" from where it was.';

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: `Make room there. ${GO_ON}`,
  EDQUOT: `Make room there. ${GO_ON}`,
  EIO: `Check the disk, and copy away what matters. ${GO_ON}`,
  EROFS: `Make it writable, or name a folder that is. ${GO_ON}`,
  EACCES: `Make it writable, or name a folder that is. ${GO_ON}`,
  EPERM: `Make it writable, or name a folder that is. ${GO_ON}`,
  ENOENT: 'Make the folder; where it was deleted while a run was writing to it, start the run again.',
};

/**
 * What, why and what to do of a file that the system did not let us write.
 *
 * @returns the error itself where it is none of the system's
 */
export function cannotWrite(file: string, error: unknown): Error {
  const code = systemCode(error);
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  const why = code === 'ENOENT' ? 'its folder is not there' : systemReason(error);
  const remedy = remedies[code];
  return new RunError(`${file} cannot be written because ${why}.${remedy ? ` ${remedy}` : ''}`);
}
