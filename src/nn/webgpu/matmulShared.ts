/**
 * Matrix product through workgroup memory: `side`² invocations hold a square tile of the result, 4×4 entries
 * each, and stage strips of both operands so that every entry is read from memory once per tile. For weight
 * gradients, whose inner dimension (tokens) is long and whose result is small, four such teams in a workgroup
 * share the inner dimension and add up their tiles at the end, in a fixed order.
 * Workgroup memory: 8 KB at most. Any sizes: the strips are padded with zeros while they are loaded.
 */
import { geluModule, type MatmulKey, matmulBindings, matmulLabel } from './matmulKey.ts';
import { defineProgram, type GpuProgram } from './program.ts';

const each = (n: number, text: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => text(i)).join('\n');

/** Workgroups in x (tiles of columns) and y (tiles of rows). */
export function sharedTiles(side: number, M: number, N: number): [number, number] {
  return [Math.ceil(N / (4 * side)), Math.ceil(M / (4 * side))];
}

export function sharedProgram(key: MatmulKey, requested: 8 | 16): GpuProgram {
  const teams = key.mode === 'tn' && requested === 8 ? 4 : 1;
  const side = requested;
  const tile = 4 * side;
  const depth = teams === 4 ? 8 : 16;
  const team = side * side;
  const strip = depth * tile;
  return defineProgram({
    label: matmulLabel({ ...key, aligned: false }, `shared ${tile}`),
    bindings: matmulBindings(key, 'f32'),
    params: ['M', 'N', 'K'],
    workgroup: [team, teams],
    module: `
var<workgroup> stage: array<f32, ${teams * 2 * strip}>;
${entries(key)}
${key.gelu ? geluModule('f32') : ''}`,
    main: `
  let me = lid.x;
  let team = lid.y;
  let strips = team * ${2 * strip}u;
  let m0 = wid.y * ${tile}u;
  let n0 = wid.x * ${tile}u;
  ${key.limit ? 'if (m0 >= limit[0]) { return; }' : ''}
  let tm = (me / ${side}u) * 4u;
  let tn = (me % ${side}u) * 4u;
  ${each(4, (r) => `var s${r} = vec4f();`)}
  ${key.columnSums ? 'var total = vec4f();' : ''}
  let steps = (p.K + ${teams * depth - 1}u) / ${teams * depth}u;
  for (var step = 0u; step < steps; step++) {
    let k0 = (step * ${teams}u + team) * ${depth}u;
    for (var i = me; i < ${strip}u; i += ${team}u) {
      ${place('a', key.mode === 'tn' ? 'outer' : 'inner', depth, tile, 0)}
      ${place('b', key.mode === 'nt' ? 'inner' : 'outer', depth, tile, strip)}
    }
    workgroupBarrier();
    for (var k = 0u; k < ${depth}u; k++) {
      let ia = strips + k * ${tile}u + tm;
      let ib = strips + ${strip}u + k * ${tile}u + tn;
      let bv = vec4f(stage[ib], stage[ib + 1u], stage[ib + 2u], stage[ib + 3u]);
      ${each(4, (r) => `s${r} += stage[ia + ${r}u] * bv;`)}
      ${key.columnSums ? 'total += bv;' : ''}
    }
    workgroupBarrier();
  }
  ${teams === 4 ? addTeams(key, team) : ''}
  ${teams === 4 ? 'if (team != 0u) { return; }' : ''}
  ${each(4, (r) => each(4, (c) => `finish(m0 + tm + ${r}u, n0 + tn + ${c}u, s${r}[${c}]);`))}
  ${
    key.columnSums
      ? `if (wid.y == 0u && tm == 0u) { ${each(4, (c) => `if (n0 + tn + ${c}u < p.N) { sums[n0 + tn + ${c}u] = total[${c}]; }`)} }`
      : ''
  }`,
  });
}

/** Loads one entry of a strip; neighbours in `i` are neighbours in memory. Strips are [depth][tile]. */
function place(
  name: 'a' | 'b',
  contiguous: 'inner' | 'outer',
  depth: number,
  tile: number,
  offset: number,
): string {
  const origin = name === 'a' ? 'm0' : 'n0';
  return contiguous === 'inner'
    ? `{ let k = i % ${depth}u; let o = i / ${depth}u;
        stage[strips + ${offset}u + k * ${tile}u + o] = entry_${name}(${origin} + o, k0 + k); }`
    : `{ let k = i / ${tile}u; let o = i % ${tile}u;
        stage[strips + ${offset}u + i] = entry_${name}(${origin} + o, k0 + k); }`;
}

/** `entry_a(m, k)` and `entry_b(n, k)` with zeros outside, and `finish(m, n, value)` with the epilogue. */
function entries(key: MatmulKey): string {
  const { mode } = key;
  const a =
    mode === 'tn'
      ? 'return a[k * p.M + m];'
      : key.gather
        ? 'let g = index[m]; if (g < 0) { return 0.0; } return a[u32(g) * p.K + k];'
        : 'return a[m * p.K + k];';
  const b =
    mode === 'nt'
      ? 'return b[n * p.K + k];'
      : key.gatherInner
        ? 'return b[u32(index[k]) * p.N + n];'
        : 'return b[k * p.N + n];';
  const terms = [
    'v',
    ...(key.bias ? ['bias[n]'] : []),
    ...(key.residual ? ['residual[m * p.N + n]'] : []),
  ].join(' + ');
  return `
fn entry_a(m: u32, k: u32) -> f32 { if (m >= p.M || k >= p.K) { return 0.0; } ${a} }
fn entry_b(n: u32, k: u32) -> f32 { if (n >= p.N || k >= p.K) { return 0.0; } ${b} }
fn finish(m: u32, n: u32, v: f32) {
  if (m >= p.M || n >= p.N) { return; }
  let t = ${terms};
  ${key.keepPre ? 'pre[m * p.N + n] = t;' : ''}
  y[m * p.N + n] = ${key.gelu ? 'gelu(t)' : 't'};
}`;
}

/** Adds the tiles of teams 2, 3 to 0, 1 and then 1 to 0, through the staging memory (two tiles of 1,024). */
function addTeams(key: MatmulKey, team: number): string {
  const parts = ['s0', 's1', 's2', 's3', ...(key.columnSums ? ['total'] : [])];
  const round = (from: number, slots: number) =>
    parts
      .map(
        (part) => `
  if (team >= ${from}u && team < ${from + slots}u) {
    let at = ((team - ${from}u) * ${team}u + me) * 4u;
    ${each(4, (c) => `stage[at + ${c}u] = ${part}[${c}];`)}
  }
  workgroupBarrier();
  if (team < ${slots}u) {
    let at = (team * ${team}u + me) * 4u;
    ${part} += vec4f(stage[at], stage[at + 1u], stage[at + 2u], stage[at + 3u]);
  }
  workgroupBarrier();`,
      )
      .join('');
  return round(2, 2) + round(1, 1);
}
