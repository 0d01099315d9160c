/**
 * `structuredClone`, which one of the two engines lacks. It copies data and what the language itself makes of data; it
 * refuses functions, symbols and what only points at something, as the original does.
 */
const { apply, construct } = Reflect;
const { getPrototypeOf, hasOwn, keys } = Object;
const { isArray } = Array;
const { get, set, forEach: forEachOfMap } = Map.prototype;
const { add, forEach: forEachOfSet } = Set.prototype;
const { getTime } = Date.prototype;
const { slice } = ArrayBuffer.prototype;
const NativeMap = Map;
const NativeSet = Set;
const NativeDate = Date;
const NativeRegExp = RegExp;
const NativeArrayBuffer = ArrayBuffer;
const setMap = set;
const mapSize = getter(Map.prototype, 'size');
const setSize = getter(Set.prototype, 'size');
const typedArrayPrototype = getPrototypeOf(Int8Array.prototype) as object;
const nameOfTypedArray = getter(typedArrayPrototype, Symbol.toStringTag);
const bufferOf = getter(typedArrayPrototype, 'buffer');
const offsetOf = getter(typedArrayPrototype, 'byteOffset');
const lengthOf = getter(typedArrayPrototype, 'length');
const viewBuffer = getter(DataView.prototype, 'buffer');
const viewOffset = getter(DataView.prototype, 'byteOffset');
const viewLength = getter(DataView.prototype, 'byteLength');
const bufferLength = getter(ArrayBuffer.prototype, 'byteLength');
const NativeDataView = DataView;
const regExpSource = getter(RegExp.prototype, 'source');
const regExpFlags = getter(RegExp.prototype, 'flags');
const dataOf = [Number, String, Boolean, BigInt, Symbol].map(
  ({ prototype }) => prototype.valueOf as () => unknown,
);

const typedArrays: Record<string, new (buffer: ArrayBuffer, offset: number, length: number) => unknown> = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};
const errors: Record<string, new (message?: string) => Error> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};
const errorPrototypes = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map(
  (kind) => kind.prototype,
);

type Getter = () => unknown;

function getter(prototype: object, key: PropertyKey): Getter {
  return Object.getOwnPropertyDescriptor(prototype, key)!.get!;
}

/** What a getter of a built-in says of a value, or undefined when the value is of another kind. */
function ask(question: Getter, value: object): unknown {
  try {
    return apply(question, value, []);
  } catch {
    return undefined;
  }
}

export function structuredClone(value: unknown): unknown {
  return copy(value, new NativeMap());
}

function copy(value: unknown, seen: Map<unknown, unknown>): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw uncloneable(value);
  if (typeof value !== 'object' || value === null) return value;
  const known = apply(get, seen, [value]);
  if (known !== undefined) return known;
  const keep = <Made>(made: Made): Made => {
    apply(setMap, seen, [value, made]);
    return made;
  };
  if (isArray(value)) {
    const made = keep(new Array(value.length));
    return copyKeys(value, made, seen);
  }
  return copyBuiltIn(value, seen, keep) ?? copyKeys(value, keep({}), seen);
}

/** A copy of what only a built-in can make; undefined for plain objects. */
function copyBuiltIn(
  value: object,
  seen: Map<unknown, unknown>,
  keep: <Made>(made: Made) => Made,
): object | undefined {
  const time = ask(getTime as Getter, value);
  if (time !== undefined) return keep(new NativeDate(time as number));
  if (ask(mapSize, value) !== undefined) {
    const made = keep(new NativeMap<unknown, unknown>());
    const items: unknown[][] = [];
    apply(forEachOfMap, value, [
      (item: unknown, key: unknown) => {
        items[items.length] = [key, item];
      },
    ]);
    for (let i = 0; i < items.length; i++)
      apply(setMap, made, [copy(items[i][0], seen), copy(items[i][1], seen)]);
    return made;
  }
  if (ask(setSize, value) !== undefined) {
    const made = keep(new NativeSet<unknown>());
    const items: unknown[] = [];
    apply(forEachOfSet, value, [
      (item: unknown) => {
        items[items.length] = item;
      },
    ]);
    for (let i = 0; i < items.length; i++) apply(add, made, [copy(items[i], seen)]);
    return made;
  }
  return copyBytes(value, seen, keep) ?? copyRest(value, keep);
}

function copyBytes(
  value: object,
  seen: Map<unknown, unknown>,
  keep: <Made>(made: Made) => Made,
): object | undefined {
  const length = ask(bufferLength, value);
  if (length !== undefined) return keep(apply(slice, value, [0, length]) as ArrayBuffer);
  const kind = ask(nameOfTypedArray, value) as string | undefined;
  if (kind !== undefined && hasOwn(typedArrays, kind)) {
    const buffer = copy(ask(bufferOf, value), seen) as ArrayBuffer;
    const place = [buffer, ask(offsetOf, value), ask(lengthOf, value)];
    return keep(construct(typedArrays[kind], place) as object);
  }
  const viewed = ask(viewBuffer, value);
  if (viewed instanceof NativeArrayBuffer)
    return keep(
      new NativeDataView(
        copy(viewed, seen) as ArrayBuffer,
        ask(viewOffset, value) as number,
        ask(viewLength, value) as number,
      ),
    );
  return undefined;
}

function copyRest(value: object, keep: <Made>(made: Made) => Made): object | undefined {
  if (value instanceof NativeRegExp && value !== NativeRegExp.prototype)
    return keep(new NativeRegExp(ask(regExpSource, value) as string, ask(regExpFlags, value) as string));
  for (let i = 0; i < dataOf.length; i++) {
    const data = ask(dataOf[i], value);
    if (typeof data === 'symbol') throw uncloneable(value);
    if (data !== undefined) return keep(Object(data));
  }
  if (value instanceof Error) return keep(copyError(value));
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet || isGenerator(value))
    throw uncloneable(value);
  return undefined;
}

const generatorPrototypes = [
  getPrototypeOf((function* () {})()),
  getPrototypeOf((async function* () {})()),
].map((own) => getPrototypeOf(getPrototypeOf(own) as object));

function isGenerator(value: object): boolean {
  for (let above = getPrototypeOf(value) as object | null; above; above = getPrototypeOf(above))
    if (above === generatorPrototypes[0] || above === generatorPrototypes[1]) return true;
  return false;
}

function copyError(value: Error): Error {
  let kind = 'Error';
  for (let above = getPrototypeOf(value) as object | null; above; above = getPrototypeOf(above)) {
    for (let i = 0; i < errorPrototypes.length; i++) {
      if (errorPrototypes[i] !== above) continue;
      kind = keys(errors)[i];
      above = Error.prototype;
      break;
    }
    if (above === Error.prototype) break;
  }
  const made = hasOwn(value, 'message') ? new errors[kind](`${value.message}`) : new errors[kind]();
  if (hasOwn(value, 'cause'))
    Object.defineProperty(made, 'cause', { value: value.cause, writable: true, configurable: true });
  return made;
}

function copyKeys(from: object, to: object, seen: Map<unknown, unknown>): object {
  const own = keys(from);
  for (let i = 0; i < own.length; i++)
    Object.defineProperty(to, own[i], {
      value: copy((from as Record<string, unknown>)[own[i]], seen),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  return to;
}

function uncloneable(value: unknown): Error {
  const what = typeof value === 'object' ? '#<Object>' : String(value);
  const error = new Error(`${what} could not be cloned.`);
  Object.defineProperty(error, 'name', { value: 'DataCloneError', writable: true, configurable: true });
  return error;
}
