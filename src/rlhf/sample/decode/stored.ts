/**
 * A preference store: the reference writes once, and the responses are learned from again and again. With the starting
 * policy as reference that is offline learning; with a renewed one each round has a store of its own (iterative DPO).
 * The store follows from seed and reference, so no checkpoint holds it.
 */
import { hash32 } from '../../../core/random.ts';
import { referenceOf } from '../../loop/reference.ts';
import { type Responses, responsesOf } from '../../loop/responses.ts';
import { type Arm, decode } from '../../slots.ts';
import { plain } from './plain.ts';

/** What each arm has written under its present reference, by the iteration that it was written in. */
const written = new WeakMap<Arm, Map<number, Responses>>();

export const stored = decode({
  id: 'stored',
  label: 'Written once',
  short: 'a store of the reference’s responses',
  what: 'The reference writes the responses of the first few iterations; the later ones learn from them again. Offline with the starting policy as reference, iterative with a renewed one.',
  source: { arxiv: '2305.18290', where: 'section 4: preferences over what the reference once wrote' },
  formula: 'y ~ π_ref(· | x), drawn once',
  cost: 'one forward pass per token in the first iterations, none later',
  knobs: {
    storedIterations: {
      kind: 'integer',
      label: 'Iterations in the store',
      min: 1,
      max: 1000,
      step: 1,
      initial: 10,
      what: 'How many iterations write; the prompts and responses of each come back in turn.',
      expect: 'A larger store: fewer visits to each response, more samples to pay for.',
    },
    ...plain.knobs,
  },
  byReference: true,
  revisits: (iteration, { since }, { storedIterations }) =>
    since + ((iteration - since - 1) % storedIterations) + 1,

  async write(arm, state, { chosen, perPrompt, iteration, since }, { temperature, topP }) {
    const { nn, seed, tasks } = arm;
    const store = written.get(arm) ?? new Map<number, Responses>();
    written.set(arm, store);
    for (const at of store.keys()) if (at <= since) store.delete(at);
    const known = store.get(iteration);
    if (known) return known;
    const rollouts = await nn.generate(referenceOf(arm, state), {
      prompts: Array.from(chosen, (problem) => tasks.prompts[problem]),
      samplesPerPrompt: perPrompt,
      temperature,
      topP,
      seed: hash32(seed, 'sampling'),
      streamId: iteration,
    });
    const responses = {
      ...responsesOf(rollouts, tasks, chosen, perPrompt),
      byReference: new Uint8Array(chosen.length * perPrompt).fill(1),
      stored: { written: iteration },
    };
    store.set(iteration, responses);
    return responses;
  },
});
