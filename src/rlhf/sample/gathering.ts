/**
 * The groups of an iteration whose order of prompts replaces those that teach nothing: gathered over rounds of sampling.
 * What is thrown away was written, graded and read by the reference all the same, and is counted.
 */
import { rowsByGroup } from '../../core/groups.ts';
import { pickScored } from '../loop/pickRows.ts';
import { nothingThrown, type Scored, type Thrown } from '../loop/responses.ts';
import type { Reward } from '../slots.ts';

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
    for (const rows of rowsByGroup(scored.group)) {
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
    const groups = [...this.#kept, ...this.#flat.slice(0, this.missing)];
    const picks = groups.flatMap(({ from, rows }, group) => rows.map((row) => ({ from, row, group })));
    // As if they had been sampled at once.
    const joined = pickScored(picks, groups[0].from);
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
