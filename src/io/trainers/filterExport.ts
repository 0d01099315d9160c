/** What an export to a trainer is made from, and what it consists of. */

export interface ExportFile {
  name: string;
  language: 'python' | 'yaml' | 'shell' | 'toml';
  text: string;
}

export interface FilterExport {
  files: ExportFile[];
  /** What a person must know before using them, most important first. */
  warnings: string[];
}

/** What an export may fill in beside the filter. */
export interface TrainingContext {
  /** Responses per prompt (N). */
  responses: number;
  temperature: number;
  /** KL cost. */
  beta: number;
  clip: number;
  valueClip: number;
  gamma: number;
  lambda: number;
  /** Whether advantages are compared with all that was sampled, or with what the filter kept. */
  normalise: 'before' | 'after';
}

/** What the first lines of every file say. */
export interface Opening {
  /** What it changes in the trainer. */
  changes: string;
  /** What it cannot do. */
  cannot: readonly string[];
  /** How to see that it works. */
  see: string;
  /** Which versions it was read in, and what is not known. */
  versions: string;
}

/** The opening of a file as comments. */
export function opening({ changes, cannot, see, versions }: Opening): string {
  const lines = [
    ...wrapped(`Changes: ${changes}`, '  '),
    'Cannot:',
    ...cannot.flatMap((one) => wrapped(`- ${one}`, '  ')),
    ...wrapped(`To see that it works: ${see}`, '  '),
    ...wrapped(`Versions: ${versions}`, '  '),
  ];
  return lines.map((line) => `# ${line}`).join('\n');
}

/** A text in lines of at most 110 characters, those after the first indented. */
function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && `${line} ${word}`.length > 110) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
