/** Own properties of an object as text and back, with what can be done to each of them. Reads no accessor. */
import type { NodeText, PropertyText, ValueText } from './wireText.ts';

const { defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
const { is } = Object;

const writable = 1;
const enumerable = 2;
const configurable = 4;
const all = writable | enumerable | configurable;

const hole: ValueText = ['h'];

/** Where an error was made is told by engines in their own ways, and is no part of it. */
const ofErrors = new Set<PropertyKey>(['stack', 'fileName', 'lineNumber', 'columnNumber', 'line', 'column']);
const ofFunctions = new Set<PropertyKey>(['name', 'length', 'arguments', 'caller']);

/** Whether a property comes with the object, in ways of its own. */
function isBuiltIn(key: PropertyKey, kind: string): boolean {
  switch (kind) {
    case 'array':
      return key === 'length';
    case 'error':
      return ofErrors.has(key);
    case 'function':
      return ofFunctions.has(key);
    case 'arguments':
      return key === 'callee';
    case 'boxed':
      return key === 'length' || isIndex(key);
    case 'typed':
      return isIndex(key);
    default:
      return false;
  }
}

function isIndex(key: PropertyKey): boolean {
  return typeof key === 'string' && `${Number(key)}` === key;
}

function flagsOf(property: PropertyDescriptor): number {
  return (
    (property.writable ? writable : 0) |
    (property.enumerable ? enumerable : 0) |
    (property.configurable ? configurable : 0)
  );
}

/** The items of a list; one that is no plain property of it is left to `propertiesOf`. */
export function itemsOf(list: readonly unknown[], ref: (value: unknown) => ValueText): ValueText[] {
  const items: ValueText[] = [];
  for (let i = 0; i < list.length; i++) {
    const property = getOwnPropertyDescriptor(list, `${i}`);
    items[i] = property && 'value' in property ? ref(property.value) : hole;
  }
  return items;
}

export function propertiesOf(
  thing: object,
  kind: string,
  ref: (value: unknown) => ValueText,
): PropertyText[] {
  const own: PropertyText[] = [];
  const keys = ownKeys(thing);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    const property = getOwnPropertyDescriptor(thing, key) as PropertyDescriptor;
    // A length that is fixed says so.
    if (isBuiltIn(key, kind) && !(kind === 'array' && !property.writable)) continue;
    const flags = flagsOf(property);
    if (!('value' in property)) own[own.length] = [ref(key), ref(property.get), ref(property.set), flags];
    else if (flags !== all) own[own.length] = [ref(key), ref(property.value), flags];
    // Items are told apart already.
    else if (kind !== 'array' || !isIndex(key)) own[own.length] = [ref(key), ref(property.value)];
  }
  return own;
}

/** Gives a copy the properties that the original has, and no others. */
export function fill(
  thing: object,
  node: NodeText,
  value: (text: ValueText) => unknown,
  isNew: boolean,
): void {
  const { own, items } = node;
  const listed = new Set<PropertyKey>();
  if (items) {
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (typeof item === 'object' && item?.[0] === 'h') continue;
      if (!isNew) listed.add(`${i}`);
      put(thing, `${i}`, { value: value(item), writable: true, enumerable: true, configurable: true });
    }
  }
  for (let i = 0; i < own.length; i++) {
    const text = own[i];
    const key = value(text[0]) as PropertyKey;
    if (!isNew) listed.add(key);
    const flags = (text.length === 4 ? text[3] : (text[2] as number | undefined)) ?? all;
    const shared = { enumerable: (flags & enumerable) !== 0, configurable: (flags & configurable) !== 0 };
    if (text.length === 4)
      put(thing, key, { get: value(text[1]) as never, set: value(text[2]) as never, ...shared });
    else put(thing, key, { value: value(text[1]), writable: (flags & writable) !== 0, ...shared });
  }
  if (isNew) return;
  const keys = ownKeys(thing);
  for (let i = 0; i < keys.length; i++)
    if (!listed.has(keys[i]) && !isBuiltIn(keys[i], node.kind)) deleteProperty(thing, keys[i]);
}

function put(thing: object, key: PropertyKey, wanted: PropertyDescriptor): void {
  const property = getOwnPropertyDescriptor(thing, key);
  if (
    property &&
    'value' in wanted &&
    is(property.value, wanted.value) &&
    flagsOf(property) === flagsOf(wanted)
  )
    return;
  defineProperty(thing, key, wanted);
}
