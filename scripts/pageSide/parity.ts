/** The browser's part of `npm run parity`. */
import { openBackend } from '../../src/nn/backend/open.ts';
import { type Comparison, checkParity, type Golden } from '../../src/nn/parity.ts';
import { tf } from '../../src/nn/tf.ts';

export interface ParityResult {
  /** The backend that really computed, with its device. */
  backend: string;
  device: string;
  comparisons: Comparison[];
}

/** @param weights safetensors bytes, base64: arguments travel as JSON */
export async function parityInPage(
  golden: Golden,
  weights: string,
  choice: 'webgpu' | 'simd' | 'plain',
): Promise<ParityResult> {
  const { name, device } = await openBackend(choice);
  const bytes = Uint8Array.from(atob(weights), (letter) => letter.charCodeAt(0));
  return { backend: name, device, comparisons: await checkParity(golden, bytes, tf.getBackend()) };
}
