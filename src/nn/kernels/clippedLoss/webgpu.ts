/**
 * PPO's clipped losses on WebGPU: a single workgroup walks over the actions, writes each one's slope, and adds up the
 * sums in a fixed order. A minibatch has a few thousand actions, so one workgroup is enough.
 */
import type { tf } from '../../tensors/tf.ts';
import type { GpuBackend } from '../../webgpu/backend.ts';
import { defineProgram, f32Bits } from '../../webgpu/program.ts';
import { registerGpuKernel } from '../../webgpu/register.ts';

const workers = 256;

export function registerClippedLoss(): void {
  registerGpuKernel('FClippedPolicyLoss', (gpu, { logProb, oldLogProb, advantage }, { clip }) =>
    run(gpu, policyProgram(), [logProb, oldLogProb, advantage], clip, 3),
  );
  registerGpuKernel('FClippedValueLoss', (gpu, { value, oldValue, returns }, { clip }) =>
    run(gpu, valueProgram(), [value, oldValue, returns], clip, 1),
  );
}

function run(
  gpu: GpuBackend,
  program: ReturnType<typeof policyProgram>,
  inputs: tf.TensorInfo[],
  clip: number,
  scalars: number,
): tf.TensorInfo[] {
  const [A] = inputs[0].shape;
  const means = Array.from({ length: scalars }, () => gpu.output([]));
  const slope = gpu.output([A]);
  gpu.dispatch(program, [...inputs, ...means, slope], [A, f32Bits(clip)], [1]);
  return [...means, slope];
}

/** Sums `terms` (names of f32 variables) over the workgroup and divides by A. */
function means(terms: string[], outputs: string[]): string {
  return terms
    .map(
      (term, i) => `
  sums[li] = ${term};
  workgroupBarrier();
  if (li == 0u) {
    var sum = 0.0;
    for (var k = 0u; k < ${workers}u; k++) { sum += sums[k]; }
    ${outputs[i]}[0] = sum / f32(p.A);
  }
  workgroupBarrier();`,
    )
    .join('');
}

const memory = `var<workgroup> sums: array<f32, ${workers}>;`;

function policyProgram() {
  return defineProgram({
    label: 'clipped policy loss',
    bindings: [
      'logProb: f32',
      'oldLogProb: f32',
      'advantage: f32',
      'loss: f32 out',
      'clipFraction: f32 out',
      'approxKl: f32 out',
      'slope: f32 out',
    ],
    params: ['A', 'clip'],
    workgroup: [workers],
    module: memory,
    main: `
  let clip = bitcast<f32>(p.clip);
  var surrogate = 0.0;
  var clipped = 0.0;
  var kl = 0.0;
  for (var a = li; a < p.A; a += ${workers}u) {
    let logRatio = logProb[a] - oldLogProb[a];
    let ratio = exp(logRatio);
    let free = ratio * advantage[a];
    let bound = clamp(ratio, 1.0 - clip, 1.0 + clip) * advantage[a];
    surrogate -= min(free, bound);
    clipped += select(0.0, 1.0, abs(ratio - 1.0) > clip);
    kl += ratio - 1.0 - logRatio;
    slope[a] = select(0.0, -free / f32(p.A), free <= bound);
  }
  ${means(['surrogate', 'clipped', 'kl'], ['loss', 'clipFraction', 'approxKl'])}`,
  });
}

function valueProgram() {
  return defineProgram({
    label: 'clipped value loss',
    bindings: ['value: f32', 'oldValue: f32', 'returns: f32', 'loss: f32 out', 'slope: f32 out'],
    params: ['A', 'clip'],
    workgroup: [workers],
    module: memory,
    main: `
  let clip = bitcast<f32>(p.clip);
  var sum = 0.0;
  for (var a = li; a < p.A; a += ${workers}u) {
    let step = value[a] - oldValue[a];
    let free = value[a] - returns[a];
    let bound = oldValue[a] + clamp(step, -clip, clip) - returns[a];
    let isFree = free * free >= bound * bound;
    sum += 0.5 * max(free * free, bound * bound);
    slope[a] = select(select(0.0, bound, abs(step) <= clip), free, isFree) / f32(p.A);
  }
  ${means(['sum'], ['loss'])}`,
  });
}
