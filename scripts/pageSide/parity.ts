/** The browser's part of `npm run parity`. */
import { openBackend } from '../../src/nn/backend/open.ts';
import type { Golden } from '../../src/nn/parity/parity.ts';
import { tf } from '../../src/nn/tensors/tf.ts';
import { checkGolden, type GoldenAnswer, type MethodsGolden } from '../../src/rlhf/parity/methodParity.ts';

export interface ParityResult extends GoldenAnswer {
  /** The backend that really computed, with its device. */
  backend: string;
  device: string;
}

/** @param weights safetensors bytes, base64: arguments travel as JSON */
export async function parityInPage(
  golden: Golden | MethodsGolden,
  weights: string,
  choice: 'webgpu' | 'simd' | 'plain',
): Promise<ParityResult> {
  const { name, device } = await openBackend(choice);
  const bytes = Uint8Array.from(atob(weights), (letter) => letter.charCodeAt(0));
  return { backend: name, device, ...(await checkGolden(golden, bytes, tf.getBackend())) };
}
