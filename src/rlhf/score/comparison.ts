/**
 * Two programs for one request, laid out for a model that says which is better:
 *
 *   words of the request  <code>  first program  <end>  <code>  second program  <end>
 *
 * The model speaks over the tokens of the second program: only there has it read both.
 */
import type { SequenceRow } from '../../nn/batch/batch.ts';
import { codeToken } from '../../tasks/tokenizer.ts';

/**
 * Positions of a comparing model: all that the attention kernels read. The longest request, reference and program of the
 * built-in world need 116 of them.
 */
export const comparedPositions = 128;

/**
 * @param request tokens of the request, `<code>` included
 * @param positions how many the model reads. Where the two programs do not fit, the longer one is read up to where they
 * do.
 */
export function comparison(
  request: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  positions = comparedPositions,
): SequenceRow {
  const room = positions - request.length - 1;
  const half = Math.floor(room / 2);
  const cut = (program: ArrayLike<number>, other: ArrayLike<number>) =>
    Array.from(program).slice(0, Math.max(half, room - other.length));
  const promptPart = [...Array.from(request), ...cut(first, second), codeToken];
  return { tokens: Int32Array.from([...promptPart, ...cut(second, first)]), promptLength: promptPart.length };
}
