/** A verifier (RTV) where there is one, a model elsewhere, on one scale. */
import { reward } from '../../slots.ts';
import { type Anchor, modelsOfGenrm, openGenrm } from './genrm.ts';
import { openModel } from './model.ts';
import { rtv } from './rtv.ts';

const { verifierTests, verifierJudge, testShare, verifiedShare } = rtv.knobs;

/** How many programs of the start its anchor is the best of. */
const anchorSamples = 5;

export const hybrid = reward({
  id: 'hybrid',
  label: 'Hybrid',
  short: 'verified on some prompts',
  what: 'A verifier on a share of the problems, and a model on the others, on one scale.',
  source: {
    arxiv: '2503.22230',
    where:
      'section 3: task verifiers beside a generative reward model; the split by prompt and the scale are a construction of this project',
  },
  formula:
    'r = ±1 by the tests on a share v of the problems; elsewhere w · r of the model, parity with the truth at 1',
  cost: 'the judge answers before the update instead of beside it; the passes of the model over every response',
  knobs: {
    verifierTests,
    verifierJudge,
    testShare,
    verifiedShare: {
      ...verifiedShare,
      initial: 0.2,
      what: 'Share of the problems, training and held-out, that have a verifier; which ones, the seed says.',
      expect: 'A reward that can be fooled on fewer prompts.',
    },
    elsewhere: {
      kind: 'choice',
      label: 'Model elsewhere',
      initial: 'genrm-truth',
      what: 'What grades the programs of the other problems.',
      expect: 'The easier it is to fool, the more the verified prompts have to hold.',
      options: [
        { value: 'genrm-truth', label: 'GenRM, truth', what: 'GenRM, anchored by the ground truth.' },
        {
          value: 'genrm-sft-best',
          label: 'GenRM, start',
          what: `GenRM, anchored by the best of ${anchorSamples} programs of the starting policy.`,
        },
        { value: 'strong', label: 'strong', what: 'The strong reward model.' },
        { value: 'weak', label: 'weak', what: 'The weak reward model.' },
        { value: 'careless', label: 'careless', what: 'The reward model of careless annotators.' },
      ],
    },
    modelWeight: {
      kind: 'number',
      label: 'Weight of the model',
      min: 0,
      max: 1,
      step: 0.05,
      initial: 0.6,
      what: 'How far the rewards of the model reach on the scale of the verifier, whose are 1 and −1.',
      expect: 'The model counts for more beside the tests.',
    },
  },
  models: ({ elsewhere }) => {
    const anchor = anchorOf(elsewhere);
    return anchor === null ? [elsewhere] : modelsOfGenrm(anchor);
  },
  open(parts, { elsewhere, modelWeight, ...verifierKnobs }) {
    const { nn, models } = parts;
    const { tf } = nn;
    const anchor = anchorOf(elsewhere);
    const model =
      anchor === null ? openModel(nn, models[elsewhere]) : openGenrm(parts, anchor, anchorSamples);
    const verifier = rtv.open(parts, verifierKnobs);
    return {
      ...verifier,
      ...(model.prepare && { prepare: model.prepare }),
      passes: model.passes,
      grade: (look, verdicts) =>
        tf.tidy(() => {
          const graded = model.grade(look, null);
          const said = graded instanceof Float32Array ? tf.tensor1d(graded) : graded;
          // Beside the truth no program is better than on a par, which is 0: it is as good as a pass of the tests.
          const onScale = anchor === 'truth' ? tf.minimum(tf.add(tf.mul(said, 2), 1), 1) : said;
          // The verifier says 1 or −1, or 0 where there is none.
          const checked = verifier.grade(look, verdicts) as Float32Array;
          const weight = tf.tensor1d(checked.map((r) => (r === 0 ? modelWeight : 0)));
          return tf.add(tf.tensor1d(checked), tf.mul(onScale, weight)) as typeof said;
        }),
    };
  },
});

/** What GenRM compares with where it is what grades; null for the other models. */
const anchorOf = (elsewhere: string): Anchor | null =>
  elsewhere === 'genrm-truth' ? 'truth' : elsewhere === 'genrm-sft-best' ? 'sft-best' : null;
