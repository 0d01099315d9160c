/** Lesson: a teacher fills a knowledge store, and a student of a few per cent of its size looks things up in it. */
import { grouped } from '../core/numberText.ts';
import { lesson, type Source } from './frame/lesson.ts';

const retriKt: Source = {
  text: 'RetriKT, Findings of EMNLP 2023',
  url: 'https://arxiv.org/abs/2310.15594',
};
const knnLm: Source = {
  text: 'Khandelwal et al., Generalization through Memorization: Nearest Neighbor Language Models',
  url: 'https://arxiv.org/abs/1911.00172',
};

export const pocketStudent = lesson('pocket-student', [
  {
    title: 'Too small to know',
    open: 'open=training',
    look: 'panel-training',
    text: [
      'A model with a hundredth of another’s parameters cannot hold what the other knows, however long it learns. But it may *look things up*, if somebody wrote them down.',
      {
        from: 'paper',
        text: 'RetriKT extracts knowledge from a large model, keeps it in a store, and teaches a model of about 1 % of the size to retrieve from it. Only its abstract and Figure 1 could be read.',
      },
      {
        from: 'here',
        text: 'Everything with a number is our construction: the reward, the store’s entries, the retriever, and how the student reads. Choose the tab *Student* of [[panel-training|Train models here]].',
      },
    ],
    sources: [retriKt],
  },
  {
    title: 'Making a frozen model speak',
    look: 'panel-training',
    text: [
      'The teacher is the starting policy, a larger one that you trained, or what PPO has made of an arm. Its weights stay as they are. A ((soft-prompt|soft prompt)), a few learned vectors, stands before every request. First it imitates right programs.',
      'Then PPO trains it further, for programs that pass their tests and differ from the others for the same request: 1 − ((self-bleu|self-BLEU)). A price on the KL keeps it near to where PPO began.',
    ],
    predict: {
      question: 'What happens when difference is rewarded more than passing?',
      options: [
        'The store gets richer: more programs that pass, in more ways',
        'The teacher writes wrong programs: what is garbled differs most',
        'Nothing: the KL price forbids it',
      ],
      answer: 1,
      because:
        'There are few right programs for a request, and countless wrong ones. The store keeps only what passes, so a teacher that strays fills it with less. A high price on the KL only slows that.',
    },
  },
  {
    title: 'What is stored',
    look: 'panel-training',
    text: [
      'An entry of the ((knowledge-store|store)) has the request, the program, its verdict, and how sure the teacher was of each token. Programs that fail are left out, and so are copies. Held-out problems are never asked.',
      'Search the store in the tab *Student*: dotted tokens are those that the teacher gave less than one half. It can be exported, and another one imported; a damaged file, or one of another vocabulary, is refused by name.',
    ],
    live: ({ student }) =>
      student
        ? `The store on this page${student.origin === 'recorded' ? ', recorded,' : ''} has ${grouped(student.knowledge.entries.length)} entries.`
        : null,
  },
  {
    title: 'Looking up',
    look: 'panel-training',
    text: [
      'The *retriever* gives every request a vector, so that requests for like programs lie near each other, whatever their words. It learns that from the store alone.',
      'The ((pocket-student|student)) may read the nearest requests with their programs as a prefix. Or it mixes: λ of what they say of the next token, 1 − λ of what it says itself.',
    ],
    predict: {
      question: 'With λ = 0.95, what can the student write that the store does not hold?',
      options: [
        'Almost nothing: it is a voice for the store',
        'As much as its teacher',
        'Whatever is a mixture of two stored programs',
      ],
      answer: 0,
      because:
        'A student this small is wrong about most tokens, so it must listen. For known problems in other words that serves; a new composition needs a program that nobody stored.',
    },
    sources: [knnLm],
  },
  {
    title: 'To take along',
    look: 'panel-training',
    text: [
      'A store moves knowledge out of weights: it can be read, checked, exported and corrected. What it costs is bytes, and it knows what it was asked.',
      {
        from: 'here',
        text: 'The page docs/students.md has students alone, distilled, and with stores before and after PPO, over seeds, with intervals and what is told apart.',
      },
    ],
  },
]);
