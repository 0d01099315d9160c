/**
 * The shaders of sampling on WebGPU that the model's own kernels do not give: reading one token per sequence,
 * attention over cached keys and values, drawing, and dropping finished rows. The drawing repeats sampling.ts
 * operation by operation.
 *
 * State on the GPU, for R rows of length up to L: tokens [R,L], lengths [R], logProb [R,L], and a list `active`
 * of the rows that still grow with its length in `count[0]`. Activations are dense: entry i belongs to row
 * active[i].
 */
import type { GuideRule } from '../../core/decoding/guidance.ts';
import { endToken } from '../model/config.ts';
import { defineProgram } from '../webgpu/program.ts';
import { elementModule, flatIndex } from '../webgpu/register.ts';

export const workgroupSize = 64;
/** Invocations of the single workgroup that compacts the list of active rows. */
export const compactors = 256;

type Element = 'vec4f' | 'f32';

/** Copies keys and values of the prompts' tokens into the caches of all their samples. n = elements of 2D. */
export function spread(element: Element) {
  return defineProgram({
    label: `spread prompt cache ${element}`,
    bindings: [`qkv: ${element}`, 'owner: i32', 'positions: i32', `cache: ${element} out`],
    params: ['total', 'n', 'samples', 'L'],
    workgroup: [workgroupSize],
    main: `
  let i = ${flatIndex(workgroupSize)};
  if (i >= p.total) { return; }
  let t = i / p.n;
  let d = i % p.n;
  let value = qkv[t * (p.n + p.n / 2u) + p.n / 2u + d];
  for (var s = 0u; s < p.samples; s++) {
    let row = u32(owner[t]) * p.samples + s;
    cache[(row * p.L + u32(positions[t])) * p.n + d] = value;
  }`,
  });
}

/** x[i] = embedding of the newest token of active row i. n = elements of D. */
export function embedNewest(element: Element) {
  return defineProgram({
    label: `embed newest ${element}`,
    bindings: [
      `wte: ${element}`,
      `wpe: ${element}`,
      'tokens: i32',
      'lengths: i32',
      'active_rows: i32',
      'count: u32',
      `x: ${element} out`,
    ],
    params: ['n', 'L'],
    workgroup: [workgroupSize],
    main: `
  let i = ${flatIndex(workgroupSize)} / p.n;
  let d = ${flatIndex(workgroupSize)} % p.n;
  if (i >= count[0]) { return; }
  let row = u32(active_rows[i]);
  let position = u32(lengths[row]) - 1u;
  x[i * p.n + d] = wte[u32(tokens[row * p.L + position]) * p.n + d] + wpe[position * p.n + d];`,
  });
}

/** Appends k and v to the cache and attends over it; `n` = elements per head. */
export function attendCached(element: Element, n: number) {
  const each = (text: (i: number) => string) => Array.from({ length: n }, (_, i) => text(i)).join(' ');
  return defineProgram({
    label: `cached attention ${n} ${element}`,
    bindings: [
      `qkv: ${element}`,
      'lengths: i32',
      'active_rows: i32',
      'count: u32',
      `cache: ${element} out`,
      `y: ${element} out`,
    ],
    params: ['heads', 'L', 'scale'],
    workgroup: [workgroupSize],
    module: elementModule(element),
    main: `
  let i = gid.x;
  if (i >= count[0]) { return; }
  let row = u32(active_rows[i]);
  let D = p.heads * ${n}u;
  let h = gid.y * ${n}u;
  let at = i * 3u * D + h;
  let last = u32(lengths[row]) - 1u;
  let base = row * p.L * 2u * D + h;
  let mine = base + last * 2u * D;
  ${each((e) => `let q${e} = qkv[at + ${e}u];`)}
  ${each((e) => `cache[mine + ${e}u] = qkv[at + D + ${e}u]; cache[mine + D + ${e}u] = qkv[at + 2u * D + ${e}u];`)}
  ${each((e) => `var s${e} = ${element}();`)}
  var peak = -3.0e38;
  var mass = 0.0;
  for (var j = 0u; j <= last; j++) {
    let kat = base + j * 2u * D;
    let score = (${Array.from({ length: n }, (_, e) => `inner(q${e}, cache[kat + ${e}u])`).join(' + ')}) * bitcast<f32>(p.scale);
    if (score > peak) {
      let shrink = exp(peak - score);
      mass *= shrink;
      ${each((e) => `s${e} *= shrink;`)}
      peak = score;
    }
    let w = exp(score - peak);
    mass += w;
    ${each((e) => `s${e} += w * cache[kat + D + ${e}u];`)}
  }
  ${each((e) => `y[i * D + h + ${e}u] = s${e} / mass;`)}`,
  });
}

/**
 * Draws the next token of every active row and appends it. `shared` (first step): the logits are one row per
 * prompt instead of one per active row. `firstRow` is added to the row number in the hash, where rows are worked
 * off in several waves.
 */
export function draw(filtered: boolean, guided: boolean) {
  return defineProgram({
    label: `draw${filtered ? ' filtered' : ''}${guided ? ' guided' : ''}`,
    bindings: [
      'logits: f32',
      ...(guided ? ['steered: f32'] : []),
      'banned: i32',
      'active_rows: i32',
      'count: u32',
      'tokens: i32 out',
      'lengths: i32 out',
      'logProb: f32 out',
    ],
    params: ['V', 'L', 'shared_by', 'firstRow', 'streamKey', 'scale', 'greedy', 'topK', 'topP'],
    workgroup: [workgroupSize],
    module: `${drawModule}${thresholdModule(guided ? 'steered[at]' : 'logits[at] * scale')}`,
    main: `
  let i = gid.x;
  if (i >= count[0]) { return; }
  let row = u32(active_rows[i]);
  let at = select(i, row / max(1u, p.shared_by), p.shared_by > 0u) * p.V;
  let length = u32(lengths[row]);
  var peak = logits[at];
  for (var v = 1u; v < p.V; v++) { peak = max(peak, logits[at + v]); }
  var mass = 0.0;
  for (var v = 0u; v < p.V; v++) { mass += exp(logits[at + v] - peak); }
  let scale = bitcast<f32>(p.scale);
  ${filtered ? 'let least = threshold(at, scale, p.topK, bitcast<f32>(p.topP));' : ''}
  let key = mix(mix(p.streamKey + p.firstRow + row) + length);
  var best = 0u;
  var bestValue = 0.0;
  var found = false;
  for (var v = 0u; v < p.V; v++) {
    if (banned[v] != 0) { continue; }
    var value = scaledAt(at + v, scale);
    ${filtered ? 'if (value < least) { continue; }' : ''}
    if (p.greedy == 0u) { value += gumbel(key, v); }
    if (!found || value > bestValue) {
      best = v;
      bestValue = value;
      found = true;
    }
  }
  tokens[row * p.L + length] = i32(best);
  logProb[row * p.L + length] = logits[at + best] - peak - log(mass);
  lengths[row] = i32(length) + 1;`,
  });
}

/**
 * What the draw of every active row chooses from where a value network steers: logits over temperature, plus the offsets
 * of guidance for the most likely tokens. `said` is log-odds of all tokens; of a network that gives histograms the last
 * hidden state, from which those of the candidates are made: see valueHead.ts. `shared_by` as in `draw`: then there is one
 * row per prompt, and `rows` of them.
 */
export function steer(rule: GuideRule, bins: number) {
  return defineProgram({
    label: `steer ${rule} ${bins}`,
    bindings: [
      'logits: f32',
      'banned: i32',
      'count: u32',
      'said: f32',
      ...(bins > 1 ? ['wte: f32', 'score: f32', 'bias: f32'] : []),
      'steered: f32 out',
    ],
    params: ['V', 'rows', 'shared_by', 'scale', 'candidates', 'inverse', 'D'],
    workgroup: [workgroupSize],
    module: `${bins > 1 ? binOffsetModule(rule, bins) : offsetModule(rule)}
${drawModule}${thresholdModule('logits[at] * scale')}`,
    main: `
  let i = gid.x;
  if (i >= select(count[0], p.rows, p.shared_by > 0u)) { return; }
  let at = i * p.V;
  let scale = bitcast<f32>(p.scale);
  let least = threshold(at, scale, p.candidates, 1.0);
  for (var v = 0u; v < p.V; v++) {
    let x = logits[at + v] * scale;
    if (banned[v] == 0 && x >= least) { steered[at + v] = x + offset(i, v, bitcast<f32>(p.inverse)); }
    else { steered[at + v] = x; }
  }`,
  });
}

/** `guideOffset` of core/decoding/guidance.ts. */
const offsetModule = (rule: GuideRule) => `
fn softplus(x: f32) -> f32 { return max(x, 0.0) + log32(1.0 + exp(-abs(x))); }
fn offset(row: u32, v: u32, s: f32) -> f32 {
  let l = said[row * p.V + v];
  return ${rule === 'cd' ? 's / (1.0 + exp(-clamp(l, -80.0, 80.0)))' : 'softplus(s + l) - softplus(l)'};
}`;

/** `histogramOffset` of core/decoding/guidance.ts. */
const binOffsetModule = (rule: GuideRule, bins: number) => `
fn reward(bin: u32) -> f32 { return f32(bin) / ${bins - 1}.0; }
fn offset(row: u32, v: u32, s: f32) -> f32 {
  var l: array<f32, ${bins}>;
  var top = -3.0e38;
  var raised = -3.0e38;
  for (var k = 0u; k < ${bins}u; k++) {
    var sum = bias[k];
    for (var d = 0u; d < p.D; d++) { sum += said[row * p.D + d] * wte[v * p.D + d] * score[k * p.D + d]; }
    l[k] = sum;
    top = max(top, sum);
    raised = max(raised, sum + s * reward(k));
  }
  var whole = 0.0;
  var more = 0.0;
  for (var k = 0u; k < ${bins}u; k++) {
    whole += exp(l[k] - top);
    more += ${rule === 'cd' ? 'exp(l[k] - top) * reward(k)' : 'exp(l[k] + s * reward(k) - raised)'};
  }
  return ${rule === 'cd' ? 's * more / whole' : '(raised - top) + (log32(more) - log32(whole))'};
}`;

/** sampling.ts in WGSL: `mix`, `log32` and `gumbel`. */
const drawModule = `
fn mix(input: u32) -> u32 {
  var x = input;
  x ^= x >> 16u;
  x *= 0x7feb352du;
  x ^= x >> 15u;
  x *= 0x846ca68bu;
  x ^= x >> 16u;
  return x;
}
fn log32(x: f32) -> f32 {
  let bits = bitcast<i32>(x);
  let e = (bits - 0x3f3504f3) >> 23u;
  let r = bitcast<f32>(bits - (e << 23u)) - 1.0;
  let z = r * r;
  var q = 7.0376836292e-2;
  q = q * r + -1.151461031e-1;
  q = q * r + 1.167699874e-1;
  q = q * r + -1.2420140846e-1;
  q = q * r + 1.4249322787e-1;
  q = q * r + -1.6668057665e-1;
  q = q * r + 2.0000714765e-1;
  q = q * r + -2.4999993993e-1;
  q = q * r + 3.3333331174e-1;
  var y = r * z * q;
  y += f32(e) * -2.1219444e-4;
  y -= z * 0.5;
  return (r + y) + f32(e) * 0.693359375;
}
fn gumbel(key: u32, token: u32) -> f32 {
  let bits = mix(key + token * 0x9e3779b9u);
  let u = (f32(bits >> 9u) + 0.5) / 8388608.0;
  return -log32(-log32(u));
}
`;

/** `threshold` of sampling.ts. @param scaled what stands at place `at`, over temperature */
const thresholdModule = (scaled: string) => `
fn scaledAt(at: u32, scale: f32) -> f32 { return ${scaled}; }
fn threshold(at: u32, scale: f32, topK: u32, topP: f32) -> f32 {
  var peak = -3.0e38;
  for (var v = 0u; v < p.V; v++) {
    if (banned[v] == 0) { peak = max(peak, scaledAt(at + v, scale)); }
  }
  var total = 0.0;
  for (var v = 0u; v < p.V; v++) {
    if (banned[v] == 0) { total += exp(scaledAt(at + v, scale) - peak); }
  }
  var level = 3.0e38;
  var kept = 0u;
  var mass = 0.0;
  for (var round = 0u; round < p.V; round++) {
    var next = -3.0e38;
    var times = 0u;
    for (var v = 0u; v < p.V; v++) {
      let x = scaledAt(at + v, scale);
      if (banned[v] != 0 || x >= level) { continue; }
      if (x > next) { next = x; times = 1u; } else if (x == next) { times++; }
    }
    if (times == 0u) { break; }
    level = next;
    kept += times;
    mass += f32(times) * exp(level - peak) / total;
    if ((topK > 0u && kept >= topK) || (topP < 1.0 && mass >= topP)) { break; }
  }
  return level;
}`;

/** From one list of active rows to the next, in order, leaving out those that ended or are full. One workgroup. */
export function compact() {
  return defineProgram({
    label: 'drop finished rows',
    bindings: [
      'tokens: i32',
      'lengths: i32',
      'active_rows: i32',
      'count: u32',
      'nextRows: i32 out',
      'nextCount: u32 out',
    ],
    params: ['L'],
    workgroup: [compactors],
    module: `
var<workgroup> kept: array<u32, ${compactors}>;
fn grows(row: u32) -> bool {
  let length = u32(lengths[row]);
  return length < p.L && tokens[row * p.L + length - 1u] != ${endToken};
}`,
    main: `
  let total = count[0];
  let share = (total + ${compactors - 1}u) / ${compactors}u;
  let from_ = li * share;
  let to_ = min(total, from_ + share);
  var mine = 0u;
  for (var i = from_; i < to_; i++) { if (grows(u32(active_rows[i]))) { mine++; } }
  kept[li] = mine;
  workgroupBarrier();
  var at = 0u;
  for (var j = 0u; j < li; j++) { at += kept[j]; }
  if (li == ${compactors - 1}u) { nextCount[0] = at + mine; }
  for (var i = from_; i < to_; i++) {
    let row = active_rows[i];
    if (grows(u32(row))) { nextRows[at] = row; at++; }
  }`,
  });
}
