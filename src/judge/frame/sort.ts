/**
 * `Array.prototype.sort` as V8 does it, for every engine. The language leaves the outcome open when a comparison
 * contradicts itself, as that of a half-learned program does (`(a, b) => -a`), and engines differ; a score must not.
 * Up to 63 elements this is V8's algorithm, comparison by comparison; beyond, a merge of such runs.
 */

type Compare = (a: unknown, b: unknown) => number;

const longestRun = 63;

/** Sorts in place, stably. */
function sortAsV8(items: unknown[], compare: Compare): void {
  const { length } = items;
  for (let low = 0; low < length; low += longestRun) {
    const high = low + longestRun < length ? low + longestRun : length;
    insert(items, low, low + takeRun(items, low, high, compare), high, compare);
  }
  for (let width = longestRun; width < length; width *= 2) {
    for (let low = 0; low + width < length; low += 2 * width) {
      const high = low + 2 * width < length ? low + 2 * width : length;
      merge(items, low, low + width, high, compare);
    }
  }
}

/** Length of the run that the range begins with; a descending one is turned round. */
function takeRun(items: unknown[], low: number, high: number, compare: Compare): number {
  if (low + 1 >= high) return high - low;
  const descends = compare(items[low + 1], items[low]) < 0;
  let end = low + 2;
  while (end < high && compare(items[end], items[end - 1]) < 0 === descends) end++;
  if (descends) {
    for (let i = low, j = end - 1; i < j; i++, j--) {
      const item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
  }
  return end - low;
}

/** Binary insertion of the elements from `start` on into the sorted ones before them. */
function insert(items: unknown[], low: number, start: number, high: number, compare: Compare): void {
  for (let i = start; i < high; i++) {
    const item = items[i];
    let left = low;
    let right = i;
    while (left < right) {
      const middle = left + ((right - left) >> 1);
      if (compare(item, items[middle]) < 0) right = middle;
      else left = middle + 1;
    }
    for (let j = i; j > left; j--) items[j] = items[j - 1];
    items[left] = item;
  }
}

function merge(items: unknown[], low: number, middle: number, high: number, compare: Compare): void {
  const first: unknown[] = [];
  for (let i = low; i < middle; i++) first[i - low] = items[i];
  let from = 0;
  let other = middle;
  for (let i = low; from < first.length; i++) {
    const takesOther = other < high && compare(items[other], first[from]) < 0;
    items[i] = takesOther ? items[other++] : first[from++];
  }
}

/** The replacement for the built-in method, to be put on `Array.prototype`. */
export function sortMethod(this: unknown, comparison?: (a: unknown, b: unknown) => unknown): unknown {
  if (comparison !== undefined && typeof comparison !== 'function')
    throw new TypeError('The comparison function must be either a function or undefined');
  if (this === null || this === undefined)
    throw new TypeError('Array.prototype.sort called on null or undefined');
  const target = Object(this) as Record<number, unknown> & { length: number };
  const length = Math.min(Math.max(Math.trunc(Number(target.length)) || 0, 0), Number.MAX_SAFE_INTEGER);
  const present: unknown[] = [];
  let missing = 0;
  for (let i = 0; i < length; i++) {
    const value = target[i];
    if (value !== undefined) present[present.length] = value;
    else if (i in target) missing++;
  }
  const compare: Compare =
    comparison === undefined
      ? byText(present)
      : (a, b) => {
          const order = Number(comparison(a, b));
          return order < 0 ? -1 : order > 0 ? 1 : 0;
        };
  sortAsV8(present, compare);
  for (let i = 0; i < length; i++) {
    if (i < present.length) target[i] = present[i];
    else if (i < present.length + missing) target[i] = undefined;
    else delete target[i];
  }
  return target;
}

/** Without a comparison, elements are compared as texts. */
function byText(items: readonly unknown[]): Compare {
  const texts = new Map<unknown, string>();
  for (let i = 0; i < items.length; i++) if (!texts.has(items[i])) texts.set(items[i], String(items[i]));
  return (a, b) => {
    const left = texts.get(a) as string;
    const right = texts.get(b) as string;
    return left < right ? -1 : left > right ? 1 : 0;
  };
}
