/** Two formulas word by word: what they share, and what only one of them has. */

export interface Word {
  text: string;
  /** The other formula has it at the same place in the order. */
  shared: boolean;
}

/** Words, numbers and signs; blanks stay with what stands before them. */
const split = (formula: string): string[] =>
  formula.match(/[\p{L}\p{M}\p{N}_*′]+\s*|[^\p{L}\p{M}\p{N}\s]\s*|\s+/gu) ?? [];

/** The longest common sequence of words is shared. */
export function formulaWords(a: string, b: string): [Word[], Word[]] {
  const [left, right] = [split(a), split(b)];
  const same = (i: number, j: number) => left[i].trim() === right[j].trim();
  const longest = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      longest[i][j] = same(i, j) ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  const shared: [Set<number>, Set<number>] = [new Set(), new Set()];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    if (same(i, j)) {
      shared[0].add(i++);
      shared[1].add(j++);
    } else if (longest[i + 1][j] >= longest[i][j + 1]) i++;
    else j++;
  }
  const words = (texts: string[], which: 0 | 1) =>
    texts.map((text, i) => ({ text, shared: shared[which].has(i) }));
  return [words(left, 0), words(right, 1)];
}
