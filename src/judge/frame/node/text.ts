/** `btoa`, `atob`, `TextEncoder` and `TextDecoder`, which only one of the two engines has by itself. */
const { apply } = Reflect;
const { fromCharCode, fromCodePoint } = String;
const { charCodeAt, codePointAt, indexOf } = String.prototype;
const NativeUint8Array = Uint8Array;
const NativeArrayBuffer = ArrayBuffer;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function refuse(name: string, message: string): never {
  const error = new Error(message);
  Object.defineProperty(error, 'name', { value: name, writable: true, configurable: true });
  throw error;
}

export function btoa(data: unknown): string {
  return base64Of(bytesOfText(`${data}`));
}

export function atob(data: unknown): string {
  const bytes = bytesOfBase64(`${data}`);
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += fromCharCode(bytes[i]);
  return text;
}

function bytesOfText(text: string): number[] {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = apply(charCodeAt, text, [i]) as number;
    if (code > 255) refuse('InvalidCharacterError', 'Invalid character');
    bytes[i] = code;
  }
  return bytes;
}

function base64Of(bytes: ArrayLike<number>): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const block = (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0);
    text += alphabet[block >> 18] + alphabet[(block >> 12) & 63];
    text += left > 1 ? alphabet[(block >> 6) & 63] : '=';
    text += left > 2 ? alphabet[block & 63] : '=';
  }
  return text;
}

function bytesOfBase64(text: string): number[] {
  const digits: number[] = [];
  let padding = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === ' ' || char === '\t' || char === '\n' || char === '\f' || char === '\r') continue;
    if (char === '=') {
      padding++;
      continue;
    }
    const digit = apply(indexOf, alphabet, [char]) as number;
    if (digit < 0 || padding > 0)
      refuse('InvalidCharacterError', 'The string to be decoded is not correctly encoded.');
    digits[digits.length] = digit;
  }
  const isPadded = padding === 0 || (padding <= 2 && (digits.length + padding) % 4 === 0);
  if (digits.length % 4 === 1 || !isPadded)
    refuse('InvalidCharacterError', 'The string to be decoded is not correctly encoded.');
  const bytes: number[] = [];
  let block = 0;
  let bits = 0;
  for (let i = 0; i < digits.length; i++) {
    block = ((block << 6) | digits[i]) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[bytes.length] = (block >> bits) & 255;
  }
  return bytes;
}

function utf8Of(text: string): number[] {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    let code = apply(codePointAt, text, [i]) as number;
    if (code > 0xffff) i++;
    // Half of a pair is no character.
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) bytes[bytes.length] = code;
    else if (code < 0x800) {
      bytes[bytes.length] = 0xc0 | (code >> 6);
      bytes[bytes.length] = 0x80 | (code & 63);
    } else if (code < 0x10000) {
      bytes[bytes.length] = 0xe0 | (code >> 12);
      bytes[bytes.length] = 0x80 | ((code >> 6) & 63);
      bytes[bytes.length] = 0x80 | (code & 63);
    } else {
      bytes[bytes.length] = 0xf0 | (code >> 18);
      bytes[bytes.length] = 0x80 | ((code >> 12) & 63);
      bytes[bytes.length] = 0x80 | ((code >> 6) & 63);
      bytes[bytes.length] = 0x80 | (code & 63);
    }
  }
  return bytes;
}

/** What is no UTF-8 becomes U+FFFD, byte by byte as the Encoding Standard has it; or it throws, when `fatal`. */
function textOfUtf8(bytes: ArrayLike<number>, fatal: boolean): string {
  let text = '';
  let code = 0;
  let needed = 0;
  let lower = 0x80;
  let upper = 0xbf;
  const bad = (): void => {
    if (fatal) throw new TypeError('The encoded data was not valid for encoding utf-8');
    text += '\ufffd';
  };
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (needed === 0) {
      if (byte < 0x80) text += fromCharCode(byte);
      else if (byte >= 0xc2 && byte <= 0xf4) {
        needed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
        code = byte & (needed === 1 ? 0x1f : needed === 2 ? 0xf : 7);
        if (byte === 0xe0) lower = 0xa0;
        if (byte === 0xed) upper = 0x9f;
        if (byte === 0xf0) lower = 0x90;
        if (byte === 0xf4) upper = 0x8f;
      } else bad();
      continue;
    }
    const isGood = byte >= lower && byte <= upper;
    lower = 0x80;
    upper = 0xbf;
    if (!isGood) {
      needed = 0;
      bad();
      // It may begin another character.
      i--;
      continue;
    }
    code = (code << 6) | (byte & 63);
    if (--needed === 0) text += fromCodePoint(code);
  }
  if (needed > 0) bad();
  return text;
}

export class TextEncoder {
  get encoding(): string {
    return 'utf-8';
  }
  encode(text: unknown = ''): Uint8Array {
    return new NativeUint8Array(utf8Of(`${text}`));
  }
  encodeInto(text: unknown, target: Uint8Array): { read: number; written: number } {
    const source = `${text}`;
    let read = 0;
    let written = 0;
    while (read < source.length) {
      const code = apply(codePointAt, source, [read]) as number;
      const bytes = utf8Of(fromCodePoint(code));
      if (written + bytes.length > target.length) break;
      for (let i = 0; i < bytes.length; i++) target[written++] = bytes[i];
      read += code > 0xffff ? 2 : 1;
    }
    return { read, written };
  }
}

export class TextDecoder {
  readonly #fatal: boolean;
  readonly #keepsMark: boolean;
  constructor(label: unknown = 'utf-8', options: { fatal?: unknown; ignoreBOM?: unknown } = {}) {
    if (!/^\s*(?:unicode-1-1-)?utf-?8\s*$/i.test(`${label}`))
      throw new RangeError(`The "${label}" encoding is not supported`);
    this.#fatal = Boolean(options?.fatal);
    this.#keepsMark = Boolean(options?.ignoreBOM);
  }
  get encoding(): string {
    return 'utf-8';
  }
  get fatal(): boolean {
    return this.#fatal;
  }
  get ignoreBOM(): boolean {
    return this.#keepsMark;
  }
  decode(data?: ArrayBuffer | ArrayBufferView): string {
    if (data === undefined) return '';
    const bytes =
      data instanceof NativeArrayBuffer
        ? new NativeUint8Array(data)
        : new NativeUint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return textOfUtf8(hasMark && !this.#keepsMark ? bytes.subarray(3) : bytes, this.#fatal);
  }
}
