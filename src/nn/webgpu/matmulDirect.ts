/**
 * Matrix product without workgroup memory: every invocation computes 8 rows × 8 columns in registers, the inner
 * loop fully unrolled by this generator. Neighbouring invocations take neighbouring row blocks, so they read
 * the same part of `b`. On SwiftShader 8×8 blocks in 8×8 workgroups measured best (4.5 GFLOP/s on two cores,
 * against 2.8 for 4×4 blocks, 2.4 for 8×16, and 0.05 for the textbook kernel with barriers).
 */
import { geluModule, type MatmulKey, matmulBindings, matmulLabel } from './matmulKey.ts';
import { defineProgram, type GpuProgram } from './program.ts';

/** Rows of the block, and columns in vec4. */
const blockRows = 8;
const blockColumns = 2;
const laneNames = ['x', 'y', 'z', 'w'];

const each = (n: number, text: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => text(i)).join('\n');

/** Workgroups in x (row blocks) and y (column blocks). */
export function directTiles(key: MatmulKey, M: number, N: number): [number, number] {
  const side = groupSide(key);
  return [Math.ceil(M / (blockRows * side)), Math.ceil(N / (blockColumns * 4 * side))];
}

/** A weight gradient is small: small workgroups spread it over all cores. */
function groupSide(key: MatmulKey): number {
  return key.mode === 'tn' ? 4 : 8;
}

export function directProgram(key: MatmulKey): GpuProgram {
  const side = groupSide(key);
  return defineProgram({
    label: matmulLabel(key, 'direct'),
    bindings: matmulBindings(key, key.aligned ? 'vec4f' : 'f32'),
    params: ['M', 'N', 'K'],
    workgroup: [side, side],
    module: loads(key) + (key.gelu ? geluModule('vec4f') : ''),
    main: `
  let row = gid.x * ${blockRows}u;
  let col = gid.y * ${blockColumns}u;
  let N4 = (p.N + 3u) / 4u;
  if (row >= p.M || col >= N4${key.limit ? ' || row >= limit[0]' : ''}) { return; }
  ${each(blockRows * blockColumns, (i) => `var s${Math.floor(i / blockColumns)}_${i % blockColumns} = vec4f();`)}
  ${key.mode === 'tn' ? transposedLoop(key) : rowLoop(key)}
  ${each(blockRows, (r) => `if (row + ${r}u < p.M) { ${each(blockColumns, (c) => finish(key, r, c))} }`)}`,
  });
}

/**
 * `loadX(row, column4)` reads four entries of a row. Unaligned rows are put together from single entries, with
 * zeros past the end (what lies there may be NaN).
 */
function loads(key: MatmulKey): string {
  const load = (name: string, width: string, height: string) =>
    key.aligned
      ? `fn load_${name}(row: u32, c4: u32) -> vec4f { return ${name}[row * (${width} / 4u) + c4]; }`
      : `fn load_${name}(row: u32, c4: u32) -> vec4f {
  var v = vec4f();
  if (row >= ${height}) { return v; }
  let at = row * ${width} + c4 * 4u;
  ${each(4, (i) => `if (c4 * 4u + ${i}u < ${width}) { v.${laneNames[i]} = ${name}[at + ${i}u]; }`)}
  return v;
}`;
  // The height of `a` or `b` is unknown where rows are gathered; the index is trusted there.
  const unbounded = '0xffffffffu';
  const parts =
    key.mode === 'tn'
      ? [load('a', 'p.M', 'p.K'), load('b', 'p.N', key.gatherInner ? unbounded : 'p.K')]
      : [
          load('a', 'p.K', key.gather ? unbounded : 'p.M'),
          key.mode === 'nn' ? load('b', 'p.N', 'p.K') : load('b', 'p.K', 'p.N'),
        ];
  if (key.bias) parts.push(load('bias', 'p.N', '1u'));
  if (key.residual) parts.push(load('residual', 'p.N', 'p.M'));
  for (const out of ['y', ...(key.keepPre ? ['pre'] : []), ...(key.columnSums ? ['sums'] : [])]) {
    parts.push(
      key.aligned
        ? `fn store_${out}(row: u32, c4: u32, v: vec4f) { ${out}[row * (p.N / 4u) + c4] = v; }`
        : `fn store_${out}(row: u32, c4: u32, v: vec4f) {
  let at = row * p.N + c4 * 4u;
  ${each(4, (i) => `if (c4 * 4u + ${i}u < p.N) { ${out}[at + ${i}u] = v.${laneNames[i]}; }`)}
}`,
    );
  }
  return parts.join('\n');
}

/** Rows of `a` against rows (`nn`) or columns (`nt`) of `b`, four inner entries at a time. */
function rowLoop(key: MatmulKey): string {
  const rows = each(blockRows, (r) =>
    key.gather
      ? `let g${r} = index[min(row + ${r}u, p.M - 1u)]; let a${r} = u32(max(g${r}, 0)); let none${r} = g${r} < 0;`
      : `let a${r} = min(row + ${r}u, p.M - 1u);`,
  );
  const read = each(blockRows, (r) =>
    key.gather
      ? `let x${r} = select(load_a(a${r}, k4), vec4f(), none${r});`
      : `let x${r} = load_a(a${r}, k4);`,
  );
  const nn = each(
    4,
    (j) => `{
      ${each(blockColumns, (c) => `let b${c} = load_b(k4 * 4u + ${j}u, col + ${c}u);`)}
      ${each(blockRows * blockColumns, (i) => {
        const [r, c] = [Math.floor(i / blockColumns), i % blockColumns];
        return `s${r}_${c} += x${r}.${laneNames[j]} * b${c};`;
      })}
    }`,
  );
  const nt = each(
    blockColumns,
    (c) => `{
      ${each(4, (i) => `let b${i} = load_b(min(col * 4u + ${c * 4 + i}u, p.N - 1u), k4);`)}
      ${each(blockRows, (r) => `s${r}_${c} += vec4f(dot(x${r}, b0), dot(x${r}, b1), dot(x${r}, b2), dot(x${r}, b3));`)}
    }`,
  );
  return `${rows}
  let K4 = (p.K + 3u) / 4u;
  for (var k4 = 0u; k4 < K4; k4++) {
    ${read}
    ${key.mode === 'nn' ? nn : nt}
  }`;
}

/** Outer products of rows of `a` and `b`, two per turn of the loop (measured a third faster than one). */
function transposedLoop(key: MatmulKey): string {
  const product = (k: string) => `{
    let kb = ${key.gatherInner ? `u32(index[${k}])` : k};
    ${each(blockRows / 4, (q) => `let a${q} = load_a(${k}, row / 4u + ${q}u);`)}
    ${each(blockColumns, (c) => `let b${c} = load_b(kb, col + ${c}u);`)}
    ${each(blockRows * blockColumns, (i) => {
      const [r, c] = [Math.floor(i / blockColumns), i % blockColumns];
      return `s${r}_${c} += a${Math.floor(r / 4)}.${laneNames[r % 4]} * b${c};`;
    })}
    ${key.columnSums ? each(blockColumns, (c) => `t${c} += b${c};`) : ''}
  }`;
  return `
  ${key.columnSums ? each(blockColumns, (c) => `var t${c} = vec4f();`) : ''}
  var k = 0u;
  for (; k + 1u < p.K; k += 2u) { ${product('k')} ${product('(k + 1u)')} }
  if (k < p.K) ${product('k')}
  ${
    key.columnSums
      ? `if (row == 0u) { ${each(blockColumns, (c) => `if (col + ${c}u < N4) { store_sums(0u, col + ${c}u, t${c}); }`)} }`
      : ''
  }`;
}

function finish(key: MatmulKey, r: number, c: number): string {
  const at = `row + ${r}u, col + ${c}u`;
  const terms = [
    `s${r}_${c}`,
    ...(key.bias ? [`load_bias(0u, col + ${c}u)`] : []),
    ...(key.residual ? [`load_residual(${at})`] : []),
  ];
  const store = `${key.keepPre ? `store_pre(${at}, v); ` : ''}store_y(${at}, ${key.gelu ? 'gelu(v)' : 'v'});`;
  return `if (col + ${c}u < N4) { let v = ${terms.join(' + ')}; ${store} }`;
}
