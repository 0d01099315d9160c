/** Finds what somebody means by a few letters: all words must occur; beginnings of words count most. */

function rank(query: string, text: string): number {
  let total = 0;
  for (const word of query.toLowerCase().split(/\s+/)) {
    if (word === '') continue;
    const at = text.indexOf(word);
    if (at < 0) return -1;
    const starts = at === 0 || !/[a-z0-9]/.test(text[at - 1]);
    total += (starts ? 100 : 10) - Math.min(9, at / 10);
  }
  return total;
}

/** The items that match, best first; in their own order for an empty query. */
export function search<Item>(query: string, items: readonly Item[], textOf: (item: Item) => string): Item[] {
  return items
    .map((item, index) => ({ item, index, rank: rank(query, textOf(item).toLowerCase()) }))
    .filter((each) => each.rank >= 0)
    .sort((a, b) => b.rank - a.rank || a.index - b.index)
    .map((each) => each.item);
}
