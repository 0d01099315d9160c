/** Sets and maps compared as `node:assert` does: each item must have a partner of its own, in whatever order. */

/** How two things inside are compared. */
interface Pairing {
  readonly isStrict: boolean;
  forgetsFailures: boolean;
  equal(a: unknown, b: unknown): boolean;
}

export function hasSameItems(a: Set<unknown>, b: Set<unknown>, pairing: Pairing): boolean {
  const { isStrict } = pairing;
  const open = new Set<unknown>();
  for (const item of a) {
    if (b.has(item)) continue;
    if (!isObject(item) && (isStrict || !mayHaveLooseTwin(a, b, item))) return false;
    if (open.size === 0 && b.size === 1) return pairing.equal(item, first(b));
    open.add(item);
  }
  if (open.size === 0) return true;
  for (const item of b)
    if (
      (isObject(item) || !isStrict) &&
      !a.has(item) &&
      !takePartner(open, pairing, (own) => pairing.equal(own, item))
    )
      return false;
  return open.size === 0;
}

export function hasSameEntries(
  a: Map<unknown, unknown>,
  b: Map<unknown, unknown>,
  pairing: Pairing,
): boolean {
  const { isStrict } = pairing;
  const open = new Set<unknown>();
  for (const [key, item] of a) {
    if (isObject(key)) {
      if (open.size === 0 && b.size === 1) {
        const [other, otherItem] = first(b) as [unknown, unknown];
        return pairing.equal(key, other) && pairing.equal(item, otherItem);
      }
      open.add(key);
    } else if (!b.has(key) || !pairing.equal(item, b.get(key))) {
      if (isStrict || !mayHaveLooseEntry(a, b, key, item, pairing)) return false;
      open.add(key);
    }
  }
  if (open.size === 0) return true;
  for (const [key, item] of b) {
    const isOpen = isObject(key) || (!isStrict && (!a.has(key) || !pairing.equal(a.get(key), item)));
    if (
      isOpen &&
      !takePartner(open, pairing, (own) => pairing.equal(own, key) && pairing.equal(a.get(own), item))
    )
      return false;
  }
  return open.size === 0;
}

/** Finds one that fits and takes it out, so that it fits no other. */
function takePartner(open: Set<unknown>, pairing: Pairing, fits: (own: unknown) => boolean): boolean {
  const { forgetsFailures } = pairing;
  pairing.forgetsFailures = true;
  let isFound = false;
  for (const own of open) {
    if (!fits(own)) continue;
    open.delete(own);
    isFound = true;
    break;
  }
  pairing.forgetsFailures = forgetsFailures;
  return isFound;
}

/** What loosely equals a primitive: one other value, none, or more than can be named. */
function looseTwin(item: unknown): { only: unknown } | boolean {
  if (item === undefined) return { only: null };
  if (item === null) return { only: undefined };
  if (typeof item === 'symbol') return false;
  const number = typeof item === 'string' ? +item : item;
  return !Number.isNaN(number);
}

function mayHaveLooseTwin(a: Set<unknown>, b: Set<unknown>, item: unknown): boolean {
  const twin = looseTwin(item);
  return typeof twin === 'boolean' ? twin : b.has(twin.only) && !a.has(twin.only);
}

function mayHaveLooseEntry(
  a: Map<unknown, unknown>,
  b: Map<unknown, unknown>,
  key: unknown,
  item: unknown,
  pairing: Pairing,
): boolean {
  const twin = looseTwin(key);
  if (typeof twin === 'boolean') return twin;
  return b.has(twin.only) && !a.has(twin.only) && pairing.equal(item, b.get(twin.only));
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function first(collection: Iterable<unknown>): unknown {
  for (const item of collection) return item;
  return undefined;
}
