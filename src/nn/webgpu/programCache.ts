/**
 * What our own programs need before they can be dispatched, made once: pipelines by program, layouts by what the
 * bindings are, uniform buffers by their content.
 */
import type { GpuProgram } from './program.ts';

/** Layouts of a program's bindings. */
interface Layout {
  group: GPUBindGroupLayout;
  pipeline: GPUPipelineLayout;
}

const uniformsKept = 1024;

export class ProgramCache {
  readonly #device: GPUDevice;
  readonly #pipelines = new Map<GpuProgram, GPUComputePipeline | Promise<GPUComputePipeline>>();
  readonly #layouts = new Map<string, Layout>();
  readonly #uniforms = new Map<string, GPUBuffer>();
  /** Pipelines made so far, ready or not. */
  made = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** @param compileOnly nothing will run: the pipeline is compiled beside others, and a promise of it is given */
  pipeline(program: GpuProgram, compileOnly: boolean): GPUComputePipeline | Promise<GPUComputePipeline> {
    const known = this.#pipelines.get(program);
    if (known) {
      if (compileOnly && !(known instanceof Promise)) return Promise.resolve(known);
      if (!compileOnly && known instanceof Promise)
        throw new Error(`${program.label} is still being compiled.`);
      return known;
    }
    const descriptor: GPUComputePipelineDescriptor = {
      label: program.label,
      layout: this.#layout(program).pipeline,
      compute: { module: this.#device.createShaderModule({ label: program.label, code: program.code }) },
    };
    const made = compileOnly
      ? this.#device.createComputePipelineAsync(descriptor)
      : this.#device.createComputePipeline(descriptor);
    this.#pipelines.set(program, made);
    this.made++;
    return made;
  }

  /** Binds the resources of a program, and its parameters after them. */
  bind(program: GpuProgram, resources: readonly GPUBufferBinding[], params: number[]): GPUBindGroup {
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    entries.push({ binding: resources.length, resource: { buffer: this.#uniform(params) } });
    return this.#device.createBindGroup({ layout: this.#layout(program).group, entries });
  }

  /** The pipelines that are still being compiled. */
  compiling(): Promise<GPUComputePipeline>[] {
    return [...this.#pipelines.values()].filter((pipeline) => pipeline instanceof Promise);
  }

  /** Waits for all pipelines; from then on they can be dispatched. */
  async settle(): Promise<void> {
    for (const [program, pipeline] of this.#pipelines) this.#pipelines.set(program, await pipeline);
  }

  /** Forgets uniforms when there are very many. No recorded command may use one any more. */
  trim(): void {
    if (this.#uniforms.size <= uniformsKept) return;
    for (const buffer of this.#uniforms.values()) buffer.destroy();
    this.#uniforms.clear();
  }

  #layout(program: GpuProgram): Layout {
    const signature = program.bindings.map((b) => b.access[0]).join('');
    const known = this.#layouts.get(signature);
    if (known) return known;
    const entries: GPUBindGroupLayoutEntry[] = program.bindings.map((b, i) => ({
      binding: i,
      visibility: 0x4, // COMPUTE
      buffer: { type: b.access === 'read' ? 'read-only-storage' : 'storage' },
    }));
    entries.push({ binding: entries.length, visibility: 0x4, buffer: { type: 'uniform' } });
    const group = this.#device.createBindGroupLayout({ entries });
    const layout = { group, pipeline: this.#device.createPipelineLayout({ bindGroupLayouts: [group] }) };
    this.#layouts.set(signature, layout);
    return layout;
  }

  /** Uniforms are immutable and shared by content: shapes recur, so in steady state nothing is written. */
  #uniform(params: number[]): GPUBuffer {
    const key = params.join();
    const known = this.#uniforms.get(key);
    if (known) return known;
    const words = new Uint32Array(Math.max(4, Math.ceil(params.length / 4) * 4));
    words.set(params);
    const buffer = this.#device.createBuffer({ size: words.byteLength, usage: 0x40 | 0x8 }); // UNIFORM | COPY_DST
    this.#device.queue.writeBuffer(buffer, 0, words);
    this.#uniforms.set(key, buffer);
    return buffer;
  }
}
