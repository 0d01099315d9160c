/** Chooses and opens what computes. */
import { openSimd } from '../simd/open.ts';
import { tf } from '../tf.ts';

export type BackendName = 'webgpu' | 'simd' | 'plain';
export type BackendChoice = 'auto' | BackendName;

/** What computes, and why. */
export interface Backend {
  name: BackendName;
  /** Adapter or instruction set. */
  device: string;
  reason: string;
}

export async function openBackend(choice: BackendChoice): Promise<Backend> {
  if (choice === 'simd' || choice === 'auto') {
    const { variant } = await openSimd();
    return { name: 'simd', device: `WASM ${variant} SIMD`, reason: `You asked for ${choice}.` };
  }
  await tf.setBackend('cpu');
  return { name: 'plain', device: 'JavaScript', reason: `You asked for ${choice}.` };
}
