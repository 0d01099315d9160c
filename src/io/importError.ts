/** Why a whole file could not be read. Single bad rows are no error: they are dropped, counted and listed. */
export type ImportErrorCode =
  | 'empty'
  | 'binary'
  | 'encoding'
  | 'compressed'
  | 'shape'
  | 'columns'
  | 'parquet'
  | 'cancelled';

/** The message says what is wrong with the file and what to do about it. */
export class ImportError extends Error {
  readonly code: ImportErrorCode;

  constructor(code: ImportErrorCode, message: string) {
    super(message);
    this.name = 'ImportError';
    this.code = code;
  }
}
