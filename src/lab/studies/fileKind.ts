/** What a JSON file of experiments and studies is. Where another was expected, it is named, with where it belongs. */

export type FileKind = keyof typeof kinds;

/** What stands after "it is". */
const kinds = {
  study: 'a merged study; open it under “When does filtering pay?”',
  plan: 'the list of a study’s runs; open the folder that it lies in',
  run: 'one run of a study; open the folder of the study, which holds all of them',
  spec: 'a spec, which says what to run, not what came of it',
  summary: 'the summary of an experiment, which is no study: it holds no single run',
} as const;

const formats: Readonly<Record<string, FileKind>> = {
  'filtrate-study/1': 'study',
  'filtrate-plan/1': 'plan',
  'filtrate-study-run/1': 'run',
};

/** Null for a file of another kind. */
export function kindOfFile(content: unknown): FileKind | null {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return null;
  if ('format' in content)
    return typeof content.format === 'string' ? (formats[content.format] ?? null) : null;
  if ('summary' in content && 'spec' in content) return 'summary';
  return 'arms' in content || 'grid' in content || 'preset' in content ? 'spec' : null;
}

/** "it is a spec, which says what to run, not what came of it." */
export function kindInWords(content: unknown): string {
  const kind = kindOfFile(content);
  if (kind) return `it is ${kinds[kind]}.`;
  const format = (content as { format?: unknown } | null)?.format;
  return typeof format === 'string' && format.startsWith('filtrate-')
    ? `it is ${format}, which this version does not read.`
    : 'it was not written by Filtrate.';
}
