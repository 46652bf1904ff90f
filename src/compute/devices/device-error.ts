/** A device cannot be used or set up; the message is a sentence for the person. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
}
