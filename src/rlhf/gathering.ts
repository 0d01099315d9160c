/**
 * The groups of an iteration whose order of prompts replaces those that teach nothing: gathered over rounds of sampling.
 * What is thrown away was written, graded and read by the reference all the same, and is counted.
 */
import { nothingThrown, type Scored, type Thrown } from './responses.ts';
import type { Reward } from './slots.ts';

interface Group {
  from: Scored;
  rows: readonly number[];
}

export class Gathering {
  readonly #wanted: number;
  readonly #keeps: (rewards: readonly number[]) => boolean;
  readonly #reward: Reward;
  readonly #kept: Group[] = [];
  /** Groups without contrast of the last round. */
  #flat: Group[] = [];
  #written: Thrown = nothingThrown;

  /** @param wanted groups */
  constructor(wanted: number, keeps: (rewards: readonly number[]) => boolean, reward: Reward) {
    this.#wanted = wanted;
    this.#keeps = keeps;
    this.#reward = reward;
  }

  get missing(): number {
    return this.#wanted - this.#kept.length;
  }

  add(scored: Scored): void {
    this.#flat = [];
    for (const rows of groupsOf(scored.group)) {
      const stays = this.#keeps(rows.map((row) => scored.reward[row]));
      (stays ? this.#kept : this.#flat).push({ from: scored, rows });
    }
    const { samples, tokens, rewardPasses, referencePasses } = this.#written;
    const { thrown = nothingThrown } = scored;
    const count = scored.rows.length;
    this.#written = {
      samples: samples + count + thrown.samples,
      tokens: tokens + scored.tokens.length + thrown.tokens,
      rewardPasses: rewardPasses + this.#reward.passes(count) + thrown.rewardPasses,
      referencePasses: referencePasses + count + thrown.referencePasses,
    };
  }

  /** The groups that stay; where they are too few, groups of the last round fill up. */
  get groups(): Scored {
    const joined = join([...this.#kept, ...this.#flat.slice(0, this.missing)]);
    const count = joined.rows.length;
    const { samples, tokens, rewardPasses, referencePasses } = this.#written;
    return {
      ...joined,
      thrown: {
        samples: samples - count,
        tokens: tokens - joined.tokens.length,
        rewardPasses: rewardPasses - this.#reward.passes(count),
        referencePasses: referencePasses - count,
      },
    };
  }
}

function groupsOf(group: Int32Array): number[][] {
  const rows = new Map<number, number[]>();
  group.forEach((g, row) => {
    if (!rows.has(g)) rows.set(g, []);
    rows.get(g)!.push(row);
  });
  return [...rows.values()];
}

/** Groups of several rounds as if they had been sampled at once. */
function join(groups: readonly Group[]): Scored {
  const rows = groups.flatMap(({ from, rows: own }, group) => own.map((row) => ({ from, row, group })));
  const starts = new Int32Array(rows.length + 1);
  rows.forEach(({ from, row }, i) => {
    starts[i + 1] = starts[i] + from.starts[row + 1] - from.starts[row];
  });
  const perToken = <Column extends Float32Array | Uint16Array>(
    column: Column,
    of: (scored: Scored) => Float32Array | Uint16Array,
  ): Column => {
    rows.forEach(({ from, row }, i) => {
      column.set(of(from).subarray(from.starts[row], from.starts[row + 1]), starts[i]);
    });
    return column;
  };
  const floats = (of: (scored: Scored) => Float32Array) =>
    perToken(new Float32Array(starts[rows.length]), of);
  const perRow = (of: (scored: Scored) => Float32Array) =>
    Float32Array.from(rows, ({ from, row }) => of(from)[row]);
  const [{ from: first }] = groups;
  return {
    rows: rows.map(({ from, row }) => from.rows[row]),
    programs: rows.map(({ from, row }) => from.programs[row]),
    problem: Int32Array.from(rows, ({ from, row }) => from.problem[row]),
    group: Int32Array.from(rows, ({ group }) => group),
    starts,
    tokens: perToken(new Uint16Array(starts[rows.length]), ({ tokens }) => tokens),
    logProb: floats(({ logProb }) => logProb),
    refLogProb: floats(({ refLogProb }) => refLogProb),
    startLogProb: floats(({ startLogProb }) => startLogProb),
    reward: perRow(({ reward }) => reward),
    standardised: perRow(({ standardised }) => standardised),
    beta: first.beta,
    values: Object.fromEntries(
      Object.keys(first.values).map((name) => [name, floats(({ values }) => values[name])]),
    ),
    ...(first.byReference
      ? { byReference: Uint8Array.from(rows, ({ from, row }) => from.byReference?.[row] ?? 0) }
      : {}),
  };
}
