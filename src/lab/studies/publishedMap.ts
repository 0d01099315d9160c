/** map.json: the merged study that comes with the page. */
import { readStudy, type Study } from './study.ts';

/**
 * Null when the file is not there.
 * @param fetchBytes reads a file beside the page; null when there is none
 * @throws StudyFileError
 */
export async function publishedMap(
  fetchBytes: (path: string) => Promise<Uint8Array<ArrayBuffer> | null>,
): Promise<Study | null> {
  const bytes = await fetchBytes('map.json');
  return bytes && readStudy(new TextDecoder().decode(bytes));
}
