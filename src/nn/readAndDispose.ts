/** Getting numbers out of a tensor that is not needed any more. */
import type { tf } from './tf.ts';

export async function readAndDispose(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return (await tensor.data()) as Float32Array;
  } finally {
    tensor.dispose();
  }
}
