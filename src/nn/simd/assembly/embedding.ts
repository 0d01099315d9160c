/** Token plus position embedding, forward and backward. */

/** to += from */
// @ts-ignore: decorator
@inline
function addRow(to: usize, from: usize, bytes: i32): void {
  let i = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(from + i)));
  for (; i < bytes; i += 4) store<f32>(to + i, load<f32>(to + i) + load<f32>(from + i));
}

/** x[t] = wte[tokens[t]] + wpe[positions[t]] */
export function embedding(
  T: i32, D: i32, wte: usize, wpe: usize, tokens: usize, positions: usize, x: usize,
): void {
  const bytes = D << 2;
  for (let t = 0; t < T; t++) {
    memory.copy(x, wte + load<i32>(tokens + (t << 2)) * bytes, bytes);
    addRow(x, wpe + load<i32>(positions + (t << 2)) * bytes, bytes);
    x += bytes;
  }
}

/** Rows of dx summed by token and by position, in order of t. */
export function embeddingGrad(
  T: i32, D: i32, V: i32, L: i32, dx: usize, tokens: usize, positions: usize, dwte: usize, dwpe: usize,
): void {
  const bytes = D << 2;
  memory.fill(dwte, 0, V * bytes);
  memory.fill(dwpe, 0, L * bytes);
  for (let t = 0; t < T; t++) {
    addRow(dwte + load<i32>(tokens + (t << 2)) * bytes, dx, bytes);
    addRow(dwpe + load<i32>(positions + (t << 2)) * bytes, dx, bytes);
    dx += bytes;
  }
}

/** y[i] = x[index[i]], or 0 for an index outside [0, N). */
export function take(M: i32, N: i32, x: usize, index: usize, y: usize): void {
  for (let i = 0; i < M; i++) {
    const at = load<u32>(index + (i << 2));
    store<f32>(y + (i << 2), at < <u32>N ? load<f32>(x + (at << 2)) : 0);
  }
}
