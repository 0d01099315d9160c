/** Lesson 8: four rewards under the same pressure, and annotators who look away. */
import { findParting, partingInWords } from '../lab/view/parting.ts';
import { lesson } from './frame/lesson.ts';
import { armNamed, complete, values } from './frame/readPage.ts';

const scaling = {
  text: 'Shen et al., Exploring Data Scaling Trends and Effects in Reinforcement Learning from Human Feedback',
  url: 'https://arxiv.org/abs/2503.22230',
};
const arms = ['tests', 'GenRM truth', 'GenRM start', 'strong'];

export const fooledFirst = lesson('fooled-first', [
  {
    title: 'Four rewards, one pressure',
    open: 'preset=fooled-first&at=1&open=',
    look: 'arms',
    text: [
      'The lesson on reward hacking had one reward and two prices. Here the price is the same low one for all, and the *reward* differs.',
      '*tests* is a ((verifier|verifier)): it runs the program. *strong* is a ((model|reward model)) that sees the program alone. Between them stand two that *compare*: they read the program beside an ((anchor|anchor)).',
      'All four see the same requests with the same seed, and each reward is brought to the same scale: one standard deviation of what it says about the starting policy.',
    ],
    holds: {
      what: 'four arms differ in their reward, at the same low price of moving',
      test: (state) => arms.every((name) => armNamed(state, name)?.settings.price.beta === 0.02),
    },
  },
  {
    title: 'A model that compares',
    look: 'station-score',
    text: [
      '((genrm|GenRM)) is a small transformer that reads the request, one program, and another, and says which is better. It reads every pair twice, once in each order, because a model may prefer what stands first.',
      'In *GenRM truth* the other program is the reference, which passes every test. In *GenRM start* it is the best of five that the starting policy wrote, chosen by the reward model: it may be wrong.',
      {
        from: 'paper',
        text: 'The paper trains a language model for this, with ground-truth solutions for reasoning tasks and the best of the SFT policy’s samples elsewhere. How its comparisons become a number is not told; the mean over both orders is ours.',
      },
    ],
    formula: 'genrm',
    sources: [scaling],
  },
  {
    title: 'Predict',
    predict: {
      question: 'Whose reward will keep rising while its held-out pass rate falls, and soonest?',
      options: [
        'The verifier’s: it is followed most closely',
        'The one that compares with a right answer',
        'The one that sees no other program at all',
      ],
      answer: 1,
      because:
        'At this scale it is, and the paper’s order says otherwise. Seeing a right answer did not keep a small model from being fooled; go on to see how.',
    },
    text: [
      {
        from: 'paper',
        text: 'In the paper the verifier is fooled last, GenRM with the ground truth next, and GenRM with the best of the start and the plain reward model first.',
      },
    ],
    sources: [scaling],
  },
  {
    title: 'Where they part',
    open: 'preset=fooled-first&open=',
    look: 'curves',
    text: [
      'Compare the [[metric-heldPass|held-out pass rate]] with the ((held-reward|held-out reward)), arm by arm. The key J goes to where the two part.',
      'A verifier on hidden tests has little to fool: its reward *is* the truth on the training problems, and the held-out problems follow.',
      'The three models are of the same size and learned from programs of the same policy. What differs is what stands before them when they judge.',
      {
        from: 'here',
        text: 'Look at the scale of *GenRM truth*: 0 means as good as the reference, and nothing can be better. Its reward ends above 0. There the model says *better than right*, which it never saw in training, and the policy has gone where it says so.',
      },
    ],
    live: (state) => {
      const found = arms.flatMap((name) => {
        const arm = armNamed(state, name);
        return arm && values(arm, 'heldPass').length > 1 ? [partingInWords(name, findParting(arm))] : [];
      });
      return found.length === 0 || !complete(state) ? null : found.join(' ');
    },
    holds: {
      whole: true,
      what: 'the held-out pass rate ends highest under the tests, and the reward of GenRM truth above 0',
      test: (state) => {
        const end = (name: string, key: 'heldPass' | 'heldReward') =>
          values(armNamed(state, name), key).at(-1) ?? 0;
        return (
          arms.slice(1).every((name) => end(name, 'heldPass') < end('tests', 'heldPass')) &&
          end('GenRM truth', 'heldReward') > 0
        );
      },
    },
  },
  {
    title: 'Annotators who look away',
    open: 'preset=healthy&open=training',
    text: [
      'Models learn what labels say. The ((careless|careless annotators)) of this page label a pair by the truth where the scores of two programs differ by half or more, and by a fixed taste for words where they do not.',
      'A reward model that was trained on such labels comes with the page: choose *careless* under Reward in the settings. Or train one here: *Truth from a difference of* in the panel says how closely they look, and after the training the panel shows the share of passing programs in each tenth of its rewards.',
      {
        from: 'here',
        text: 'What it says goes with the taste far more than with the truth. Its lower end tells a little: what it likes least passes least. From the middle upwards its curve is flat: what it likes best passes no more often than what it finds middling.',
      },
    ],
  },
  {
    title: 'To take along',
    text: [
      'Ask of a reward what it looks at. One that executes can be fooled by what it does not test; a model, whether it compares or not, wherever it has not been.',
      'A right answer beside the program is no fence. Where a scale has a place that nothing true can reach, watch it: a reward there is an error.',
      'A single run is an anecdote. docs/results.md has the same comparison over several seeds, and says in how many of them the order of the paper holds.',
      'And where only some prompts have a verifier, the ((hybrid|hybrid)) reward lets the tests speak there and a model elsewhere, on one scale.',
    ],
  },
]);
