/** Where a row came from, so that its texts can be read again when someone wants to see them. */
export interface Place {
  /** Number of the file. */
  file: number;
  /** Byte position of the record, or row number in a parquet file. */
  offset: number;
  /** Number of the row within its record: most records hold one. */
  part: number;
  /** Bytes of the record; 1 in a parquet file. */
  length: number;
  /** Line on which the record begins, or row number from 1. */
  line: number;
}
