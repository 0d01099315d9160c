/** Getting numbers out of a tensor that is not needed any more. */
import { tf } from './tf.ts';

export async function readAndDispose(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return (await tensor.data()) as Float32Array;
  } finally {
    tensor.dispose();
  }
}

/**
 * Several results with one readback. What is an array already is passed through.
 * @param compute runs inside `tf.tidy`; tensors of one dimension
 */
export async function readTogether<Name extends string>(
  compute: () => Record<Name, tf.Tensor1D | Float32Array>,
): Promise<Record<Name, Float32Array>> {
  const parts: [name: Name, length: number][] = [];
  const known = {} as Record<Name, Float32Array>;
  const values = await readAndDispose(
    tf.tidy(() => {
      const columns: tf.Tensor1D[] = [];
      for (const [name, value] of Object.entries(compute()) as [Name, tf.Tensor1D | Float32Array][]) {
        if (value instanceof Float32Array) known[name] = value;
        else {
          parts.push([name, value.shape[0]]);
          columns.push(value);
        }
      }
      return columns.length === 0 ? tf.tensor1d([]) : tf.concat(columns);
    }),
  );
  let at = 0;
  for (const [name, length] of parts) known[name] = values.slice(at, (at += length));
  return known;
}
