/** The policy and the reference both answer each prompt, so that an update can compare the two. */
import { hash32 } from '../../../core/random.ts';
import { pickResponses } from '../../loop/pickRows.ts';
import { referenceOf } from '../../loop/reference.ts';
import { type Responses, responsesOf } from '../../loop/responses.ts';
import { decode } from '../../slots.ts';
import { plain } from './plain.ts';

export const beside = decode({
  id: 'beside',
  label: 'Beside the reference',
  short: 'some responses are the reference’s',
  what: 'Of the N responses to each prompt the reference writes some, and the policy the others.',
  source: {
    arxiv: '2407.14622',
    where: 'BOND compares a response of the policy with some of its reference, second-hand',
  },
  formula: 'y₁ … ~ π(· | x), y′₁ … ~ π_ref(· | x)',
  cost: 'one forward pass per token',
  knobs: {
    referenceResponses: {
      kind: 'integer',
      label: 'Of these by the reference',
      min: 1,
      max: 15,
      step: 1,
      initial: 2,
      what: 'How many of the responses to each prompt the reference writes.',
      expect: 'More to compare with, fewer responses of the policy to learn from.',
    },
    ...plain.knobs,
  },
  conflicts: ({ referenceResponses }, { training: { responses } }) =>
    referenceResponses < responses
      ? []
      : [
          {
            path: 'decode.referenceResponses',
            message: `referenceResponses must be less than responses (${responses}), and is ${referenceResponses}.`,
            repair: { 'decode.referenceResponses': 2, 'training.responses': Math.max(5, responses) },
          },
        ],
  byReference: true,
  revisits: (iteration) => iteration,

  async write(arm, state, { chosen, perPrompt, iteration }, { referenceResponses, temperature, topP }) {
    const { nn, seed, tasks } = arm;
    const write = async (model: typeof arm.reference, samplesPerPrompt: number, name: string) =>
      responsesOf(
        await nn.generate(model, {
          prompts: Array.from(chosen, (problem) => tasks.prompts[problem]),
          samplesPerPrompt,
          temperature,
          topP,
          seed: hash32(seed, name),
          streamId: iteration,
        }),
        tasks,
        chosen,
        samplesPerPrompt,
      );
    const own = await write(state.networks.policy.model, perPrompt - referenceResponses, 'sampling');
    const others = await write(referenceOf(arm, state), referenceResponses, 'sampling of the reference');
    // To each prompt first the policy's responses, then those of the reference.
    const picks = Array.from(chosen, (_, group) => [...rowsOf(own, group), ...rowsOf(others, group)]).flat();
    return {
      ...pickResponses(picks),
      byReference: Uint8Array.from(picks, ({ from }) => (from === others ? 1 : 0)),
    };
  },
});

const rowsOf = (from: Responses, group: number) =>
  Array.from(from.group.keys())
    .filter((row) => from.group[row] === group)
    .map((row) => ({ from, row, group }));
