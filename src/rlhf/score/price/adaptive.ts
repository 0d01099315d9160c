/** A price of moving that follows the distance: it rises while the policy is too far from the reference, and falls else. */
import { price } from '../../slots.ts';
import { fixed } from './fixed.ts';

/** The most that a distance counts for: one far off moves the price no faster. */
const mostError = 0.2;

export const adaptive = price({
  id: 'adaptive',
  label: 'Adaptive',
  short: 'towards a target distance',
  what: 'The price rises after an iteration that was further from the reference than the target, and falls after one that was nearer.',
  source: { arxiv: '2301.13816', where: 'the authors’ code; a horizon of 10,000 there' },
  formula: 'β ← β (1 + e n / H), e = clip(KL / target − 1, ±0.2), n responses',
  cost: 'one pass of the reference over each response',
  knobs: {
    beta: { ...fixed.knobs.beta, label: 'KL cost at first (beta)' },
    klTarget: {
      kind: 'number',
      label: 'Target distance',
      min: 0.01,
      max: 20,
      step: 0.01,
      initial: 1,
      log: true,
      what: 'The distance from the reference to which the price steers, in nats for each response.',
      expect: 'A lower price, and a policy that moves further.',
    },
    klHorizon: {
      kind: 'integer',
      label: 'Horizon',
      min: 240,
      max: 100_000,
      step: 1,
      initial: 1000,
      log: true,
      what: 'After how many responses a distance that is off by a fifth has moved the price by a fifth.',
      expect:
        'A price that moves more slowly. With 10,000, as in the authors’ code, it hardly moves in a short run.',
    },
  },
  memory: {
    start: (_, { beta }) => ({ memory: { beta } }),
    next(memory, { scored }, { klTarget, klHorizon }) {
      const { logProb, refLogProb, byReference, starts } = scored;
      let distance = 0;
      let rows = 0;
      for (let row = 0; row + 1 < starts.length; row++) {
        // What another policy wrote says nothing of how far this one is.
        if (byReference?.[row]) continue;
        rows++;
        for (let t = starts[row]; t < starts[row + 1]; t++) distance += logProb[t] - refLogProb[t];
      }
      const error = Math.min(mostError, Math.max(-mostError, distance / rows / klTarget - 1));
      return { beta: (memory.beta as number) * (1 + (error * rows) / klHorizon) };
    },
  },
  beta: (_, memory) => memory!.beta as number,
});
