/** An answer that is not what was asked for: a status and words for the holder. */
export class ActionFailure extends Error {
  override readonly name = 'ActionFailure';

  constructor(
    /** HTTP status: 400 for input that cannot be read, 422 for what the chain would refuse. */
    readonly status: 400 | 422 | 503,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
