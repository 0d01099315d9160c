/**
 * BLEU (Papineni et al. 2002) between token sequences, and self-BLEU (Texygen, arXiv 1802.01886): how much a text of a batch
 * repeats the others. One minus it is how different the texts are.
 */

const orders = 4;

/**
 * BLEU of a text against several references: the geometric mean of the clipped precisions of n-grams, n up to 4 or the
 * text's length, times the brevity penalty. A text without a common n-gram of some order has 0: nothing is smoothed.
 */
export function bleu(text: ArrayLike<number>, references: readonly ArrayLike<number>[]): number {
  if (text.length === 0 || references.length === 0) return 0;
  const highest = Math.min(orders, text.length);
  let logs = 0;
  for (let n = 1; n <= highest; n++) {
    const most = new Map<string, number>();
    for (const reference of references)
      for (const [gram, count] of gramsOf(reference, n)) most.set(gram, Math.max(most.get(gram) ?? 0, count));
    let common = 0;
    for (const [gram, count] of gramsOf(text, n)) common += Math.min(count, most.get(gram) ?? 0);
    if (common === 0) return 0;
    logs += Math.log(common / (text.length - n + 1)) / highest;
  }
  const distance = (length: number) => Math.abs(length - text.length);
  const closest = references
    .map(({ length }) => length)
    .reduce((best, length) =>
      distance(length) < distance(best) || (distance(length) === distance(best) && length < best)
        ? length
        : best,
    );
  return Math.exp(logs) * Math.min(1, Math.exp(1 - closest / text.length));
}

/** BLEU of each text against all the others; 0 for a text that stands alone. */
export function selfBleu(texts: readonly ArrayLike<number>[]): Float32Array {
  return Float32Array.from(texts, (text, i) => bleu(text, texts.toSpliced(i, 1)));
}

function gramsOf(text: ArrayLike<number>, n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= text.length; i++) {
    let gram = '';
    for (let j = i; j < i + n; j++) gram += `${text[j]} `;
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}
