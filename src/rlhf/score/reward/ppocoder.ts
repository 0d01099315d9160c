/**
 * The reward of PPOCoder: what execution says, and how alike the program and a reference that the policy never sees are
 * in syntax and in data flow, added by weights that a person sets. All of it falls on the last token.
 */
import type { Knob, ValuesOf } from '../../catalogue/knobs.ts';
import { type Outcome, outcomes } from '../../loop/run.ts';
import { type JudgedProgram, type RewardPart, reward } from '../../slots.ts';

const weight = { kind: 'number', min: 0, max: 5, step: 0.05, initial: 1 } as const;
const rung = {
  kind: 'number',
  min: -1,
  max: 1,
  step: 0.05,
  applies: ({ execution }) => execution === 'ladder',
  expect: 'Less between it and the rungs above.',
} as const satisfies Partial<Knob>;

const knobs = {
  executionWeight: {
    ...weight,
    label: 'Weight of execution',
    what: 'PPOCoder: how much the outcome of the tests counts, beside the other two.',
    expect: 'Closer to a reward from the tests alone.',
  },
  astWeight: {
    ...weight,
    label: 'Weight of syntax',
    what: 'PPOCoder: how much the share of the reference’s sub-trees counts.',
    expect: 'Programs that look like the reference, right or wrong.',
  },
  dfgWeight: {
    ...weight,
    label: 'Weight of data flow',
    what: 'PPOCoder: how much the share of the reference’s data flow counts.',
    expect: 'Programs whose variables are used as the reference uses them, right or wrong.',
  },
  execution: {
    kind: 'choice',
    label: 'Execution',
    initial: 'ladder',
    what: 'PPOCoder: what execution says.',
    expect: 'compiles is the authors’ code, where no test is run.',
    options: [
      {
        value: 'ladder',
        label: 'ladder',
        what: 'Four rungs, as CodeRL has them: pass, fail, error, no program.',
      },
      { value: 'compiles', label: 'compiles', what: 'The authors’ code: 1 when it parses, −1 when not.' },
    ],
  },
  ladderPass: {
    ...rung,
    initial: 1,
    label: 'Passes',
    what: 'PPOCoder, ladder: what a program gets that passes every test. CodeRL: 1.',
  },
  ladderFail: {
    ...rung,
    initial: -0.3,
    label: 'Fails a test',
    what: 'PPOCoder, ladder: what a program gets that runs and fails a test. CodeRL: −0.3.',
  },
  ladderError: {
    ...rung,
    initial: -0.6,
    label: 'Ends in an error',
    what: 'PPOCoder, ladder: what a program gets that throws, loops or cannot be loaded. CodeRL: −0.6.',
  },
  ladderSyntax: {
    ...rung,
    initial: -1,
    label: 'Does not compile',
    what: 'PPOCoder, ladder: what a text gets that is no program. CodeRL: −1.',
  },
} as const satisfies Record<string, Knob>;

export const ppocoder = reward({
  id: 'ppocoder',
  label: 'PPOCoder',
  short: 'execution, syntax, data flow',
  what: 'What execution says, and how alike the program and a hidden reference are in syntax and in data flow.',
  source: {
    arxiv: '2301.13816',
    where:
      'the reward of the authors’ code, with its sum divided by the weights; the ladder and its values are CodeRL’s (2207.01780), the matches CodeBLEU’s (2009.10297)',
  },
  formula: 'r = (w₁ R_exec + w₂ R_ast + w₃ R_dfg) / (w₁ + w₂ + w₃)',
  cost: 'the judge answers before the update, and each program is parsed once more',
  knobs,
  conflicts({ executionWeight, astWeight, dfgWeight }) {
    if (executionWeight + astWeight + dfgWeight > 0) return [];
    return [
      {
        path: 'reward.executionWeight',
        message: 'executionWeight must be above 0 where astWeight and dfgWeight are 0: something must count.',
        repair: { 'reward.executionWeight': 1 },
      },
    ];
  },
  models: () => [],
  parts,
  open: ({ match }, values) => ({
    needsVerdicts: true,
    passes: () => 0,
    grade: ({ programs, problems }, verdicts) =>
      Float32Array.from(programs, (program, i) => {
        const { score, status, raised } = verdicts!;
        const judged = { score: score[i], status: outcomes[status[i]], raised: raised[i] === 1 };
        const found = parts({ program, problem: problems[i], match: match!, ...judged }, values);
        return found.reduce((sum, { value }) => sum + value, 0);
      }),
  }),
});

function parts(of: JudgedProgram, values: ValuesOf<typeof knobs>): RewardPart[] {
  const { executionWeight, astWeight, dfgWeight } = values;
  const { ast, dfg } = of.match(of.program, of.problem.reference);
  const total = executionWeight + astWeight + dfgWeight;
  return [
    {
      label: 'execution',
      value: (executionWeight * executed(of, values)) / total,
      most: (executionWeight * (values.execution === 'compiles' ? 1 : values.ladderPass)) / total,
    },
    { label: 'syntax', value: (astWeight * ast) / total, most: astWeight / total, likeness: true },
    { label: 'data flow', value: (dfgWeight * dfg) / total, most: dfgWeight / total, likeness: true },
  ];
}

const threw: readonly Outcome[] = ['error', 'timeout'];

function executed({ status, score, raised }: JudgedProgram, values: ValuesOf<typeof knobs>): number {
  if (values.execution === 'compiles') return status === 'rejected' ? -1 : 1;
  if (status === 'rejected') return values.ladderSyntax;
  if (raised || threw.includes(status)) return values.ladderError;
  return score === 1 ? values.ladderPass : values.ladderFail;
}
