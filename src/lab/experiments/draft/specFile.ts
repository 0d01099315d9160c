/**
 * Reads a spec from a file that a person drops on the form. The form takes it only when all of it is understood: a file
 * with a fault changes nothing, so that a slip of the mouse costs no work.
 */
import { type ExperimentInput, parseSpec, SpecError } from '../../settings/experimentSpec.ts';
import type { SettingIssue } from '../../settings/refusal.ts';
import { kindInWords, kindOfFile } from '../../studies/fileKind.ts';
import { draftFromJson } from './draft.ts';

/** Far longer than any spec. A person picked a larger file by mistake, so it is not read. */
const mostBytes = 1e6;
/** Faults that are listed; a file of another kind may have thousands. */
const mostIssues = 8;

export type SpecFile = { draft: ExperimentInput } | { draft: null; issues: SettingIssue[] };

/** The spec in a file, or what is wrong with it: first that it was not taken, then every fault with its field. */
export async function readSpecFile(file: Pick<File, 'name' | 'size' | 'text'>): Promise<SpecFile> {
  const refused = (why: string, issues: readonly SettingIssue[] = []): SpecFile => ({
    draft: null,
    issues: [
      { field: file.name, message: `${why} The form stays as it was.` },
      ...issues.map(({ field, message }) => ({ field: `${file.name}: ${field}`, message })),
    ],
  });
  if (file.size > mostBytes) {
    return refused(`is no spec: it is ${(file.size / 1e6).toFixed(1)} MB, and a spec a few lines.`);
  }
  try {
    const draft = draftFromJson(await file.text());
    const kind = kindOfFile(draft);
    if (kind !== null && kind !== 'spec') return refused(`is no spec: ${kindInWords(draft)}`);
    parseSpec(draft);
    return { draft };
  } catch (thrown) {
    if (thrown instanceof SpecError) {
      const { issues } = thrown;
      const count = issues.length === 1 ? 'one fault' : `${issues.length} faults`;
      const more = issues.length > mostIssues ? `, the first ${mostIssues} of them here` : '';
      return refused(`was not taken: ${count}${more}.`, issues.slice(0, mostIssues));
    }
    // A SyntaxError says where the JSON breaks off, a DOMException why the file cannot be read.
    if (thrown instanceof SyntaxError || thrown instanceof DOMException) {
      return refused(`is no spec: ${thrown.message.replace(/\.?$/, '.')}`);
    }
    throw thrown;
  }
}
