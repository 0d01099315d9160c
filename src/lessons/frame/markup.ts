/** The little markup of lesson texts, read into pieces. */

export type Piece =
  | { kind: 'text' | 'em' | 'code'; text: string }
  | { kind: 'part' | 'term'; name: string; text: string };

const pattern = /\[\[([^|\]]+)\|([^\]]+)\]\]|\(\(([^|)]+)\|([^)]+)\)\)|\*([^*]+)\*|`([^`]+)`/g;

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) found.push({ kind: 'text', text: text.slice(at, match.index) });
    const [whole, part, partText, term, termText, em, code] = match;
    if (part !== undefined) found.push({ kind: 'part', name: part, text: partText });
    else if (term !== undefined) found.push({ kind: 'term', name: term, text: termText });
    else if (em !== undefined) found.push({ kind: 'em', text: em });
    else found.push({ kind: 'code', text: code });
    at = match.index + whole.length;
  }
  if (at < text.length) found.push({ kind: 'text', text: text.slice(at) });
  return found;
}
