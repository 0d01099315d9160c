/** Lesson 9: a frozen policy, steered by what a value network expects of each next token. */
import { percent } from '../core/numberText.ts';
import { lesson, type Source } from './frame/lesson.ts';
import { armNamed, newest } from './frame/readPage.ts';

const qSharp: Source = {
  text: 'Zhou et al., Q#: Provably Optimal Distributional RL for LLM Post-Training',
  url: 'https://arxiv.org/abs/2502.20548',
};
const controlled: Source = {
  text: 'Mudgal et al., Controlled Decoding from Language Models (CD)',
  url: 'https://arxiv.org/abs/2310.17022',
};

export const steering = lesson('steering', [
  {
    title: 'Nothing is trained',
    open: 'preset=steering&open=',
    look: 'station-sample',
    text: [
      'Every lesson so far changed the policy. Here it is frozen: the same weights at the end as at the start. What changes is how its next token is *drawn*.',
      'A second network of the same size, the *value network*, has read rollouts that passed and rollouts that failed. After every token it says how likely the program is to pass in the end, for each token that could come next.',
    ],
    holds: {
      what: 'a frozen policy stands beside the same one under guidance',
      test: (state) =>
        armNamed(state, 'frozen') !== undefined && armNamed(state, 'frozen + Q#') !== undefined,
    },
  },
  {
    title: 'What is added to a logit',
    look: 'station-sample',
    formula: 'guidance',
    text: [
      'Let p be the probability of passing once the token is written. Two rules add something to the token’s logit z before the draw; η says how dear it is to move away from the policy.',
      'CD adds the mean reward over η. Q# adds the logarithm of the mean of e^(r/η): that is what the best policy for *reward minus η times KL* does, exactly, when every step of a text leads to one next text.',
      'As η grows both add nothing, and the draw is the frozen policy’s, token for token.',
      'Success need not be all or nothing. Another value network gives a *histogram* of the share of tests that will pass, in eleven bins; the means of r and of e^(r/η) are then taken over the bins, so a near miss counts, too.',
    ],
    sources: [qSharp, controlled],
  },
  {
    title: 'Why the mean is not enough',
    tree: true,
    predict: {
      question:
        'Left pays 0.1 for sure. Right pays 1, but the policy finds that leaf only 1 time in 20. With a very small η, where does each rule go?',
      options: ['Both go left', 'CD goes left, Q# goes right', 'Both go right'],
      answer: 1,
      because:
        'The mean of right is 0.05, below 0.1, so CD goes left and ends at 0.1. But once right, the guided draw picks the good leaf itself: e^(1/η) outweighs the odds of 1 in 20, and Q# ends at 1.',
    },
    text: [
      'The mean tells what the *frozen* policy would make of the rest. But the rest will be steered, too. Q# counts on that: what it adds looks at the best that may come, the more so the smaller η is.',
      {
        from: 'paper',
        text: 'Figure 4 and its theorem: as η → 0, CD converges to the left arm at a KL of ln(1/p_L), Q# to the right arm at ln(1/p_R) for the first step.',
      },
      {
        from: 'here',
        text: 'The tree is computed from the closed forms. The KL of the whole path also pays for the choice of the leaf.',
      },
    ],
    sources: [{ ...qSharp, text: `${qSharp.text}, Figure 4` }],
  },
  {
    title: 'Where imitation stops at chance',
    star: true,
    predict: {
      question:
        'Two arms leave a source; one ends at the goal. A network imitates thousands of right paths, then walks a graph that it has not seen. How often does it arrive?',
      options: ['Nearly always', 'About every other time', 'Nearly never'],
      answer: 1,
      because:
        'Behind the first step every node has one successor, so following edges explains all of the path but its first step. The network learns to follow, and guesses the arm.',
    },
    text: [
      'In the figure the imitator enters both arms about alike. The value network read the *same imitator’s* paths, right ones and wrong ones, and whether they arrived. Drag η: the draw goes where it says that the goal is.',
      'Telling whether a step was right is easier to learn here than taking it: the value network sees the candidate at the end of the path, and has only to compare where it leads with where the goal is.',
      {
        from: 'paper',
        text: 'Graphs of five arms, and of arms of 20 nodes: imitation and REINFORCE stay at one in d, Q# and CD reach about 100 %.',
      },
      {
        from: 'here',
        text: 'The smallest graph on which it shows, and one seed. The table has what each way of walking reaches; docs/star.md says how it was trained.',
      },
    ],
    sources: [qSharp],
  },
  {
    title: 'Token by token',
    open: 'preset=steering&open=steering',
    look: 'panel-steering',
    text: [
      'In [[panel-steering|Steering]] drag η, and choose which value network steers. Orange tokens became likelier by guidance, blue ones less likely; the table has the numbers of the response that you choose.',
      'Most tokens hardly move: p is the same for all that could come. Where one choice decides, the probabilities part, and the KL of the text is spent there.',
      {
        from: 'here',
        text: 'One vocabulary head gives the odds of all next tokens at once, for the cost of one more network. The paper’s better variant reads every candidate with a scalar head, for the cost of a network per candidate.',
      },
    ],
  },
  {
    title: 'What it costs, and what it buys',
    open: 'preset=steering&open=',
    look: 'curves',
    text: [
      'Guidance is paid at every draw, as long as the model is used; training is paid once. But one value network serves every η, and the policy’s weights stay.',
      {
        from: 'paper',
        text: 'Llama 3 8B on GSM8K: 69.1 alone, 77.8 with CD at a KL of 6.39, 78.4 with Q# at 2.65.',
      },
      {
        from: 'here',
        text: 'The value network saw whether this policy’s own programs passed. Where it cannot tell, guidance only spends KL: compare the arms before you believe a small η.',
      },
    ],
    live: (state) => {
      const [alone, steered] = ['frozen', 'frozen + Q#'].map((name) =>
        newest(armNamed(state, name), 'heldPass'),
      );
      return alone === undefined || steered === undefined
        ? null
        : `Held-out pass rate on this page, one seed: ${percent(alone)} for the frozen policy, ${percent(steered)} under Q#.`;
    },
    sources: [{ ...qSharp, text: `${qSharp.text}, Table 1` }],
  },
  {
    title: 'To take along',
    text: [
      'A policy can be improved without touching its weights, as far as something can tell, while it writes, where it is heading.',
      'The value to ask for is not the mean outcome of going on as before, but what a *steered* writer can still make of it.',
    ],
  },
]);
