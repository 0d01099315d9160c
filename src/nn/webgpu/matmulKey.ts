/** What the two ways of computing a matrix product share: what is baked into a program, its bindings, GELU. */

/**
 * Which operand is read transposed:
 * `nn` y[m,n] = Σ a[m,k]·b[k,n], `nt` y[m,n] = Σ a[m,k]·b[n,k], `tn` y[m,n] = Σ a[k,m]·b[k,n].
 */
export type MatmulMode = 'nn' | 'nt' | 'tn';

/** What is baked into a matmul program. */
export interface MatmulKey {
  mode: MatmulMode;
  /** All inner dimensions are multiples of 4, so that rows can be read as vec4. */
  aligned: boolean;
  bias: boolean;
  residual: boolean;
  gelu: boolean;
  /** A further output in front: the sum before GELU, which its gradient needs. */
  keepPre: boolean;
  /** Rows of `y` from `limit[0]` on are not computed. Not with `tn`. */
  limit: boolean;
  /** Row m of `a` is row `index[m]` of the tensor; a row below zero is all zeros. Not with `tn`. */
  gather: boolean;
  /** Row k of `b` is row `index[k]` of the tensor. Only with `tn`. */
  gatherInner: boolean;
  /** A further output [n]: the column sums of `b`. Only with `tn`. */
  columnSums: boolean;
}

/** Names of storage bindings, in the order that `matmul` passes tensors. */
export function matmulBindings(key: MatmulKey, element: 'f32' | 'vec4f'): string[] {
  return [
    `a: ${element}`,
    `b: ${element}`,
    ...(key.bias ? [`bias: ${element}`] : []),
    ...(key.residual ? [`residual: ${element}`] : []),
    ...(key.gather || key.gatherInner ? ['index: i32'] : []),
    ...(key.limit ? ['limit: u32'] : []),
    ...(key.keepPre ? [`pre: ${element} out`] : []),
    `y: ${element} out`,
    ...(key.columnSums ? [`sums: ${element} out`] : []),
  ];
}

export function matmulLabel(key: MatmulKey, kind: string): string {
  const flags = (
    [
      'bias',
      'residual',
      'gelu',
      'keepPre',
      'limit',
      'gather',
      'gatherInner',
      'columnSums',
      'aligned',
    ] as const
  ).filter((flag) => key[flag]);
  return ['matmul', kind, key.mode, ...flags].join(' ');
}

/**
 * GELU, tanh form, and its derivative, for `T` = f32 or vec4f. tanh goes through one exponential, which is half
 * the price of the built-in on a software adapter; the clamp keeps it from overflowing.
 */
export function geluModule(T: 'f32' | 'vec4f'): string {
  return `
fn geluTanh(x: ${T}) -> ${T} {
  let u = clamp(1.5957691216 * (x + 0.044715 * x * x * x), ${T}(-20.0), ${T}(20.0));
  return 1.0 - 2.0 / (1.0 + exp(u));
}
fn gelu(x: ${T}) -> ${T} { return 0.5 * x * (1.0 + geluTanh(x)); }
fn geluSlope(x: ${T}) -> ${T} {
  let t = geluTanh(x);
  return 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * 0.7978845608 * (1.0 + 0.134145 * x * x);
}`;
}
