/**
 * A compute shader of ours: WGSL plus the list of what it binds. Unlike a tfjs program it may write several
 * buffers, its layout is explicit (an unused binding is not dropped), and its identity is its whole source, so
 * that nothing baked into the code can be missing from the cache key.
 */

export type ElementType = 'f32' | 'i32' | 'u32' | 'vec4f' | 'vec4i';

export interface Binding {
  name: string;
  type: ElementType;
  access: 'read' | 'write';
}

export interface GpuProgram {
  /** For error messages and profiles. */
  readonly label: string;
  readonly bindings: readonly Binding[];
  /** Names of the 32-bit unsigned scalars in the uniform `p`, in order. Floats travel as bits: `f32Bits`. */
  readonly params: readonly string[];
  readonly code: string;
}

export interface ProgramSource {
  label: string;
  /** `'x: f32'` is read, `'y: f32 out'` written; `array<type>` in storage memory. At most 8. */
  bindings: string[];
  params: string[];
  /** Helper functions and module-scope declarations. */
  module?: string;
  /** Body of `main`; sees `gid`, `lid` (vec3u), `wid` (vec3u), `li` (local index) and `p`. */
  main: string;
  workgroup: readonly [number, number?, number?];
}

const made = new Map<string, GpuProgram>();

/** Builds a program, or returns the one already built from the same source. */
export function defineProgram(source: ProgramSource): GpuProgram {
  const bindings = source.bindings.map(parseBinding);
  if (bindings.length > 8)
    throw new Error(`${source.label}: ${bindings.length} storage buffers; the limit is 8.`);
  const [x, y = 1, z = 1] = source.workgroup;
  if (x * y * z > 256)
    throw new Error(`${source.label}: ${x * y * z} invocations in a workgroup; the limit is 256.`);
  const declarations = bindings.map(
    (b, i) =>
      `@group(0) @binding(${i}) var<storage, ${b.access === 'read' ? 'read' : 'read_write'}> ${b.name}: array<${b.type}>;`,
  );
  const fields = source.params.length > 0 ? source.params : ['unused'];
  const code = [
    ...declarations,
    `struct Params { ${fields.map((name) => `${name}: u32,`).join(' ')} }`,
    `@group(0) @binding(${bindings.length}) var<uniform> p: Params;`,
    source.module ?? '',
    `@compute @workgroup_size(${x}, ${y}, ${z})`,
    'fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(local_invocation_id) lid: vec3u,',
    '  @builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) li: u32) {',
    source.main,
    '}',
  ].join('\n');
  const known = made.get(code);
  if (known) return known;
  const program = { label: source.label, bindings, params: source.params, code };
  made.set(code, program);
  return program;
}

function parseBinding(text: string): Binding {
  const match = /^(\w+): (f32|i32|u32|vec4f|vec4i)( out)?$/.exec(text);
  if (!match)
    throw new Error(`Cannot read the binding "${text}"; expected "name: type" or "name: type out".`);
  return { name: match[1], type: match[2] as ElementType, access: match[3] ? 'write' : 'read' };
}

const bits = new DataView(new ArrayBuffer(4));

/** A float as the unsigned integer with the same bits; the shader reads it back with `bitcast<f32>(p.name)`. */
export function f32Bits(value: number): number {
  bits.setFloat32(0, value);
  return bits.getUint32(0);
}
