/** How the judge says that it could not do its work, and why. */

export type JudgeErrorCode =
  /** The tests cannot be used: an entry that is no name, an expected value with no canonical text. */
  | 'bad-tests'
  /** No sandbox can be started in this browser. */
  | 'no-sandbox'
  /** The judge was disposed of. */
  | 'closed'
  | 'internal';

/** The judge could not do its work. A program's own failure is a verdict, never this. */
export class JudgeError extends Error {
  readonly code: JudgeErrorCode;
  constructor(code: JudgeErrorCode, message: string) {
    super(message);
    this.name = 'JudgeError';
    this.code = code;
  }
}
