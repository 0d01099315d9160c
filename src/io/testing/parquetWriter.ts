/** Writes small parquet files for tests: required columns, PLAIN encoding, one row group (Apache Parquet format 2). */

type Value = { i32: number } | { i64: number } | { text: string } | { list: Value[] } | { struct: Fields };
/** Field number to value. */
type Fields = Record<number, Value | undefined>;

export interface Column {
  name: string;
  values: (string | number | boolean)[];
}

const compactType = (value: Value) =>
  'i32' in value ? 5 : 'i64' in value ? 6 : 'text' in value ? 8 : 'list' in value ? 9 : 12;

/** @param codec 0 uncompressed, 2 gzip, 6 zstd; `compress` must do what it says */
export function writeParquet(
  columns: Column[],
  { codec = 0, compress = (bytes: Uint8Array) => bytes } = {},
): Blob {
  const out: number[] = [...new TextEncoder().encode('PAR1')];
  const rows = columns[0].values.length;
  const chunks = columns.map(({ name, values }): Value => {
    const plain = Uint8Array.from(values.flatMap(plainBytes));
    const page = compress(plain);
    const header = struct({
      1: { i32: 0 },
      2: { i32: plain.length },
      3: { i32: page.length },
      5: { struct: { 1: { i32: rows }, 2: { i32: 0 }, 3: { i32: 3 }, 4: { i32: 3 } } },
    });
    const offset = out.length;
    for (const byte of header) out.push(byte);
    for (const byte of page) out.push(byte);
    return {
      struct: {
        2: { i64: offset },
        3: {
          struct: {
            1: { i32: typeOf(values[0]) },
            2: { list: [{ i32: 0 }] },
            3: { list: [{ text: name }] },
            4: { i32: codec },
            5: { i64: rows },
            6: { i64: header.length + plain.length },
            7: { i64: header.length + page.length },
            9: { i64: offset },
          },
        },
      },
    };
  });
  const leaf = ({ name, values }: Column): Value => ({
    struct: {
      1: { i32: typeOf(values[0]) },
      3: { i32: 0 },
      4: { text: name },
      ...(typeof values[0] === 'string' ? { 6: { i32: 0 } } : {}),
    },
  });
  const footer = struct({
    1: { i32: 2 },
    2: { list: [{ struct: { 4: { text: 'schema' }, 5: { i32: columns.length } } }, ...columns.map(leaf)] },
    3: { i64: rows },
    4: { list: [{ struct: { 1: { list: chunks }, 2: { i64: out.length - 4 }, 3: { i64: rows } } }] },
  });
  const length = new Uint8Array(new Uint32Array([footer.length]).buffer);
  return new Blob([Uint8Array.from([...out, ...footer, ...length, ...new TextEncoder().encode('PAR1')])]);
}

function typeOf(value: string | number | boolean): number {
  if (typeof value === 'string') return 6;
  if (typeof value === 'boolean') return 0;
  return 5;
}

function plainBytes(value: string | number | boolean): number[] {
  if (typeof value === 'boolean') throw new RangeError('Booleans are packed in bits; write 0 and 1.');
  if (typeof value === 'number') return [...new Uint8Array(new Float64Array([value]).buffer)];
  const bytes = new TextEncoder().encode(value);
  return [...new Uint8Array(new Uint32Array([bytes.length]).buffer), ...bytes];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  while (value >= 0x80) {
    bytes.push((value % 0x80) | 0x80);
    value = Math.floor(value / 0x80);
  }
  return [...bytes, value];
}

function encode(value: Value): number[] {
  if ('i32' in value) return varint(value.i32 * 2);
  if ('i64' in value) return varint(value.i64 * 2);
  if ('text' in value) {
    const bytes = new TextEncoder().encode(value.text);
    return [...varint(bytes.length), ...bytes];
  }
  if ('list' in value) {
    const type = compactType(value.list[0]);
    const head =
      value.list.length < 15
        ? [(value.list.length << 4) | type]
        : [0xf0 | type, ...varint(value.list.length)];
    return [...head, ...value.list.flatMap(encode)];
  }
  return struct(value.struct);
}

function struct(fields: Fields): number[] {
  const bytes: number[] = [];
  let last = 0;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    bytes.push(((Number(key) - last) << 4) | compactType(value), ...encode(value));
    last = Number(key);
  }
  return [...bytes, 0];
}
