/** Codecs of parquet pages that few files have. A file of its own, so that the build knows what is loaded only for them. */

import type { Compressors } from 'hyparquet';
import { decompressBrotli, decompressLz4, decompressLz4Raw, decompressZstd } from 'hyparquet-compressors';

export const rareCodecs: Compressors = {
  BROTLI: decompressBrotli,
  LZ4: decompressLz4,
  LZ4_RAW: decompressLz4Raw,
  ZSTD: (input) => decompressZstd(input),
};
