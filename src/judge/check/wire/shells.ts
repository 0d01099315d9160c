/** Empty objects of each kind, to be filled with what the other side says of them. */
import type { NodeText, ValueText } from './wireText.ts';

type View = new (buffer: ArrayBuffer, offset: number, length: number) => object;

export function emptyOf({ kind, inside }: NodeText, value: (text: ValueText) => unknown): object {
  switch (kind) {
    case 'array':
      return [];
    case 'arguments':
      return emptyArguments();
    case 'error':
      return new Error();
    case 'map':
      return new Map();
    case 'set':
      return new Set();
    case 'date':
      return new Date(Number.NaN);
    case 'regexp': {
      const [source, flags] = inside as [string, string];
      return new RegExp(source, flags);
    }
    case 'boxed':
      return Object(value(inside as ValueText));
    case 'buffer':
      return new ArrayBuffer((inside as number[]).length);
    case 'view':
    case 'typed': {
      const [name, buffer, offset, length] = inside as [string, ValueText, number, number];
      const made = (globalThis as unknown as Record<string, View>)[name];
      return new made(value(buffer) as ArrayBuffer, offset, length);
    }
    default:
      return {};
  }
}

function emptyArguments(..._: unknown[]): object {
  // biome-ignore lint/complexity/noArguments: that is what is asked for
  return arguments;
}
