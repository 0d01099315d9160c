/**
 * Anchors for comparisons: for each problem the best of N programs of the starting policy, as the strong reward model
 * has it. Each is drawn from a stream of its problem alone, so it is the same whenever and beside whatever it is made,
 * and an arm that goes on from a snapshot makes it again.
 */
import { hash32 } from '../../../core/random.ts';
import type { SequenceRow } from '../../../nn/batch/batch.ts';
import type { Transformer } from '../../../nn/model/transformer.ts';
import type { Nn, RewardLook } from '../../slots.ts';
import { steepness } from './model.ts';

export class BestOfStart {
  readonly #nn: Nn;
  readonly #policy: Transformer;
  readonly #chooser: Transformer;
  readonly #samples: number;
  readonly #seed: number;
  readonly #anchors = new Map<string, Int32Array>();

  constructor(nn: Nn, policy: Transformer, chooser: Transformer, samples: number, seed: number) {
    this.#nn = nn;
    this.#policy = policy;
    this.#chooser = chooser;
    this.#samples = samples;
    this.#seed = hash32(seed, 'anchors');
  }

  /** The tokens of a problem's anchor. @throws Error when `prepare` has not seen the problem */
  anchor(problem: string): Int32Array {
    const found = this.#anchors.get(problem);
    if (!found) throw new Error(`Problem ${problem} has no anchor yet: prepare() comes before grade().`);
    return found;
  }

  /** Makes the anchors of the problems that have none. */
  async prepare({ problems, batch }: RewardLook): Promise<void> {
    const { starts, promptLengths, tokens } = batch.host;
    const missing = new Map<string, Int32Array>();
    problems.forEach(({ id }, row) => {
      if (!this.#anchors.has(id))
        missing.set(id, tokens.slice(starts[row], starts[row] + promptLengths[row]));
    });
    if (missing.size === 0) return;
    const rows: SequenceRow[] = [];
    for (const [id, prompt] of missing) rows.push(...(await this.#write(id, prompt)));
    const nn = this.#nn;
    const uploaded = nn.upload(nn.packSequences(rows));
    const { liking } = await nn.readTogether(() => ({
      liking: nn.pooledReward(nn.scalars(this.#chooser, uploaded), uploaded.host, steepness),
    }));
    uploaded.dispose();
    [...missing.keys()].forEach((id, i) => {
      const from = i * this.#samples;
      let best = from;
      for (let row = from + 1; row < from + this.#samples; row++) if (liking[row] > liking[best]) best = row;
      const { tokens: all, promptLength } = rows[best];
      this.#anchors.set(id, Int32Array.from(all).slice(promptLength));
    });
  }

  async #write(problem: string, prompt: Int32Array): Promise<SequenceRow[]> {
    const { tokens, totalLength } = await this.#nn.generate(this.#policy, {
      prompts: [prompt],
      samplesPerPrompt: this.#samples,
      seed: this.#seed,
      streamId: hash32(problem),
    });
    const stride = tokens.length / this.#samples;
    return Array.from(totalLength, (length, row) => ({
      tokens: tokens.slice(row * stride, row * stride + length),
      promptLength: prompt.length,
    }));
  }
}
