/** What the columns leave open: two guesses are close, and a person knows. */

export interface ColumnQuestion {
  role: 'reward' | 'score';
  /** A whole sentence that ends in a question mark. */
  text: string;
  /** Columns or rewards made of several, the likeliest first. For the score, "none" is an answer as well. */
  candidates: string[];
}

/** The question on one line of a terminal, with the options that answer it. */
export function inTerminal(file: string, { role, text, candidates }: ColumnQuestion): string {
  const quoted = candidates.map((candidate) =>
    /^[\w.@/-]+$/.test(candidate) ? candidate : `'${candidate}'`,
  );
  const options = [...quoted, ...(role === 'score' ? ['none'] : [])].map((value) => `--${role} ${value}`);
  const last = options.pop();
  return `${file}: ${text} Give ${options.length > 0 ? `${options.join(', ')} or ${last}` : last}.`;
}
