/**
 * A rollout, whole or piece by piece. Prompts are read once each, side by side; their keys and values are shared by all
 * rows that continue them. Then all unfinished rows advance by one token at a time, as matrix products over rows; a row
 * that ends is dropped from the list, so it costs nothing more. A value network, where there is one, reads along with
 * weights, caches and logits of its own, and steers every draw. One that gives histograms keeps its hidden states in the
 * place of logits. Between two pieces the arena and the results keep
 * everything, and rows may be stopped.
 *
 * The job is a record of 32-bit words (generate/simd.ts writes it); all memory comes from one arena.
 */
import { attention, attentionWorkspace, softmax } from './attention';
import { drawToken, logSumExp, mostLikely, rowKey, steer, steerByBins } from './draw';
import { multiplyRows, packColumns, packedBytes, packRows } from './gemm';
import { fma, sumLanes } from './lanes';
import { layerNorm } from './layerNorm';
import { packedLinearGelu } from './linear';

const END_TOKEN: i32 = 1;
const EPSILON: f32 = 1e-5;

/** Places of the job's words. */
const VOCAB: i32 = 0;
const WIDTH: i32 = 1;
const LAYERS: i32 = 2;
const HEADS: i32 = 3;
const MAX_LENGTH: i32 = 4;
const PROMPTS: i32 = 5;
const ROWS: i32 = 6;
const FIRST_ROW: i32 = 7;
const SEED: i32 = 8;
const STREAM: i32 = 9;
const TOP_K: i32 = 10;
const GREEDY: i32 = 11;
const BANNED_COUNT: i32 = 12;
const INVERSE_TEMPERATURE: i32 = 13;
const TOP_P: i32 = 14;
/** Pointer to the pointers of all parameters, in the order of `parameterShapes`. */
const WEIGHTS: i32 = 15;
/** Prompts side by side: tokens [P], starts [prompts+1]. */
const PROMPT_TOKENS: i32 = 16;
const PROMPT_STARTS: i32 = 17;
/** [rows] which prompt each row continues. */
const ROW_PROMPT: i32 = 18;
const BANNED: i32 = 19;
/** Results: tokens [rows·maxLength], lengths [rows], log-probabilities [rows·maxLength]. */
const OUT_TOKENS: i32 = 20;
const OUT_LENGTHS: i32 = 21;
const OUT_LOG_PROB: i32 = 22;
const ARENA: i32 = 23;
/** Pointer to the pointers of the value network's parameters; 0 where nothing steers. */
const GUIDE: i32 = 24;
const GUIDE_INVERSE: i32 = 25;
const GUIDE_CANDIDATES: i32 = 26;
/** A rule of draw.ts. */
const GUIDE_RULE: i32 = 27;
/** Bins of the value network's histograms; 0 where it gives log-odds. */
const GUIDE_BINS: i32 = 28;
/** Its head where it gives them: [bins, D] and [bins]. */
const GUIDE_SCORE: i32 = 29;
const GUIDE_BIAS: i32 = 30;

/** Parameters of one layer, in order. */
const LAYER_TENSORS: i32 = 12;
const LN_1: i32 = 0;
const QKV: i32 = 2;
const PROJECT: i32 = 4;
const LN_2: i32 = 6;
const EXPAND: i32 = 8;
const CONTRACT: i32 = 10;

let job: usize = 0;
let V: i32 = 0;
let D: i32 = 0;
let layers: i32 = 0;
let heads: i32 = 0;
let maxLength: i32 = 0;
let rows: i32 = 0;
let prompts: i32 = 0;
let promptTokens: i32 = 0;
let paddedV: i32 = 0;
let bins: i32 = 0;
/** Places for completion tokens in a row's own cache. */
let room: i32 = 0;

let at: usize = 0;
let packedLayerBytes: i32 = 0;
/** What each of the two networks has of its own: the policy's first, the value network's behind it. */
let ownParts: usize = 0;
let ownBytes: usize = 0;
/** The parts of the network that reads now: see `readWith`. */
let steering: bool = false;
/** Bytes of what the head leaves for a row: logits, or a hidden state where that is wider. */
let outBytes: i32 = 0;
let binScratch: usize = 0;
let weights: usize = 0;
let packedLayers: usize = 0;
let packedHead: usize = 0;
let promptCache: usize = 0;
let rowCache: usize = 0;
let x: usize = 0;
let normal: usize = 0;
let qkv: usize = 0;
let mixed: usize = 0;
let inner: usize = 0;
let promptLogits: usize = 0;
let logits: usize = 0;
let scaled: usize = 0;
let odds: usize = 0;
let scores: usize = 0;
let active: usize = 0;
let workspace: usize = 0;

// @ts-ignore: decorator
@inline
function word(index: i32): i32 {
  return load<i32>(job + (index << 2));
}

// @ts-ignore: decorator
@inline
function i32At(list: usize, index: i32): i32 {
  return load<i32>(list + (index << 2));
}

// @ts-ignore: decorator
@inline
function weight(index: i32): usize {
  return load<u32>(weights + (index << 2));
}

// @ts-ignore: decorator
@inline
function layerWeight(layer: i32, tensor: i32): usize {
  return weight(2 + layer * LAYER_TENSORS + tensor);
}

function carve(bytes: i32): usize {
  const from = at;
  at += (bytes + 63) & ~63;
  return from;
}

/** Reads the sizes and divides the arena. */
function layout(pointer: usize): void {
  job = pointer;
  V = word(VOCAB);
  D = word(WIDTH);
  layers = word(LAYERS);
  heads = word(HEADS);
  maxLength = word(MAX_LENGTH);
  rows = word(ROWS);
  prompts = word(PROMPTS);
  paddedV = (V + 7) & ~7;
  bins = word(GUIDE_BINS);
  outBytes = (bins > 0 ? max(paddedV, (D + 3) & ~3) : paddedV) << 2;
  const starts = <usize>word(PROMPT_STARTS);
  promptTokens = i32At(starts, prompts);
  let shortest = maxLength;
  let longest = 0;
  for (let p = 0; p < prompts; p++) {
    const length = i32At(starts, p + 1) - i32At(starts, p);
    shortest = min(shortest, length);
    longest = max(longest, length);
  }
  room = max(1, maxLength - shortest);
  const count = max(promptTokens, rows);
  at = <usize>word(ARENA);
  packedLayerBytes =
    packedBytes(D, 3 * D) + packedBytes(D, D) + packedBytes(D, 4 * D) + packedBytes(4 * D, D);
  ownParts = at;
  readWith(false);
  ownBytes = at - ownParts;
  if (word(GUIDE) != 0) at += ownBytes;
  x = carve(count * D * 4);
  normal = carve(count * D * 4);
  qkv = carve(count * D * 12);
  mixed = carve(count * D * 4);
  inner = carve(count * D * 16);
  scaled = carve(paddedV * 4);
  odds = carve(paddedV * 4);
  scores = carve(heads * (maxLength + 8) * 4);
  active = carve(rows * 4);
  workspace = carve(attentionWorkspace(longest, D / heads));
  binScratch = carve(bins > 0 ? (((D + 3) & ~3) + ((bins + 3) & ~3)) << 2 : 0);
}

/** Makes the policy, or the value network, the one that reads. Leaves the end of its parts in `at`. */
function readWith(guide: bool): void {
  steering = guide;
  weights = <usize>word(guide ? GUIDE : WEIGHTS);
  at = guide ? ownParts + ownBytes : ownParts;
  packedLayers = carve(layers * packedLayerBytes);
  packedHead = carve(packedBytes(D, V));
  promptCache = carve(layers * promptTokens * 8 * D);
  rowCache = carve(layers * rows * room * 8 * D);
  promptLogits = carve(prompts * outBytes);
  logits = carve(rows * outBytes);
}

/** Bytes of arena that the job needs. */
export function generateBytes(pointer: usize): i32 {
  layout(pointer);
  return <i32>(at - <usize>word(ARENA));
}

/** Reads the prompts and writes the first token of every row. Returns how many rows go on. */
export function generateFirst(pointer: usize): i32 {
  layout(pointer);
  pack();
  readPrompts();
  return drawAll(startRows());
}

/** Writes up to `steps` more tokens of each of the `count` rows that go on. Returns how many still do. */
export function generateOn(pointer: usize, count: i32, steps: i32): i32 {
  layout(pointer);
  for (; count > 0 && steps > 0; steps--) {
    advance(count);
    count = drawAll(count);
  }
  return count;
}

/** Takes the rows that are marked, [rows] bytes, out of the `count` that go on. Returns how many are left. */
export function generateStop(pointer: usize, count: i32, marks: usize): i32 {
  layout(pointer);
  let left = 0;
  for (let i = 0; i < count; i++) {
    const row = i32At(active, i);
    if (load<u8>(marks + row) != 0) continue;
    store<i32>(active + (left << 2), row);
    left++;
  }
  return left;
}

// @ts-ignore: decorator
@inline
function packedQkv(layer: i32): usize {
  return packedLayers + layer * packedLayerBytes;
}

// @ts-ignore: decorator
@inline
function packedProject(layer: i32): usize {
  return packedQkv(layer) + packedBytes(D, 3 * D);
}

// @ts-ignore: decorator
@inline
function packedExpand(layer: i32): usize {
  return packedProject(layer) + packedBytes(D, D);
}

// @ts-ignore: decorator
@inline
function packedContract(layer: i32): usize {
  return packedExpand(layer) + packedBytes(D, 4 * D);
}

/** Puts the weights of every network in the order in which products read them. */
function pack(): void {
  packOne();
  if (word(GUIDE) == 0) return;
  readWith(true);
  packOne();
  readWith(false);
}

function packOne(): void {
  for (let l = 0; l < layers; l++) {
    packRows(layerWeight(l, QKV), D * 12, D, 3 * D, packedQkv(l));
    packRows(layerWeight(l, PROJECT), D * 4, D, D, packedProject(l));
    packRows(layerWeight(l, EXPAND), D * 16, D, 4 * D, packedExpand(l));
    packRows(layerWeight(l, CONTRACT), D * 4, 4 * D, D, packedContract(l));
  }
  packColumns(weight(0), D * 4, D, V, packedHead);
}

/** First half of a layer, for `n` rows of x: layer norm, then q, k and v. */
function beforeAttention(n: i32, l: i32): void {
  layerNorm(n, D, x, layerWeight(l, LN_1), layerWeight(l, LN_1 + 1), EPSILON, normal);
  multiplyRows(n, 3 * D, D, normal, D * 4, packedQkv(l), layerWeight(l, QKV + 1), qkv, D * 12, 0, 0);
}

/** Second half: projection and MLP, each added to x. */
function afterAttention(n: i32, l: i32): void {
  const bytes = D * 4;
  multiplyRows(n, D, D, mixed, bytes, packedProject(l), layerWeight(l, PROJECT + 1), x, bytes, x, bytes);
  layerNorm(n, D, x, layerWeight(l, LN_2), layerWeight(l, LN_2 + 1), EPSILON, normal);
  packedLinearGelu(n, D, 4 * D, normal, packedExpand(l), layerWeight(l, EXPAND + 1), inner, inner);
  multiplyRows(n, D, 4 * D, inner, D * 16, packedContract(l), layerWeight(l, CONTRACT + 1), x, bytes, x, bytes);
}

/**
 * Logits of `n` rows of x, filled up with −∞ behind the vocabulary; of a value network that gives histograms, the hidden
 * states, from which `steerByBins` makes them.
 */
function head(n: i32, out: usize): void {
  const gain = weight(2 + layers * LAYER_TENSORS);
  layerNorm(n, D, x, gain, weight(3 + layers * LAYER_TENSORS), EPSILON, normal);
  if (steering && bins > 0) {
    for (let i = 0; i < n; i++) memory.copy(out + i * outBytes, normal + i * D * 4, D * 4);
    return;
  }
  multiplyRows(n, paddedV, D, normal, D * 4, packedHead, 0, out, outBytes, 0, 0);
  for (let i = 0; i < n; i++) {
    for (let v = V; v < paddedV; v++) store<f32>(out + i * outBytes + (v << 2), -Infinity);
  }
}

/** x[i] = wte[token] + wpe[position] */
function embed(i: i32, token: i32, position: i32): void {
  const to = x + i * D * 4;
  const a = weight(0) + token * D * 4;
  const b = weight(1) + position * D * 4;
  for (let d = 0; d < D * 4; d += 4) store<f32>(to + d, load<f32>(a + d) + load<f32>(b + d));
}

/** Reads every prompt with every network. */
function readPrompts(): void {
  readPromptsOnce();
  if (word(GUIDE) == 0) return;
  readWith(true);
  readPromptsOnce();
  readWith(false);
}

/** Leaves keys and values in `promptCache` and the last logits in `promptLogits`. */
function readPromptsOnce(): void {
  const starts = <usize>word(PROMPT_STARTS);
  const tokens = <usize>word(PROMPT_TOKENS);
  for (let p = 0; p < prompts; p++) {
    const from = i32At(starts, p);
    for (let t = from; t < i32At(starts, p + 1); t++) embed(t, i32At(tokens, t), t - from);
  }
  for (let l = 0; l < layers; l++) {
    beforeAttention(promptTokens, l);
    const cache = promptCache + l * promptTokens * 8 * D;
    for (let t = 0; t < promptTokens; t++) {
      memory.copy(cache + t * 8 * D, qkv + t * 12 * D + 4 * D, 8 * D);
    }
    attention(prompts, D, heads, qkv, starts, mixed, workspace);
    afterAttention(promptTokens, l);
  }
  for (let p = 0; p < prompts; p++) {
    const last = i32At(starts, p + 1) - 1;
    // Never overtakes what is still to be read: prompt p ends at token p or later.
    if (last != p) memory.copy(x + p * D * 4, x + last * D * 4, D * 4);
  }
  head(prompts, promptLogits);
}

/** Copies prompts to their rows and lists the rows that can go on. Returns how many. */
function startRows(): i32 {
  const starts = <usize>word(PROMPT_STARTS);
  const tokens = <usize>word(PROMPT_TOKENS);
  const lengths = <usize>word(OUT_LENGTHS);
  const bytes = maxLength << 2;
  memory.fill(<usize>word(OUT_TOKENS), 0, rows * bytes);
  memory.fill(<usize>word(OUT_LOG_PROB), 0, rows * bytes);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const prompt = i32At(<usize>word(ROW_PROMPT), row);
    const from = i32At(starts, prompt);
    const length = i32At(starts, prompt + 1) - from;
    memory.copy(<usize>word(OUT_TOKENS) + row * bytes, tokens + (from << 2), length << 2);
    store<i32>(lengths + (row << 2), length);
    if (length < maxLength) {
      store<i32>(active + (count << 2), row);
      const first = promptLogits + prompt * outBytes;
      const mine = logits + count * outBytes;
      memory.copy(mine, first, outBytes);
      if (word(GUIDE) != 0) memory.copy(mine + ownBytes, first + ownBytes, outBytes);
      count++;
    }
  }
  return count;
}

/** Draws the next token of every active row from its logits; keeps the rows that go on. Returns how many. */
function drawAll(count: i32): i32 {
  const lengths = <usize>word(OUT_LENGTHS);
  const inverse = reinterpret<f32>(word(INVERSE_TEMPERATURE));
  const scale = f32x4.splat(inverse);
  const topP = reinterpret<f32>(word(TOP_P));
  const greedy = word(GREEDY) != 0;
  const stride = paddedV << 2;
  const end = scaled + stride;
  let left = 0;
  for (let i = 0; i < count; i++) {
    const row = i32At(active, i);
    const z = logits + i * outBytes;
    const lse = logSumExp(z, stride, odds);
    for (let v = 0; v < stride; v += 16) v128.store(scaled + v, f32x4.mul(v128.load(z + v), scale));
    if (inverse != 1) logSumExp(scaled, stride, odds);
    for (let b = 0; b < word(BANNED_COUNT); b++) {
      const at = i32At(<usize>word(BANNED), b) << 2;
      store<f32>(scaled + at, -Infinity);
      store<f32>(odds + at, 0);
    }
    if (word(GUIDE) != 0) {
      const candidates = word(GUIDE_CANDIDATES);
      const strength = reinterpret<f32>(word(GUIDE_INVERSE));
      const said = z + ownBytes;
      if (bins > 0) {
        const wte = load<u32>(<usize>word(GUIDE));
        const score = <usize>word(GUIDE_SCORE);
        const bias = <usize>word(GUIDE_BIAS);
        steerByBins(
          scaled, end, said, wte, score, bias, D, bins, odds, candidates, strength, word(GUIDE_RULE), binScratch,
        );
      } else steer(scaled, end, said, odds, candidates, strength, word(GUIDE_RULE));
      logSumExp(scaled, stride, odds);
    }
    const length = i32At(lengths, row);
    let token: i32;
    if (greedy) token = mostLikely(scaled, end);
    else {
      const key = rowKey(word(SEED), word(STREAM), word(FIRST_ROW) + row);
      token = drawToken(scaled, end, odds, key, length, word(TOP_K), topP);
    }
    const place = (row * maxLength + length) << 2;
    store<i32>(<usize>word(OUT_TOKENS) + place, token);
    store<f32>(<usize>word(OUT_LOG_PROB) + place, load<f32>(z + (token << 2)) - lse);
    store<i32>(lengths + (row << 2), length + 1);
    if (token != END_TOKEN && length + 1 < maxLength) {
      store<i32>(active + (left << 2), row);
      left++;
    }
  }
  return left;
}

/** Reads the last token of every active row with every network. */
function advance(count: i32): void {
  advanceOnce(count);
  if (word(GUIDE) == 0) return;
  readWith(true);
  advanceOnce(count);
  readWith(false);
}

/** Leaves logits in the order of `active`. */
function advanceOnce(count: i32): void {
  const lengths = <usize>word(OUT_LENGTHS);
  const starts = <usize>word(PROMPT_STARTS);
  for (let i = 0; i < count; i++) {
    const row = i32At(active, i);
    const position = i32At(lengths, row) - 1;
    embed(i, i32At(<usize>word(OUT_TOKENS), row * maxLength + position), position);
  }
  const entry = 8 * D;
  for (let l = 0; l < layers; l++) {
    beforeAttention(count, l);
    for (let i = 0; i < count; i++) {
      const row = i32At(active, i);
      const prompt = i32At(<usize>word(ROW_PROMPT), row);
      const from = i32At(starts, prompt);
      const promptLength = i32At(starts, prompt + 1) - from;
      const own = i32At(lengths, row) - promptLength;
      const shared = promptCache + (l * promptTokens + from) * entry;
      const cache = rowCache + (l * rows + row) * room * entry;
      const q = qkv + i * 12 * D;
      memory.copy(cache + (own - 1) * entry, q + 4 * D, entry);
      attend(q, shared, promptLength, cache, own, mixed + i * 4 * D);
    }
    afterAttention(count, l);
  }
  head(count, logits);
}

/** One query over the shared keys of its prompt and the row's own. Cache entries hold k, then v. */
function attend(q: usize, shared: usize, promptLength: i32, cache: usize, own: i32, out: usize): void {
  const size = D / heads;
  const entry = 8 * D;
  const scale = <f32>1 / sqrt<f32>(<f32>size);
  const length = promptLength + own;
  const padded = (length + 3) & ~3;
  // Scores of all heads first, then all probabilities: what has just been stored is not read back at once.
  for (let h = 0; h < heads; h++) {
    const column = h * size << 2;
    const row = scores + (h * padded << 2);
    scoreKeys(q + column, shared + column, promptLength, size, row);
    scoreKeys(q + column, cache + column, own, size, row + (promptLength << 2));
    for (let j = length; j < padded; j++) store<f32>(row + (j << 2), -1e30);
  }
  for (let h = 0; h < heads; h++) softmax(scores + (h * padded << 2), padded, padded, scale);
  memory.fill(out, 0, 4 * D);
  for (let h = 0; h < heads; h++) {
    const column = h * size << 2;
    const row = scores + (h * padded << 2);
    mixValues(row, shared + 4 * D + column, promptLength, entry, size, out + column);
    mixValues(row + (promptLength << 2), cache + 4 * D + column, own, entry, size, out + column);
  }
}

/** out[t] = q·k_t: four keys at a time, whose partial sums are added across. */
function scoreKeys(q: usize, keys: usize, count: i32, size: i32, out: usize): void {
  const stride = 8 * D;
  const bytes = size << 2;
  const whole = bytes & ~15;
  let t = 0;
  for (; t + 4 <= count; t += 4) {
    const k0 = keys + t * stride;
    const k1 = k0 + stride;
    const k2 = k1 + stride;
    const k3 = k2 + stride;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let d = 0;
    for (; d < whole; d += 16) {
      const a = v128.load(q + d);
      s0 = fma(a, v128.load(k0 + d), s0);
      s1 = fma(a, v128.load(k1 + d), s1);
      s2 = fma(a, v128.load(k2 + d), s2);
      s3 = fma(a, v128.load(k3 + d), s3);
    }
    const a = f32x4.add(v128.shuffle<f32>(s0, s1, 0, 4, 1, 5), v128.shuffle<f32>(s0, s1, 2, 6, 3, 7));
    const b = f32x4.add(v128.shuffle<f32>(s2, s3, 0, 4, 1, 5), v128.shuffle<f32>(s2, s3, 2, 6, 3, 7));
    let sum = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
    for (; d < bytes; d += 4) {
      const rest = f32x4(load<f32>(k0 + d), load<f32>(k1 + d), load<f32>(k2 + d), load<f32>(k3 + d));
      sum = fma(v128.load32_splat(q + d), rest, sum);
    }
    v128.store(out + (t << 2), sum);
  }
  for (; t < count; t++) {
    const k = keys + t * stride;
    let s = f32x4.splat(0);
    let d = 0;
    for (; d < whole; d += 16) s = fma(v128.load(q + d), v128.load(k + d), s);
    let sum = sumLanes(s);
    for (; d < bytes; d += 4) sum += load<f32>(q + d) * load<f32>(k + d);
    store<f32>(out + (t << 2), sum);
  }
}

/** out += Σ_t p[t]·v_t */
function mixValues(p: usize, values: usize, count: i32, stride: i32, size: i32, out: usize): void {
  const bytes = size << 2;
  let d = 0;
  for (; d + 64 <= bytes; d += 64) {
    const to = out + d;
    let a = v128.load(to), b = v128.load(to, 16), c = v128.load(to, 32), e = v128.load(to, 48);
    let v = values + d;
    for (let t = 0; t < count; t++) {
      const weight = v128.load32_splat(p + (t << 2));
      a = fma(weight, v128.load(v), a);
      b = fma(weight, v128.load(v, 16), b);
      c = fma(weight, v128.load(v, 32), c);
      e = fma(weight, v128.load(v, 48), e);
      v += stride;
    }
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, e, 48);
  }
  for (; d + 16 <= bytes; d += 16) {
    let sum = v128.load(out + d);
    let v = values + d;
    for (let t = 0; t < count; t++) {
      sum = fma(v128.load32_splat(p + (t << 2)), v128.load(v), sum);
      v += stride;
    }
    v128.store(out + d, sum);
  }
  for (; d < bytes; d += 4) {
    let sum = load<f32>(out + d);
    let v = values + d;
    for (let t = 0; t < count; t++) {
      sum += load<f32>(p + (t << 2)) * load<f32>(v);
      v += stride;
    }
    store<f32>(out + d, sum);
  }
}
