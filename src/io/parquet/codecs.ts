/**
 * What a compressed parquet page is unpacked with. Snappy is known to the reader and gzip to the library at hand;
 * Brotli, LZ4 and Zstandard are loaded only for a file that needs them, because Brotli alone brings its dictionary.
 */
import { gunzipSync } from 'fflate';
import type { Compressors, FileMetaData } from 'hyparquet';

const common: Compressors = { GZIP: (input) => gunzipSync(input) };

const rare = ['BROTLI', 'LZ4', 'LZ4_RAW', 'ZSTD'] as const;

/** The codecs that the columns of a file need. */
export async function compressorsFor({ row_groups }: FileMetaData): Promise<Compressors> {
  const needsRare = row_groups.some(({ columns }) =>
    columns.some(({ meta_data }) => rare.some((codec) => codec === meta_data?.codec)),
  );
  if (!needsRare) return common;
  const { rareCodecs } = await import('./rareCodecs.ts');
  return { ...common, ...rareCodecs };
}
