/**
 * Plain numbers with gradients: what the losses need of the tensor library, for a few hundred entries at a time. The page
 * explains with it what a loss does to one token, from the very code that trains, without loading tfjs. Every op gives
 * the gradient that tfjs gives, at ties and at clips, too; src/rlhf/update/part/part.test.ts holds all updates to that.
 */

/** A vector, matrix or scalar, with room for the derivative of one result in each of its entries. */
export class Numbers {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  readonly slope: Float64Array;
  /** Hands `slope` on to what it was made from. */
  readonly back: () => void;

  constructor(shape: readonly number[], data: ArrayLike<number>, tape: Numbers[] | null, back = () => {}) {
    this.shape = shape;
    this.data = Float64Array.from(data);
    this.slope = new Float64Array(this.data.length);
    this.back = back;
    tape?.push(this);
  }
}

type Value = Numbers | number;
type Unary = (x: number) => number;
type Binary = (a: number, b: number) => number;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** For each entry of `shape`, the entry of a smaller one that is repeated there. */
function repeated(from: readonly number[], shape: readonly number[]): (i: number) => number {
  if (sizeOf(from) === sizeOf(shape)) return (i) => i;
  if (sizeOf(from) === 1) return () => 0;
  const [columns] = shape.slice(-1);
  const [rows, width] = from.length === 2 ? from : [1, from[0]];
  if (width === columns && rows === 1) return (i) => i % columns;
  if (width === 1 && rows === shape[0]) return (i) => Math.floor(i / columns);
  throw new RangeError(`[${from}] cannot be repeated to [${shape}].`);
}

/** The shape that two values have together. */
function together(a: Numbers, b: Numbers): number[] {
  const rank = Math.max(a.shape.length, b.shape.length);
  const padded = ({ shape }: Numbers) => [...Array(rank - shape.length).fill(1), ...shape];
  const [one, other] = [padded(a), padded(b)];
  return one.map((size, i) => (size === 1 ? other[i] : size));
}

/** The ops, on one tape. */
export function arithmetic() {
  const tape: Numbers[] = [];
  const of = (value: Value): Numbers => (typeof value === 'number' ? new Numbers([], [value], null) : value);

  const unary = (f: Unary, derivative: Unary) => (value: Value) => {
    const x = of(value);
    const y: Numbers = new Numbers(x.shape, x.data.map(f), tape, () => {
      x.data.forEach((v, i) => {
        x.slope[i] += y.slope[i] * derivative(v);
      });
    });
    return y;
  };
  const binary = (f: Binary, inFirst: Binary, inSecond: Binary) => (first: Value, second: Value) => {
    const [a, b] = [of(first), of(second)];
    const shape = together(a, b);
    const [atA, atB] = [repeated(a.shape, shape), repeated(b.shape, shape)];
    const data = Float64Array.from({ length: sizeOf(shape) }, (_, i) => f(a.data[atA(i)], b.data[atB(i)]));
    const y: Numbers = new Numbers(shape, data, tape, () => {
      y.slope.forEach((dy, i) => {
        if (dy === 0) return;
        const [p, q] = [a.data[atA(i)], b.data[atB(i)]];
        a.slope[atA(i)] += dy * inFirst(p, q);
        b.slope[atB(i)] += dy * inSecond(p, q);
      });
    });
    return y;
  };
  /** y is made of entries of x, one by one; null: a zero. */
  const picked = (x: Numbers, shape: readonly number[], sources: readonly (readonly number[])[]) => {
    const data = sources.map((entries) => entries.reduce((sum, i) => sum + x.data[i], 0));
    const y: Numbers = new Numbers(shape, data, tape, () => {
      sources.forEach((entries, j) => {
        for (const i of entries) x.slope[i] += y.slope[j];
      });
    });
    return y;
  };
  const none = () => 0;
  const indices = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);
  const mul = binary(
    (a, b) => a * b,
    (_, b) => b,
    (a) => a,
  );
  const sum = (value: Value, axis?: number) => {
    const x = of(value);
    if (axis === undefined) return picked(x, [], [indices(x.data.length)]);
    const [rows, columns] = x.shape.length === 2 ? x.shape : [1, x.shape[0]];
    if (axis === 0 && x.shape.length === 2)
      return picked(
        x,
        [columns],
        indices(columns).map((c) => indices(rows).map((r) => r * columns + c)),
      );
    return picked(
      x,
      x.shape.slice(0, -1),
      indices(rows).map((r) => indices(columns, r * columns)),
    );
  };
  const reshape = (value: Value, shape: readonly number[]) => {
    const x = of(value);
    return picked(
      x,
      shape,
      indices(x.data.length).map((i) => [i]),
    );
  };
  const concat = (values: readonly Value[]) => {
    const all = values.map(of);
    const joined: Numbers = new Numbers(
      [all.reduce((length, { data }) => length + data.length, 0)],
      all.flatMap(({ data }) => [...data]),
      tape,
      () => {
        let at = 0;
        for (const x of all) for (let i = 0; i < x.slope.length; i++) x.slope[i] += joined.slope[at++];
      },
    );
    return joined;
  };

  const tf = {
    abs: unary(Math.abs, Math.sign),
    add: binary(
      (a, b) => a + b,
      () => 1,
      () => 1,
    ),
    cast: (value: Value) => of(value),
    clipByValue: (value: Value, low: number, high: number) =>
      unary(
        (x) => Math.min(high, Math.max(low, x)),
        (x) => (x >= low && x <= high ? 1 : 0),
      )(value),
    concat,
    div: binary(
      (a, b) => a / b,
      (_, b) => 1 / b,
      (a, b) => -a / (b * b),
    ),
    exp: unary(Math.exp, Math.exp),
    greater: binary((a, b) => (a > b ? 1 : 0), none, none),
    less: binary((a, b) => (a < b ? 1 : 0), none, none),
    log: unary(Math.log, (x) => 1 / x),
    maximum: binary(
      Math.max,
      (a, b) => (a >= b ? 1 : 0),
      (a, b) => (a < b ? 1 : 0),
    ),
    mean: (value: Value, axis?: number) => {
      const total = sum(value, axis);
      return mul(total, total.data.length / of(value).data.length);
    },
    minimum: binary(
      Math.min,
      (a, b) => (a <= b ? 1 : 0),
      (a, b) => (a > b ? 1 : 0),
    ),
    mul,
    neg: unary(
      (x) => -x,
      () => -1,
    ),
    relu: unary(
      (x) => Math.max(0, x),
      (x) => (x > 0 ? 1 : 0),
    ),
    reshape,
    scalar: (value: number) => of(value),
    sigmoid: unary(sigmoid, (x) => sigmoid(x) * (1 - sigmoid(x))),
    slice1d: (value: Value, begin: number, size: number) =>
      picked(
        of(value),
        [size],
        indices(size, begin).map((i) => [i]),
      ),
    softplus: unary((x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))), sigmoid),
    sqrt: unary(Math.sqrt, (x) => 0.5 / Math.sqrt(x)),
    square: unary(
      (x) => x * x,
      (x) => 2 * x,
    ),
    stack: concat,
    sub: binary(
      (a, b) => a - b,
      () => 1,
      () => -1,
    ),
    sum,
    tanh: unary(Math.tanh, (x) => 1 - Math.tanh(x) ** 2),
    tensor1d: (values: ArrayLike<number>) => new Numbers([values.length], values, tape),
    tidy: <Result>(work: () => Result) => work(),
    where: (condition: Value, a: Value, b: Value) => tf.add(mul(condition, a), mul(tf.sub(1, condition), b)),
  };
  const segments = (starts: ArrayLike<number>) => (value: Value) => {
    const sources = indices(starts.length - 1).map((b) => indices(starts[b + 1] - starts[b], starts[b]));
    return picked(of(value), [sources.length], sources);
  };
  /** A value whose derivative nobody asks for. */
  const constant = (value: Value) => new Numbers(of(value).shape, of(value).data, tape);

  /** The derivative of `result` in everything on the tape. */
  const derive = (result: Numbers) => {
    result.slope[0] = 1;
    for (const numbers of tape.toReversed()) numbers.back();
  };
  return { tf, segments, constant, derive };
}
