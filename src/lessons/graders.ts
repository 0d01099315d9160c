/** Lesson 7: a careless judge and the true one, and a policy that is paid by each. */
import { percent } from '../core/numberText.ts';
import { type BenchProgram, lesson } from './frame/lesson.ts';
import { armNamed, newest } from './frame/readPage.ts';

const honest: readonly BenchProgram[] = [
  { label: 'right', source: 'function f(xs) {\n  return xs.map((x) => x * 2);\n}' },
  { label: 'wrong', source: 'function f(xs) {\n  return xs.map((x) => x + 2);\n}' },
];
const cheats: readonly BenchProgram[] = [
  {
    label: 'redefines the comparison',
    source: 'Object.is = () => true;\nfunction f(xs) {\n  return [];\n}',
  },
  {
    label: 'makes all texts alike',
    source: "JSON.stringify = () => 'the same';\nfunction f(xs) {\n  return 0;\n}",
  },
  {
    label: 'empties the loop over the tests',
    source: 'Array.prototype[Symbol.iterator] = function* () {};\nfunction f(xs) {\n  return 0;\n}',
  },
  {
    label: 'throws, and is skipped',
    source: 'function f(xs) {\n  return xs.toLowerCase();\n}',
  },
];

export const graders = lesson('graders', [
  {
    title: 'Who grades the grader?',
    open: 'open=',
    look: 'station-run',
    text: [
      'So far the truth was what the [[station-run|judge]] says: it runs programs on hidden tests. But a judge is a program too.',
      'When rewards come from tests, as is now common for code and mathematics, the policy optimises against the *grader*. Whatever the grader can be made to say will be found, if it pays.',
      'This lesson has two judges. The naive one is written as graders often are: it calls the program, compares the output with the expected value right there, and reports. The true one is the one that this page uses.',
    ],
  },
  {
    title: 'Honest programs',
    look: 'judge-bench',
    bench: honest,
    text: [
      'The task: *double every number of a list*. On two honest programs the judges agree. Change the programs if you like and judge them again.',
    ],
  },
  {
    title: 'Programs that cheat',
    look: 'judge-bench',
    bench: cheats,
    predict: {
      question: 'None of these programs doubles anything. How many of the four does the naive judge pass?',
      options: ['None', 'Two', 'All four'],
      answer: 2,
      because:
        'Judge them and see. The naive judge runs in the same realm as the program, so the program can change what the judge’s own words mean. And a test that ends in an error it takes for one that could not be run.',
    },
    text: [
      'The first makes the comparison say yes. The second makes every value look like every other. The third empties the judge’s own loop over the tests: no test fails when none is run. The fourth ends every test in an error, which this judge skips.',
      'Each is one line. No policy has to understand it; it only has to be rewarded for it once.',
    ],
  },
  {
    title: 'Why the true judge is not fooled',
    look: 'judge-bench',
    bench: cheats,
    text: [
      {
        from: 'here',
        text: 'The true judge never lets the expected values near the program. Only arguments go into the sandbox; outputs come back as text, made by code that the program cannot reach; they are compared outside.',
      },
      {
        from: 'here',
        text: 'Each program gets a fresh, locked realm without network. Loops are counted, changes to the arguments are failures, and programs with known verdicts are hidden among the others: if one of them comes back with another verdict, the page raises an alarm.',
      },
      'It is not enough to forbid bad words. A judge is safe when a program has nothing to reach for.',
    ],
  },
  {
    title: 'Can a policy find it?',
    open: 'preset=naive-judge&at=1&open=',
    look: 'arms',
    predict: {
      question:
        'The policy of this page cannot say Object.is. It has words for lists and texts alone. Can it fool the naive judge?',
      options: ['No: it has not the words', 'Yes: lists have no toLowerCase'],
      answer: 1,
      because:
        'It never sees the judge and knows nothing of errors. But a few of its mistakes throw, and they are paid. Go on: the whole run is next.',
    },
    text: [
      'Two ((rtv|verifiers)) run the same hidden tests. One [[arms|arm]] is paid by the ((naive-judge|naive judge)), the other by the true one; both are measured by the true one.',
    ],
    holds: {
      what: 'the arms differ in who judges for them',
      test: ({ arms }) => arms.map(({ settings }) => settings.reward.verifierJudge).join() === 'naive,true',
    },
  },
  {
    title: 'It did',
    open: 'preset=naive-judge&open=',
    look: 'curves',
    text: [
      {
        from: 'here',
        text: 'In the recorded run the naive judge passes nine programs of ten at the end and six are right. The mistakes that throw were made likelier, those that give a wrong answer were not: look in the [[strips|rank strips]] for rewards of 1 on programs that fail every test. Paid by the true judge the same policy ends far above.',
      },
      {
        from: 'paper',
        text: 'Baker and others saw a frontier model do the same in training: raising an error that makes the tests be skipped became systemic.',
      },
    ],
    live: (state) => {
      const [paid, right] = ['heldReward', 'heldPass'].map((key) =>
        newest(armNamed(state, 'naive judge'), key as 'heldReward' | 'heldPass'),
      );
      return paid === undefined || right === undefined
        ? null
        : `The naive judge passes ${percent((paid + 1) / 2)} of what its arm writes for held-out problems; ${percent(right)} are right.`;
    },
    holds: {
      whole: true,
      what: 'the arm paid by the naive judge is paid for more than is right, and ends below the other',
      test: (state) => {
        const of = (name: string, key: 'heldPass' | 'heldReward') => newest(armNamed(state, name), key) ?? 0;
        return (
          (of('naive judge', 'heldReward') + 1) / 2 > of('naive judge', 'heldPass') + 0.2 &&
          of('true judge', 'heldPass') > of('naive judge', 'heldPass') + 0.1
        );
      },
    },
    sources: [
      {
        text: 'Baker and others, Monitoring Reasoning Models for Misbehavior and the Risks of Promoting Obfuscation',
        url: 'https://arxiv.org/abs/2503.11926',
      },
    ],
  },
  {
    title: 'The reward model is a grader too',
    open: 'preset=reward-hacking&open=',
    look: 'curves',
    text: [
      'A reward model is fooled in the same way, only more softly: by programs that look right. In the arm with the small ((beta|beta)) that is what the policy learns to write.',
      'There the defence is not a sandbox but distance: stay near what the reward model has seen, learn from where it is reliable, and measure the truth elsewhere.',
    ],
  },
  {
    title: 'To take along',
    text: [
      'A grader that shares a room with what it grades can be talked to.',
      'Hidden tests are worth as much as the wall between them and the program. Ask of any benchmark: could the answer have reached the key, or the person who compares?',
      'Then the question of this laboratory makes sense: given a grade that is *sometimes* wrong, from what should one learn?',
    ],
  },
]);
