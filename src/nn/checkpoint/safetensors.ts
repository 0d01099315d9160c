/**
 * The safetensors file format (https://huggingface.co/docs/safetensors): eight bytes with the length of a JSON
 * header, the header, then the tensors' bytes, little-endian. Only float32 tensors are written; float16, bfloat16
 * and float64 are converted when read.
 */

export interface NamedArray {
  shape: number[];
  values: Float32Array;
}

export class SafetensorsError extends Error {
  override name = 'SafetensorsError';
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const bytesPer: Record<string, number> = { F32: 4, F16: 2, BF16: 2, F64: 8 };

/** Reads every floating-point tensor. Throws `SafetensorsError` with the place of the fault. */
export function readSafetensors(bytes: Uint8Array): Map<string, NamedArray> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8)
    throw new SafetensorsError(`The file has ${bytes.length} bytes; a safetensors file has at least 8.`);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > bytes.length - 8)
    throw new SafetensorsError(
      `The header claims ${headerLength} bytes, but only ${bytes.length - 8} follow: ` +
        'the file is cut short or is not safetensors.',
    );
  const header = parseHeader(bytes.subarray(8, 8 + headerLength));
  const body = 8 + headerLength;
  const tensors = new Map<string, NamedArray>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets } = checkEntry(name, entry);
    const width = bytesPer[dtype];
    if (width === undefined) continue;
    const count = shape.reduce((product, size) => product * size, 1);
    const [from, to] = data_offsets;
    if (to - from !== count * width)
      throw new SafetensorsError(
        `Tensor "${name}" of shape [${shape}] needs ${count * width} bytes of ${dtype}, but has ${to - from}.`,
      );
    if (body + to > bytes.length)
      throw new SafetensorsError(
        `Tensor "${name}" ends at byte ${body + to}, but the file ends at ${bytes.length}: it is cut short.`,
      );
    tensors.set(name, { shape, values: decode(view, body + from, count, dtype) });
  }
  return tensors;
}

/** Writes tensors in the order given, each aligned to 8 bytes as the format advises. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, NamedArray>,
  metadata: Record<string, string> = { format: 'pt' },
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + 4 * values.length] };
    offset += 4 * values.length;
  }
  let text = JSON.stringify(header);
  const length = new TextEncoder().encode(text).length;
  text += ' '.repeat((8 - (length % 8)) % 8);
  const head = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + head.length + offset);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  let at = 8 + head.length;
  for (const { values } of tensors.values()) {
    for (let i = 0; i < values.length; i++, at += 4) view.setFloat32(at, values[i], true);
  }
  return bytes;
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new SafetensorsError('The header is not JSON: the file is damaged or is not safetensors.', {
      cause,
    });
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw new SafetensorsError('The header is not a JSON object.');
  return header as Record<string, unknown>;
}

function checkEntry(name: string, entry: unknown): Entry {
  const { dtype, shape, data_offsets } = (entry ?? {}) as Partial<Entry>;
  const whole = (values: unknown): values is number[] =>
    Array.isArray(values) && values.every((value) => Number.isInteger(value) && value >= 0);
  if (typeof dtype !== 'string' || !whole(shape) || !whole(data_offsets) || data_offsets.length !== 2)
    throw new SafetensorsError(`The header entry of tensor "${name}" is malformed.`);
  return { dtype, shape, data_offsets };
}

function decode(view: DataView, at: number, count: number, dtype: string): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    if (dtype === 'F32') values[i] = view.getFloat32(at + 4 * i, true);
    else if (dtype === 'F64') values[i] = view.getFloat64(at + 8 * i, true);
    else if (dtype === 'BF16') values[i] = fromBits(view.getUint16(at + 2 * i, true) << 16);
    else values[i] = fromHalf(view.getUint16(at + 2 * i, true));
  }
  return values;
}

const scratch = new DataView(new ArrayBuffer(4));

function fromBits(bits: number): number {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}

/** IEEE 754 binary16. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
