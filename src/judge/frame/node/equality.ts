/** `isDeepStrictEqual` and the loose comparison of `assert.deepEqual`, as Node 20 decides them. */
const { is, getPrototypeOf, getOwnPropertyDescriptor, keys, hasOwn } = Object;
const { apply, ownKeys } = Reflect;
const { isArray } = Array;
const { isView } = ArrayBuffer;
const { toString: kindOf } = Object.prototype;
const { getTime } = Date.prototype;
const NativeMap = Map;
const NativeSet = Set;

/** Pairs that are being compared: meeting one again inside itself means that the cycles are alike. */
type Pairs = [unknown, unknown][];

export function isDeepStrictEqual(a: unknown, b: unknown): boolean {
  return isDeepEqual(a, b, true, []);
}

export function isDeepLooseEqual(a: unknown, b: unknown): boolean {
  return isDeepEqual(a, b, false, []);
}

function isPrimitiveEqual(a: unknown, b: unknown, strict: boolean): boolean {
  if (strict) return is(a, b);
  // biome-ignore lint/suspicious/noDoubleEquals: this is the loose one
  return a == b || (is(a, Number.NaN) && is(b, Number.NaN));
}

function isDeepEqual(a: unknown, b: unknown, strict: boolean, pairs: Pairs): boolean {
  if (a === b) return a !== 0 || !strict || is(a, b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    if (!strict && ((typeof a === 'object' && a !== null) || (typeof b === 'object' && b !== null)))
      return false;
    return isPrimitiveEqual(a, b, strict);
  }
  if (strict && getPrototypeOf(a) !== getPrototypeOf(b)) return false;
  const kind = apply(kindOf, a, []) as string;
  if (kind !== apply(kindOf, b, []) || isArray(a) !== isArray(b)) return false;
  if (!isSameCore(a, b, kind, strict)) return false;
  for (let i = 0; i < pairs.length; i++) if (pairs[i][0] === a && pairs[i][1] === b) return true;
  pairs[pairs.length] = [a, b];
  const same = hasSameContents(a, b, strict, pairs);
  pairs.length--;
  return same;
}

/** What an object is apart from its properties: the time of a date, the text of a regular expression. */
function isSameCore(a: object, b: object, kind: string, strict: boolean): boolean {
  if (a instanceof NativeMap || b instanceof NativeMap)
    return a instanceof NativeMap && b instanceof NativeMap && a.size === b.size;
  if (a instanceof NativeSet || b instanceof NativeSet)
    return a instanceof NativeSet && b instanceof NativeSet && a.size === b.size;
  switch (kind) {
    case '[object Date]':
      return isSameTime(a, b);
    case '[object RegExp]':
      return String(a) === String(b) && (a as RegExp).lastIndex === (b as RegExp).lastIndex;
    case '[object Error]':
      return (a as Error).message === (b as Error).message && (a as Error).name === (b as Error).name;
    case '[object Number]':
    case '[object String]':
    case '[object Boolean]':
    case '[object BigInt]':
    case '[object Symbol]':
      return is((a as { valueOf(): unknown }).valueOf(), (b as { valueOf(): unknown }).valueOf());
    default:
      return !isView(a) || isSameView(a, b as ArrayBufferView, strict);
  }
}

function isSameTime(a: object, b: object): boolean {
  try {
    return is(apply(getTime, a, []), apply(getTime, b, []));
  } catch {
    return false;
  }
}

function isSameView(a: ArrayBufferView, b: ArrayBufferView, strict: boolean): boolean {
  if (a.byteLength !== b.byteLength) return false;
  if (!('length' in a)) {
    const [left, right] = [a, b].map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
    return true;
  }
  const [left, right] = [a, b] as unknown as ArrayLike<number>[];
  for (let i = 0; i < left.length; i++)
    if (strict ? !is(left[i], right[i]) : left[i] !== right[i]) return false;
  return true;
}

function hasSameContents(a: object, b: object, strict: boolean, pairs: Pairs): boolean {
  if (a instanceof NativeSet) return hasSameItems([...a], [...(b as Set<unknown>)], strict, pairs);
  if (a instanceof NativeMap) return hasSameItems([...a], [...(b as Map<unknown, unknown>)], strict, pairs);
  if (isArray(a) && a.length !== (b as unknown[]).length) return false;
  if (isView(a)) return true;
  const names: PropertyKey[] = strict ? visible(a) : keys(a);
  if (names.length !== (strict ? visible(b) : keys(b)).length) return false;
  for (let i = 0; i < names.length; i++) {
    const key = names[i] as keyof object;
    if (!hasOwn(b, key) || !getOwnPropertyDescriptor(b, key)!.enumerable) return false;
    if (!isDeepEqual(a[key], b[key], strict, pairs)) return false;
  }
  return true;
}

/** Own enumerable properties, those named by symbols too. */
function visible(value: object): PropertyKey[] {
  const found: PropertyKey[] = [];
  const all = ownKeys(value);
  for (let i = 0; i < all.length; i++)
    if (getOwnPropertyDescriptor(value, all[i])!.enumerable) found[found.length] = all[i];
  return found;
}

/** Sets and maps have no order: each item of one must have its equal in the other. */
function hasSameItems(a: unknown[], b: unknown[], strict: boolean, pairs: Pairs): boolean {
  const left = [...b];
  for (let i = 0; i < a.length; i++) {
    let at = 0;
    while (at < left.length && !isDeepEqual(a[i], left[at], strict, pairs)) at++;
    if (at === left.length) return false;
    left.splice(at, 1);
  }
  return true;
}
