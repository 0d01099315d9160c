/** A formula in Unicode as it is printed: "π_old" has its index lowered. */
export const withIndices = (formula: string) =>
  // Every second piece is an index; a piece has no other name than its place.
  // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a formula never move
  formula.split(/_(\p{L}+)/u).map((piece, i) => (i % 2 === 1 ? <sub key={i}>{piece}</sub> : piece));
