/** Lesson: spending a budget of tokens when answering. */
import { lesson } from './frame/lesson.ts';

const rejection = {
  text: 'Fast Best-of-N Decoding via Speculative Rejection',
  url: 'https://arxiv.org/abs/2410.20290',
};

export const decodingBudget = lesson('decoding-budget', [
  {
    title: 'Many answers, one is given',
    open: 'preset=healthy&open=arena',
    look: 'panel-arena',
    text: [
      'A policy can answer better without being trained: let it write N programs and give the one that the reward model likes best. That is best of N, when answering.',
      'It costs N times the tokens. Most of them are spent on programs that could be seen to lose halfway.',
    ],
    sources: [rejection],
  },
  {
    title: 'Stopping the losers',
    look: 'panel-arena',
    predict: {
      question: 'What must hold so that programs can be cut while they are written?',
      options: [
        'The reward model must be right about finished programs',
        'What half a program scores must foretell what the whole one will',
        'Programs must be long',
      ],
      answer: 1,
      because:
        'A reward model that judges whole programs well may know little of half ones: it was never trained on them. Length helps, because there is more to save, but it is not enough.',
    },
    text: [
      'Speculative Rejection begins all N. Each holds keys and values in memory; when the memory is full, what is written so far is scored, and a share α of the responses is cut. The others go on in the room that has become free.',
      'In the [[panel-arena|arena]], run both and watch: a lane that is cut goes dark, the meter falls, the others go on.',
    ],
    sources: [rejection],
  },
  {
    title: 'When to decide',
    look: 'panel-arena',
    text: [
      'Little memory makes early decisions: cheap, and made on a few tokens that say little. Much memory makes late ones: better informed, and there is less to save.',
      'With α = 0 nothing is cut, and both sides are the same to the last bit: they use the same random numbers.',
      'Try a memory of 96 and one of 320, and look at the last figure: partial score against final reward.',
    ],
    sources: [rejection],
  },
  {
    title: 'What it saves',
    look: 'panel-arena',
    text: [
      {
        from: 'paper',
        text: 'The authors report that best of N needs 16 to 32 times the compute for as high a score, with language models that write hundreds of tokens. On one of their three models it falls short of best of 1,920.',
      },
      {
        from: 'here',
        text: 'Programs of this world are a dozen tokens long, and the reward model, which reads them again at each decision, is as large as the policy. Over eight seeds nothing is saved: best of n with as high a reward takes fewer tokens in all, whatever the memory and α that we tried. Cutting by likelihood costs reward, and more of its answers pass. The figures are in docs/decoding.md.',
      },
    ],
    sources: [rejection],
  },
  {
    title: 'As a way of training',
    open: 'preset=early-cuts&open=',
    look: 'curves',
    predict: {
      question: 'An arm learns from the best and the worst of N, and cuts bad programs early. What happens?',
      options: [
        'It learns the same for less',
        'It loses the worst programs that it learns from',
        'It learns more',
      ],
      answer: 1,
      because:
        'Best-worst needs a bad program for contrast. What is cut first is the worst, so the “worst” that is left is a middling one.',
    },
    text: [
      'An arm may decode in the same way: more responses are begun than it learns from. In this recorded run two of the [[arms|arms]] begin twelve and keep five: one learns from all five, one from the best and the worst of what is left.',
      'What was cut is counted among its samples and its tokens: put samples on the [[x-axis|horizontal axis]].',
    ],
    holds: {
      what: 'beside PPO and best-worst stand arms that decode by Speculative Rejection',
      test: ({ arms }) =>
        ['ppo-m', 'bw'].every((filter) =>
          ['plain', 'speculative'].every((decode) =>
            arms.some(
              ({ settings }) => settings.filter.method === filter && settings.decode.method === decode,
            ),
          ),
        ),
    },
    sources: [rejection],
  },
]);
