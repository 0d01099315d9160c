/** Responses put together from rows of others: some of one iteration, or of several rounds and writers. */
import type { Responses, Scored } from './responses.ts';

export interface Pick<From extends Responses> {
  from: From;
  row: number;
  /** Its group from now on. */
  group: number;
}

type Ragged = Float32Array | Uint16Array;

/** Fills [T] with the entries of each picked row, one row after another. */
function fill<Column extends Ragged, From extends Responses>(
  column: Column,
  starts: Int32Array,
  picks: readonly Pick<From>[],
  of: (from: From) => Ragged,
): Column {
  picks.forEach(({ from, row }, at) => {
    column.set(of(from).subarray(from.starts[row], from.starts[row + 1]), starts[at]);
  });
  return column;
}

export function pickResponses(picks: readonly Pick<Responses>[]): Responses {
  const starts = new Int32Array(picks.length + 1);
  picks.forEach(({ from, row }, at) => {
    starts[at + 1] = starts[at] + from.starts[row + 1] - from.starts[row];
  });
  const total = starts[picks.length];
  return {
    rows: picks.map(({ from, row }) => from.rows[row]),
    programs: picks.map(({ from, row }) => from.programs[row]),
    problem: Int32Array.from(picks, ({ from, row }) => from.problem[row]),
    group: Int32Array.from(picks, ({ group }) => group),
    starts,
    tokens: fill(new Uint16Array(total), starts, picks, ({ tokens }) => tokens),
    logProb: fill(new Float32Array(total), starts, picks, ({ logProb }) => logProb),
    ...(picks.some(({ from }) => from.byReference)
      ? { byReference: Uint8Array.from(picks, ({ from, row }) => from.byReference?.[row] ?? 0) }
      : {}),
  };
}

/**
 * The same with what was said of them, at one price.
 * @param like whose price and networks they have
 */
export function pickScored(picks: readonly Pick<Scored>[], like: Scored): Scored {
  const responses = pickResponses(picks);
  const { starts, tokens } = responses;
  const perToken = (of: (from: Scored) => Float32Array) =>
    fill(new Float32Array(tokens.length), starts, picks, of);
  const perRow = (of: (from: Scored) => Float32Array) =>
    Float32Array.from(picks, ({ from, row }) => of(from)[row]);
  return {
    ...responses,
    refLogProb: perToken(({ refLogProb }) => refLogProb),
    startLogProb: perToken(({ startLogProb }) => startLogProb),
    reward: perRow(({ reward }) => reward),
    standardised: perRow(({ standardised }) => standardised),
    beta: like.beta,
    values: Object.fromEntries(
      Object.keys(like.values).map((name) => [name, perToken(({ values }) => values[name])]),
    ),
  };
}

/** The rows that were let through, each once, as if nothing else had been sampled; and where each kept row is now. */
export function onlyKept(scored: Scored, kept: Int32Array): { scored: Scored; kept: Int32Array } {
  const rows = [...new Set(kept)].sort((a, b) => a - b);
  const now = new Map(rows.map((row, at) => [row, at]));
  const picks = rows.map((row) => ({ from: scored, row, group: scored.group[row] }));
  return { scored: pickScored(picks, scored), kept: kept.map((row) => now.get(row)!) };
}
