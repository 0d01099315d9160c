/**
 * Causal attention on WebGPU: one invocation per (token, head), twice over the keys of its sequence (highest score,
 * then the softmax: cheaper than a running softmax, whose rescaling branches), no score matrix in memory and no
 * barriers. Backward in two passes: per query (recomputes the log-sum-exp, writes dq), then per key (writes dk and
 * dv), so every entry of dqkv has exactly one writer.
 */
import { defineProgram, f32Bits } from '../../webgpu/program.ts';
import { elementModule, lanes, registerGpuKernel, rowElement, searchModule } from '../../webgpu/register.ts';

const workgroupSize = 64;

type Element = 'vec4f' | 'f32';

export function registerAttention(): void {
  registerGpuKernel('FAttention', (gpu, { qkv, starts }, { heads }) => {
    const s = sizes(qkv.shape, heads);
    const y = gpu.output([s.T, s.D]);
    gpu.dispatch(forward(s.element, s.size), [qkv, starts, y], params(s, starts.shape[0]), groups(s));
    return y;
  });
  registerGpuKernel('FAttentionGrad', (gpu, { dy, qkv, starts }, { heads }) => {
    const s = sizes(qkv.shape, heads);
    const dqkv = gpu.output(qkv.shape);
    const stats = gpu.output([s.T, heads, 2]);
    const uniforms = params(s, starts.shape[0]);
    gpu.dispatch(queryPass(s.element, s.size), [dy, qkv, starts, dqkv, stats], uniforms, groups(s));
    gpu.dispatch(keyPass(s.element, s.size), [dy, qkv, starts, stats, dqkv], uniforms, groups(s));
    gpu.disposeData(stats.dataId);
    return dqkv;
  });
}

interface Sizes {
  T: number;
  D: number;
  heads: number;
  element: Element;
  /** Elements per head. */
  size: number;
}

function sizes([T, columns]: number[], heads: number): Sizes {
  const D = columns / 3;
  const element = rowElement(D / heads);
  return { T, D, heads, element, size: D / heads / lanes(element) };
}

const paramNames = ['T', 'heads', 'B', 'scale'];

function params({ T, D, heads }: Sizes, bounds: number): number[] {
  return [T, heads, bounds - 1, f32Bits(1 / Math.sqrt(D / heads))];
}

function groups({ T, heads }: Sizes): [number, number] {
  return [Math.ceil(T / workgroupSize), heads];
}

const each = (n: number, text: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => text(i)).join(' ');
/** Declares name0 … from consecutive elements of `buffer` at `at`. */
const load = (n: number, name: string, buffer: string, at: string) =>
  each(n, (i) => `let ${name}${i} = ${buffer}[${at} + ${i}u];`);
const product = (n: number, a: string, b: string) =>
  Array.from({ length: n }, (_, i) => `inner(${a}${i}, ${b}${i})`).join(' + ');

/** Names every kernel uses: which token and head this is, and where rows of qkv and y begin. */
const prologue = (size: number) => `
  let t = gid.x;
  let h = gid.y;
  if (t >= p.T) { return; }
  let D = p.heads * ${size}u;
  let scale = bitcast<f32>(p.scale);
  let sequence = find(i32(t), p.B);
  let at = t * 3u * D + h * ${size}u;`;

/** `peak`: the highest score of this query, over keys `first` to t. */
const findPeak = (n: number) => `
  let first = u32(starts[sequence]);
  ${load(n, 'q', 'qkv', 'at')}
  var peak = -3.0e38;
  for (var j = first; j <= t; j++) {
    let kat = j * 3u * D + D + h * ${n}u;
    ${load(n, 'k', 'qkv', 'kat')}
    peak = max(peak, (${product(n, 'q', 'k')}) * scale);
  }`;

function forward(element: Element, n: number) {
  return defineProgram({
    label: `attention ${n} ${element}`,
    bindings: [`qkv: ${element}`, 'starts: i32', `y: ${element} out`],
    params: paramNames,
    workgroup: [workgroupSize],
    module: elementModule(element) + searchModule('starts'),
    main: `
  ${prologue(n)}
  ${findPeak(n)}
  ${each(n, (i) => `var s${i} = ${element}();`)}
  var mass = 0.0;
  for (var j = first; j <= t; j++) {
    let kat = j * 3u * D + D + h * ${n}u;
    let vat = kat + D;
    ${load(n, 'k', 'qkv', 'kat')}
    let e = exp((${product(n, 'q', 'k')}) * scale - peak);
    mass += e;
    ${each(n, (i) => `s${i} += e * qkv[vat + ${i}u];`)}
  }
  let out = t * D + h * ${n}u;
  ${each(n, (i) => `y[out + ${i}u] = s${i} / mass;`)}`,
  });
}

/**
 * dq = scale · (Σ p (dy·v) k − δ Σ p k) with δ = Σ p (dy·v); and for each (token, head) the log-sum-exp of its
 * scores and δ, for the key pass.
 */
function queryPass(element: Element, n: number) {
  return defineProgram({
    label: `attention gradient, queries ${n} ${element}`,
    bindings: [`dy: ${element}`, `qkv: ${element}`, 'starts: i32', `dqkv: ${element} out`, 'stats: f32 out'],
    params: paramNames,
    workgroup: [workgroupSize],
    module: elementModule(element) + searchModule('starts'),
    main: `
  ${prologue(n)}
  ${findPeak(n)}
  let dat = t * D + h * ${n}u;
  ${load(n, 'd', 'dy', 'dat')}
  var mass = 0.0;
  var moment = 0.0;
  ${each(n, (i) => `var g${i} = ${element}(); var m${i} = ${element}();`)}
  for (var j = first; j <= t; j++) {
    let kat = j * 3u * D + D + h * ${n}u;
    let vat = kat + D;
    ${load(n, 'k', 'qkv', 'kat')}
    ${load(n, 'v', 'qkv', 'vat')}
    let e = exp((${product(n, 'q', 'k')}) * scale - peak);
    let w = e * (${product(n, 'd', 'v')});
    mass += e;
    moment += w;
    ${each(n, (i) => `g${i} += w * k${i}; m${i} += e * k${i};`)}
  }
  let delta = moment / mass;
  ${each(n, (i) => `dqkv[at + ${i}u] = (g${i} - delta * m${i}) * (scale / mass);`)}
  stats[(t * p.heads + h) * 2u] = peak + log(mass);
  stats[(t * p.heads + h) * 2u + 1u] = delta;`,
  });
}

function keyPass(element: Element, n: number) {
  return defineProgram({
    label: `attention gradient, keys ${n} ${element}`,
    bindings: [`dy: ${element}`, `qkv: ${element}`, 'starts: i32', 'stats: f32', `dqkv: ${element} out`],
    params: paramNames,
    workgroup: [workgroupSize],
    module: elementModule(element) + searchModule('starts'),
    main: `
  ${prologue(n)}
  let kat = at + D;
  let vat = kat + D;
  ${load(n, 'k', 'qkv', 'kat')}
  ${load(n, 'v', 'qkv', 'vat')}
  ${each(n, (i) => `var gk${i} = ${element}(); var gv${i} = ${element}();`)}
  let end = u32(starts[sequence + 1u]);
  for (var i = t; i < end; i++) {
    let qat = i * 3u * D + h * ${n}u;
    let dat = i * D + h * ${n}u;
    ${load(n, 'q', 'qkv', 'qat')}
    ${load(n, 'd', 'dy', 'dat')}
    let row = (i * p.heads + h) * 2u;
    let prob = exp((${product(n, 'q', 'k')}) * scale - stats[row]);
    let ds = prob * ((${product(n, 'd', 'v')}) - stats[row + 1u]) * scale;
    ${each(n, (i) => `gk${i} += ds * q${i}; gv${i} += prob * d${i};`)}
  }
  ${each(n, (i) => `dqkv[kat + ${i}u] = gk${i}; dqkv[vat + ${i}u] = gv${i};`)}`,
  });
}
