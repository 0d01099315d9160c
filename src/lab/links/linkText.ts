/** Long texts in addresses: filter functions and drawn curves travel deflated, in letters that addresses may hold. */
import { deflateSync, Inflate, strFromU8, strToU8 } from 'fflate';

const long = 60;
/** More than the longest text that a knob takes; a packed text that grows further is refused. */
const mostBytes = 1 << 16;

/** A text as links carry it: short ones as they are, long ones deflated behind "z:". */
export function pack(text: string): string {
  if (text.length < long && !text.startsWith('z:')) return text;
  const bytes = deflateSync(strToU8(text), { level: 9 });
  const base64 = btoa(String.fromCharCode(...bytes));
  return `z:${base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/** The text of a link's value; null when it is damaged, or would grow beyond what any knob takes. */
export function unpack(text: string): string | null {
  if (!text.startsWith('z:')) return text;
  try {
    const binary = atob(text.slice(2).replaceAll('-', '+').replaceAll('_', '/'));
    return strFromU8(inflated(Uint8Array.from(binary, (character) => character.charCodeAt(0))));
  } catch {
    return null;
  }
}

/** Unpack this many bytes at a time, checking the size after each. */
const bite = 512;

/** @throws when the bytes are damaged or end early, or as soon as more than `mostBytes` have come out of them */
function inflated(packed: Uint8Array): Uint8Array {
  const out: Uint8Array[] = [];
  let size = 0;
  let whole = false;
  const inflate = new Inflate((chunk, last) => {
    out.push(chunk);
    size += chunk.length;
    whole = last;
  });
  for (let from = 0; from < packed.length; from += bite) {
    inflate.push(packed.subarray(from, from + bite), from + bite >= packed.length);
    if (size > mostBytes) throw new RangeError('The text is too long.');
  }
  if (!whole) throw new RangeError('The text ends early.');
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of out) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
