/**
 * Embedding on WebGPU. The gradient is a gather, not a scatter: an invocation owns 16 columns of one row of wte
 * or wpe and adds up the positions that used this row, in order, so that no atomics are needed.
 */
import { defineProgram } from '../../webgpu/program.ts';
import { flatIndex, groupsFor, lanes, registerGpuKernel, rowElement } from '../../webgpu/register.ts';

const workgroupSize = 64;
/** Elements of a row that one invocation of the gradient owns. */
const ownedElements = 4;

type Element = 'vec4f' | 'f32';

export function registerEmbedding(): void {
  registerGpuKernel('FEmbedding', (gpu, { wte, wpe, tokens, positions }) => {
    const T = tokens.shape[0];
    const D = wte.shape[1];
    const element = rowElement(D);
    const n = D / lanes(element);
    const x = gpu.output([T, D]);
    gpu.dispatch(
      forward(element),
      [wte, wpe, tokens, positions, x],
      [T * n, n],
      groupsFor(T * n, workgroupSize),
    );
    return x;
  });
  registerGpuKernel('FEmbeddingGrad', (gpu, { dx, tokens, positions }, { vocab, maxLength }) => {
    const [T, D] = dx.shape;
    const element = rowElement(D);
    const n = D / lanes(element);
    const dwte = gpu.output([vocab, D]);
    const dwpe = gpu.output([maxLength, D]);
    const owners = (vocab + maxLength) * Math.ceil(n / ownedElements);
    gpu.dispatch(
      gradient(element),
      [dx, tokens, positions, dwte, dwpe],
      [T, n, vocab, maxLength],
      groupsFor(owners, workgroupSize),
    );
    return [dwte, dwpe];
  });
}

function forward(element: Element) {
  return defineProgram({
    label: `embedding ${element}`,
    bindings: [`wte: ${element}`, `wpe: ${element}`, 'tokens: i32', 'positions: i32', `x: ${element} out`],
    params: ['total', 'n'],
    workgroup: [workgroupSize],
    main: `
  let i = ${flatIndex(workgroupSize)};
  if (i >= p.total) { return; }
  let t = i / p.n;
  let d = i % p.n;
  x[i] = wte[u32(tokens[t]) * p.n + d] + wpe[u32(positions[t]) * p.n + d];`,
  });
}

function gradient(element: Element) {
  const own = (text: (i: number) => string) =>
    Array.from({ length: ownedElements }, (_, i) => text(i)).join('\n');
  // Sixteen ids per turn: most turns find nothing and cost one branch.
  const gather = (ids: string, out: string) => `
    for (var t = 0u; t < p.T; t += 16u) {
      let q = t / 4u;
      let wanted = vec4i(row);
      let hits = (${ids}[q] == wanted) | (${ids}[q + 1u] == wanted) | (${ids}[q + 2u] == wanted) | (${ids}[q + 3u] == wanted);
      if (any(hits)) {
        for (var j = t; j < min(t + 16u, p.T); j++) {
          if (${ids}[j / 4u][j % 4u] == row) {
            let at = j * p.n + d;
            ${own((i) => `s${i} += dx[at + ${i}u];`)}
          }
        }
      }
    }
    let at = u32(row) * p.n + d;
    ${own((i) => `if (d + ${i}u < p.n) { ${out}[at + ${i}u] = s${i}; }`)}`;
  return defineProgram({
    label: `embedding gradient ${element}`,
    bindings: [
      `dx: ${element}`,
      'tokens: vec4i',
      'positions: vec4i',
      `dwte: ${element} out`,
      `dwpe: ${element} out`,
    ],
    params: ['T', 'n', 'vocab', 'maxLength'],
    workgroup: [workgroupSize],
    main: `
  let i = ${flatIndex(workgroupSize)};
  let parts = (p.n + ${ownedElements - 1}u) / ${ownedElements}u;
  let d = (i % parts) * ${ownedElements}u;
  var row = i32(i / parts);
  ${own((k) => `var s${k} = ${element}();`)}
  if (row < i32(p.vocab)) {
    ${gather('tokens', 'dwte')}
  } else {
    row -= i32(p.vocab);
    if (row >= i32(p.maxLength)) { return; }
    ${gather('positions', 'dwpe')}
  }`,
  });
}
