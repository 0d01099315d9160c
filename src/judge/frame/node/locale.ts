/**
 * The language that programs meet is English, whatever the browser's: in an engine that has `Intl` as its default, and
 * in one that has none as the parts that programs use most.
 */
import { readDate } from './clock.ts';
import { type CollatorOptions, collate } from './collation.ts';
import { checkLocale, formatNumber, type NumberOptions } from './numberFormat.ts';

const { apply, construct } = Reflect;
const { defineProperty, getOwnPropertyDescriptor } = Object;

type Hide = (target: object, key: PropertyKey, value: unknown) => void;
type AnyFunction = (...args: unknown[]) => unknown;
type AnyClass = AnyFunction & { prototype: object; supportedLocalesOf?: AnyFunction };

const english = 'en-US';

/** @param hide defines a property as built-ins have them */
export function fixLanguage(global: { Intl?: object }, hide: Hide): void {
  if (global.Intl) {
    defaultToEnglish(global.Intl as Record<string, unknown>, hide);
    for (const [prototype, key, at] of [
      [String.prototype, 'localeCompare', 1],
      [Number.prototype, 'toLocaleString', 0],
      [BigInt.prototype, 'toLocaleString', 0],
      [Date.prototype, 'toLocaleString', 0],
      [Date.prototype, 'toLocaleDateString', 0],
      [Date.prototype, 'toLocaleTimeString', 0],
    ] as const)
      hide(prototype, key, inEnglish((prototype as never)[key], key, at));
    return;
  }
  hide(
    String.prototype,
    'localeCompare',
    function (this: unknown, other: unknown, locales?: unknown, options?: object) {
      checkLocale(locales);
      return collate(`${this}`, `${other}`, options);
    },
  );
  hide(Number.prototype, 'toLocaleString', function (this: number, locales?: unknown, options?: object) {
    checkLocale(locales);
    return formatNumber(Number(this), options);
  });
  hide(BigInt.prototype, 'toLocaleString', function (this: bigint, locales?: unknown, options?: object) {
    checkLocale(locales);
    return formatNumber(BigInt(this), options);
  });
  const intl = {};
  for (const [name, kind] of Object.entries({ Collator, NumberFormat, PluralRules, ListFormat })) {
    // Some are called without `new`, as in Node.
    const made = function (locales?: unknown, options?: object): unknown {
      return construct(kind, [locales, options], new.target ?? made);
    } as AnyClass;
    hide(made, 'name', name);
    defineProperty(made, 'prototype', { value: kind.prototype, writable: false });
    hide(kind.prototype, 'constructor', made);
    hide(intl, name, made);
  }
  hide(global, 'Intl', intl);
}

/** @param at where the language stands among the arguments */
function inEnglish(native: AnyFunction, name: string, at: number): AnyFunction {
  return {
    [name](this: unknown, ...args: unknown[]): unknown {
      if (args.length <= at || args[at] === undefined) args[at] = english;
      return apply(native, this, args);
    },
  }[name];
}

function defaultToEnglish(intl: Record<string, unknown>, hide: Hide): void {
  for (const name of Object.getOwnPropertyNames(intl)) {
    const Native = intl[name] as AnyClass;
    if (typeof Native !== 'function' || !Native.prototype) continue;
    const English = function (locales: unknown = english, options?: unknown): unknown {
      return construct(Native, [locales, options], new.target ?? English);
    } as AnyClass;
    hide(English, 'name', name);
    hide(English, 'supportedLocalesOf', Native.supportedLocalesOf);
    defineProperty(English, 'prototype', { value: Native.prototype, writable: false });
    hide(Native.prototype, 'constructor', English);
    hide(intl, name, English);
  }
  fixDateFormat((intl.DateTimeFormat as AnyClass).prototype, hide);
}

/** Without a date it would write down what time it is. */
function fixDateFormat(prototype: object, hide: Hide): void {
  const getter = getOwnPropertyDescriptor(prototype, 'format')!.get!;
  defineProperty(prototype, 'format', {
    get() {
      const native = apply(getter, this, []) as AnyFunction;
      return (date: unknown = readDate()) => native(date);
    },
    configurable: true,
  });
  const parts = (prototype as { formatToParts: AnyFunction }).formatToParts;
  hide(prototype, 'formatToParts', function (this: unknown, date: unknown = readDate()) {
    return apply(parts, this, [date]);
  });
}

class Collator {
  readonly compare: (a: unknown, b: unknown) => number;
  constructor(locales?: unknown, options: CollatorOptions = {}) {
    checkLocale(locales);
    this.compare = (a, b) => collate(`${a}`, `${b}`, options);
  }
}

class NumberFormat {
  readonly format: (value: number | bigint) => string;
  constructor(locales?: unknown, options: NumberOptions = {}) {
    checkLocale(locales);
    this.format = (value) => formatNumber(typeof value === 'bigint' ? value : Number(value), options);
  }
}

class PluralRules {
  readonly #isOrdinal: boolean;
  constructor(locales?: unknown, options: { type?: string } = {}) {
    checkLocale(locales);
    this.#isOrdinal = options.type === 'ordinal';
  }
  select(value: number): string {
    if (!this.#isOrdinal) return value === 1 ? 'one' : 'other';
    const [ten, hundred] = [value % 10, value % 100];
    if (ten === 1 && hundred !== 11) return 'one';
    if (ten === 2 && hundred !== 12) return 'two';
    return ten === 3 && hundred !== 13 ? 'few' : 'other';
  }
}

class ListFormat {
  readonly #word: string;
  constructor(locales?: unknown, options: { type?: string; style?: string } = {}) {
    checkLocale(locales);
    if (options.style !== undefined && options.style !== 'long')
      throw new RangeError('The option style is not available here.');
    this.#word = options.type === 'disjunction' ? 'or' : 'and';
  }
  format(list: Iterable<string>): string {
    const items = [...list];
    if (items.length < 2) return items.join('');
    if (items.length === 2) return `${items[0]} ${this.#word} ${items[1]}`;
    return `${items.slice(0, -1).join(', ')}, ${this.#word} ${items[items.length - 1]}`;
  }
}
