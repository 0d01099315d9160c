import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { programIn } from './programIn.ts';
import { RuleReport } from './report.ts';
import type { Asked, Rule } from './rules.ts';

const right = 'function double(x) { return x + x; }';
const wrong = 'function double(x) { return x; }';
const instruction: Asked = { entry: 'double', prompt: 'Write a function double(x).', stopTokens: [] };
const head: Asked = {
  entry: 'double',
  prompt: '// Twice x.\nfunction double(x) {\n',
  stopTokens: ['\nfunction '],
};
const fenced = (code: string, info = 'js', marks = '```') => `${marks}${info}\n${code}\n${marks}`;

interface Example {
  name: string;
  response: string;
  program?: string;
  rules: Rule[];
  asked?: Asked;
}

const check = (examples: readonly Example[]): void => {
  it.each(examples)('$name', ({ response, program = right, rules, asked = instruction }) => {
    const found = programIn(response, asked);
    expect(found.program.trim()).toBe(program);
    expect(found.rules).toEqual(rules);
  });
};

describe('messages: the last one of the assistant', () => {
  const said = (messages: unknown) => JSON.stringify(messages);
  check([
    {
      name: 'of a conversation',
      response: said([
        { role: 'user', content: 'double?' },
        { role: 'assistant', content: wrong },
        { role: 'user', content: 'No.' },
        { role: 'assistant', content: right },
      ]),
      rules: ['messages', 'whole'],
    },
    {
      name: 'in parts, without its reasoning',
      response: said([
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: wrong },
            { type: 'text', text: fenced(right) },
          ],
        },
      ]),
      rules: ['messages', 'fenced'],
    },
    {
      name: 'before the result of a tool and an empty message',
      response: said([
        { role: 'assistant', content: right },
        { role: 'tool', content: 'ok' },
        { role: 'assistant', content: null },
      ]),
      rules: ['messages', 'whole'],
    },
    {
      name: 'of ShareGPT, one message alone, a list within a list',
      response: said([
        [
          { from: 'human', value: 'double?' },
          { from: 'gpt', value: right },
        ],
      ]),
      rules: ['messages', 'whole'],
    },
    {
      name: 'one message alone',
      response: said({ role: 'assistant', content: right }),
      rules: ['messages', 'whole'],
    },
    { name: 'a list of one text', response: said([right]), rules: ['messages', 'whole'] },
    {
      name: 'as Python writes it',
      response: `[{'role': 'assistant', 'content': "\`\`\`js\\n// don't\\n${right}\\n\`\`\`", 'tool_calls': None}]`,
      program: `// don't\n${right}`,
      rules: ['messages', 'fenced'],
    },
  ]);
});

describe('special tokens', () => {
  check([
    { name: 'end of a turn', response: `${right}<|im_end|>`, rules: ['tokens', 'whole'] },
    { name: 'padding', response: `${right}</s><pad><pad>[PAD][PAD]`, rules: ['tokens', 'whole'] },
    {
      name: 'Llama',
      response: `<|start_header_id|>assistant<|end_header_id|>\n\n${fenced(right)}<|eot_id|>`,
      rules: ['tokens', 'fenced'],
    },
    { name: 'Mistral', response: `[INST] double? [/INST] ${right}</s>`, rules: ['tokens', 'whole'] },
    {
      name: 'Gemma',
      response: `<bos><start_of_turn>model\n${fenced(right)}<end_of_turn>\n<eos>`,
      rules: ['tokens', 'fenced'],
    },
    {
      name: 'the last turn of a transcript, and what was made up after it',
      response: `<|im_start|>user\nA ${wrong}<|im_end|>\n<|im_start|>assistant\n${fenced(right)}<|im_end|>\n<|im_start|>user\n${fenced(wrong)}<|im_end|>`,
      rules: ['tokens', 'fenced'],
    },
    {
      name: 'the final channel',
      response: `<|channel|>analysis<|message|>${fenced(wrong)}<|end|><|start|>assistant<|channel|>final<|message|>${right}<|return|>`,
      rules: ['tokens', 'whole'],
    },
    {
      name: 'DeepSeek, with thoughts',
      response: `<｜Assistant｜><think>\n${wrong}\n</think>\n${right}<｜end▁of▁sentence｜>`,
      rules: ['tokens', 'thoughts', 'whole'],
    },
  ]);
});

describe('thoughts', () => {
  check([
    {
      name: 'with a draft',
      response: `<think>${fenced(wrong)} Hm, "no"</think>\n${right}`,
      rules: ['thoughts', 'whole'],
    },
    {
      name: 'whose beginning the prompt wrote',
      response: `Perhaps\n${fenced(wrong)}\n</think>\n\n${fenced(right)}`,
      rules: ['thoughts', 'fenced'],
    },
    {
      name: 'with a fence left open',
      response: `<think>\n\`\`\`js\n${wrong}\n</think>\nSo:\n${fenced(right)}`,
      rules: ['thoughts', 'fenced'],
    },
    {
      name: 'between parts of the answer',
      response: `${fenced(right)}\n<thinking>${fenced(wrong)}</thinking>\nDone.`,
      rules: ['thoughts', 'fenced'],
    },
    {
      name: 'within thoughts',
      response: `[THINK]a[/THINK]<think>b\n</think>${right}`,
      rules: ['thoughts', 'whole'],
    },
    {
      name: 'cut off: there is no answer',
      response: `<think>${fenced(right)}`,
      program: '',
      rules: ['thoughts', 'none'],
    },
    {
      name: 'that a program speaks of',
      response: fenced('function double(s) { return s.split("a </think> <|im_end|>\\n")[1] + "<answer>"; }'),
      program: 'function double(s) { return s.split("a </think> <|im_end|>\\n")[1] + "<answer>"; }',
      rules: ['fenced'],
    },
  ]);
});

describe('answer tags', () => {
  check([
    { name: 'around code', response: `I think.\n<answer>${right}</answer>`, rules: ['answer', 'whole'] },
    {
      name: 'after thoughts, around a block',
      response: `<think>no</think>\n<answer>\n${fenced(right)}\n</answer>\n${fenced(wrong)}`,
      rules: ['thoughts', 'answer', 'fenced'],
    },
    {
      name: 'the last of two, cut off',
      response: `<answer>${wrong}</answer> No: <answer>\n${fenced(right)}`,
      rules: ['answer', 'fenced'],
    },
    { name: 'around no code', response: `${fenced(right)}\n<answer>see above</answer>`, rules: ['fenced'] },
  ]);
});

describe('fences', () => {
  const infos = [
    '',
    'js',
    'JavaScript',
    'jsx',
    'mjs',
    'node',
    'ts',
    'typescript',
    ' js',
    'js title="a.js" {1,3}',
  ];
  check([
    ...[...infos, '{.javascript .numberLines}', 'javascript:src/double.js', 'text'].map(
      (info): Example => ({ name: `named "${info}"`, response: fenced(right, info), rules: ['fenced'] }),
    ),
    { name: 'of tildes', response: `So:\n${fenced(right, '', '~~~')}`, rules: ['fenced'] },
    { name: 'of five marks', response: fenced(right, 'js', '`````'), rules: ['fenced'] },
    {
      name: 'within a list',
      response: `1. So:\n   \`\`\`js\n   ${right}\n   \`\`\`\n2. Done`,
      rules: ['fenced'],
    },
    { name: 'behind the mark of a list', response: `- \`\`\`js\n  ${right}\n  \`\`\``, rules: ['fenced'] },
    { name: 'in a quotation', response: `> \`\`\`js\n> ${right}\n> \`\`\``, rules: ['fenced'] },
    { name: 'behind a sentence', response: `**Solution:** ${fenced(right)}`, rules: ['fenced'] },
    {
      name: 'with Windows line ends',
      response: `So\r\n\`\`\`js\r\n${right}\r\n\`\`\`\r\n`,
      rules: ['fenced'],
    },
    {
      name: 'with the language below',
      response: `\`\`\`\njavascript\n${right}\n\`\`\``,
      rules: ['fenced'],
    },
    { name: 'closed behind the code', response: `\`\`\`js\n${right}\`\`\`\nThat is it.`, rules: ['fenced'] },
    {
      name: 'around a comment with fences',
      response: fenced(`/**\n * \`\`\`js\n * double(2)\n * \`\`\`\n */\n${right}`),
      program: `/**\n * \`\`\`js\n * double(2)\n * \`\`\`\n */\n${right}`,
      rules: ['fenced'],
    },
    {
      name: 'around a continuation',
      response: fenced('  return x + x;\n}'),
      program: 'return x + x;\n}',
      asked: head,
      rules: ['fenced'],
    },
    {
      name: 'around what does not parse: the judge says why',
      response: fenced('function double(x) { return x +; }'),
      program: 'function double(x) { return x +; }',
      rules: ['fenced'],
    },
  ]);
});

describe('the last block that defines the function', () => {
  check([
    { name: 'after a draft', response: `${fenced(wrong)}\nNo:\n${fenced(right)}`, rules: ['fenced', 'last'] },
    { name: 'before its use', response: `${fenced(right)}\nUse:\n${fenced('double(2)')}`, rules: ['fenced'] },
    {
      name: 'before tests that bring it in',
      response: `${fenced(right)}\n${fenced("const { double } = require('./double');\ndouble(2);")}\n${fenced("import { double } from './double.js';")}`,
      rules: ['fenced'],
    },
    {
      name: 'before other languages',
      response: `${fenced(right)}\n${fenced('double = lambda x: x', 'python')}\n${fenced('function double(x: number) { return 0; }', 'ts')}`,
      rules: ['fenced'],
    },
    {
      name: 'however it is defined',
      response: `${fenced(wrong)}\n${fenced('module.exports.double = (x) => 2 * x;')}`,
      program: 'module.exports.double = (x) => 2 * x;',
      rules: ['fenced', 'last'],
    },
  ]);
});

describe('joined blocks', () => {
  check([
    {
      name: 'a helper of a helper, before and after, without examples of use',
      response: `${fenced('const two = 2;\nconsole.log(two);')}\n${fenced('function double(x) { return twice(x); }')}\n${fenced('const twice = (x) => two * x;')}`,
      program: 'const two = 2;\nfunction double(x) { return twice(x); }\nconst twice = (x) => two * x;',
      rules: ['fenced', 'joined'],
    },
    {
      name: 'what is put into a helper',
      response: `${fenced('const memo = {};\nmemo[0] = 0;')}\n${fenced('function double(x) { return memo[x] ?? x + x; }')}`,
      program: 'const memo = {};\nmemo[0] = 0;\nfunction double(x) { return memo[x] ?? x + x; }',
      rules: ['fenced', 'joined'],
    },
    {
      name: 'a helper out of the draft, without the draft',
      response: `${fenced(`const twice = (x) => 2 * x;\n${wrong}`)}\n${fenced('function double(x) { return twice(x); }')}`,
      program: 'const twice = (x) => 2 * x;\nfunction double(x) { return twice(x); }',
      rules: ['fenced', 'last', 'joined'],
    },
    {
      name: 'not what the block declares or assigns itself',
      response: `${fenced('const x = 1; const i = 2;')}\n${fenced('function double(x) { i = x; return x + i; }')}`,
      program: 'function double(x) { i = x; return x + i; }',
      rules: ['fenced'],
    },
  ]);
});

describe('a fence that is not closed', () => {
  check([
    { name: 'at the end', response: `So:\n\`\`\`js\n${right}`, rules: ['fenced', 'unclosed'] },
    {
      name: 'before the next block',
      response: `\`\`\`js\n${right}\n\`\`\`js\ndouble(2)\n\`\`\``,
      rules: ['fenced', 'unclosed'],
    },
    { name: 'of tildes', response: `~~~\n${right}\n`, rules: ['fenced', 'unclosed'] },
  ]);
});

describe('a fence that the prompt opened', () => {
  check([
    { name: 'around a program', response: `${right}\n\`\`\`\nThat was it.`, rules: ['opened'] },
    {
      name: 'around a continuation',
      response: '  return x + x;\n}\n```\nDone.',
      program: 'return x + x;\n}',
      asked: head,
      rules: ['opened'],
    },
    {
      name: 'before an example of use',
      response: `${right}\n\`\`\`\nUse:\n${fenced('double(2)')}`,
      rules: ['opened'],
    },
    {
      name: 'around a draft',
      response: `${wrong}\n\`\`\`\nNo:\n${fenced(right)}`,
      rules: ['fenced', 'last'],
    },
  ]);
});

describe('code without fences', () => {
  check([
    {
      name: 'between sentences',
      response: `Sure! Here:\n\n${right}\n\nThis doubles x.`,
      rules: ['unfenced'],
    },
    {
      name: 'under a heading',
      response: `### Solution\n${right}\n### Why\nIt's \`x + x\`.`,
      rules: ['unfenced'],
    },
    { name: 'in one line', response: `It is \`${right}\`, as asked.`, rules: ['unfenced'] },
    { name: 'in fences of one line', response: `\`\`\`js ${right}\`\`\``, rules: ['unfenced'] },
    {
      name: 'beside an example of use',
      response: `${right}\n\nUse:\n${fenced('double(2)')}`,
      rules: ['unfenced'],
    },
    {
      name: 'in two places',
      response:
        'A helper:\nconst twice = (x) => 2 * x;\n\nand then:\nconst double = (x) => twice(x);\n\nDone.',
      program: 'const twice = (x) => 2 * x;\nconst double = (x) => twice(x);',
      rules: ['unfenced', 'joined'],
    },
  ]);
});

describe('a continuation', () => {
  const body = 'return x + x;\n}';
  check([
    { name: 'is left as it is', response: `  ${body}\n`, program: body, asked: head, rules: ['whole'] },
    {
      name: 'ends at a stop token',
      response: `  ${body}\nfunction next(`,
      program: `${body}\nfunction next(`,
      asked: head,
      rules: ['whole'],
    },
    {
      name: 'with a sentence after it',
      response: `  ${body}\n\nThis doubles x.`,
      program: body,
      asked: head,
      rules: ['tail'],
    },
    {
      name: 'with a heading after it',
      response: `  ${body}\n# Why`,
      program: body,
      asked: head,
      rules: ['tail'],
    },
    {
      name: 'that was cut off after it',
      response: `  ${body}\n\nconsole.log(double(`,
      program: body,
      asked: head,
      rules: ['tail'],
    },
  ]);
});

describe('no program', () => {
  check([
    { name: 'nothing', response: '', program: '', rules: ['none'] },
    {
      name: 'a refusal',
      response: 'I cannot let you do that.',
      program: 'I cannot let you do that.',
      rules: ['none'],
    },
    {
      name: 'another function',
      response: 'function half(x) { return x / 2; }',
      program: 'function half(x) { return x / 2; }',
      rules: ['none'],
    },
  ]);
});

/** Programs that speak of all that models put around programs. */
const programs = fc
  .record({
    text: fc.constantFrom(
      'a',
      '</think>',
      '<|im_end|>',
      '<answer>',
      '// js',
      '{',
      '[PAD]',
      "it's",
      '</s>',
      '~~~',
    ),
    form: fc.constantFrom('function', 'const', 'async', 'class'),
    helper: fc.boolean(),
    comment: fc.boolean(),
  })
  .map(({ text, form, helper, comment }) => {
    const value = JSON.stringify(` ${text}`);
    const called = helper ? `helper(x) + ${value}` : `x + ${value}`;
    const lines = {
      function: `function double(x) {\n  return ${called};\n}`,
      const: `const double = (x) => ${called};`,
      async: `async function double(x) {\n\n  return ${called};\n}`,
      class: `class double {\n  at(x) { return ${called}; }\n}`,
    }[form];
    return `${comment ? '// Doubles x.\n' : ''}${helper ? 'const helper = (x) => `\n` + x;\n' : ''}${lines}`;
  });

const sentence = fc.constantFrom(
  '',
  'Sure, here is the function:',
  'Let us double.',
  '# Solution',
  'Note: x is a number',
);
type Dress = (code: string) => string;
const dresses: Record<string, fc.Arbitrary<Dress>> = {
  fence: fc
    .record({
      before: sentence,
      after: sentence,
      mark: fc.constantFrom('`', '~'),
      width: fc.integer({ min: 3, max: 6 }),
      info: fc.constantFrom('', 'js', 'JavaScript', 'ts', 'node', 'mjs title="a"'),
      closed: fc.boolean(),
      draft: fc.boolean(),
    })
    .map(({ before, after, mark, width, info, closed, draft }) => (code) => {
      const marks = mark.repeat(width);
      const block = (text: string) => `${marks}${info}\n${text}\n${marks}`;
      const last = closed ? `${block(code)}\n\n${after}` : `${marks}${info}\n${code}`;
      return `${before}\n\n${draft ? `${block('function double(x) { return 0; }')}\nBetter:\n` : ''}${last}`;
    }),
  answer: fc.constant((code) => `<answer>\n${code}\n</answer>`),
  thoughts: fc
    .constantFrom<[string, string]>(
      ['<think>\n', '\n</think>\n\n'],
      ['', '\n</think>\n\n'],
      ['[THINK]', '[/THINK]'],
    )
    .map(
      ([open, close]) =>
        (code) =>
          `${open}First\n${fenced(wrong)}\nthat is wrong.${close}${code}`,
    ),
  tokens: fc
    .constantFrom<[string, string]>(
      ['', '<|im_end|>'],
      ['<|im_start|>assistant\n', '<|im_end|>\n<|endoftext|>'],
      ['<|start_header_id|>assistant<|end_header_id|>\n\n', '<|eot_id|>'],
      ['<s>[INST] double [/INST] ', '</s>'],
    )
    .map(
      ([head, end]) =>
        (code) =>
          `${head}${code}${end}`,
    ),
  messages: fc.constantFrom<Dress>(
    (code) =>
      JSON.stringify([
        { role: 'user', content: 'double?' },
        { role: 'assistant', content: code },
      ]),
    (code) => JSON.stringify({ role: 'assistant', content: [{ type: 'text', text: code }] }),
  ),
};

it('any dress, and any dress over another, gives the program back', () => {
  const worn = fc.tuple(...Object.values(dresses).map((dress) => fc.option(dress)));
  fc.assert(
    fc.property(programs, worn, (program, over) => {
      const response = over.reduce((text, dress) => (dress ? dress(text) : text), program);
      const found = programIn(response, instruction);
      expect(found.program.trim()).toBe(program);
      expect(found.rules).not.toContain('none');
      expect(found.rules.includes('messages')).toBe(over[4] !== null);
    }),
    { numRuns: 1000 },
  );
});

it('never fails, and never takes long, whatever the text', () => {
  const bits = fc.constantFrom(
    '```',
    '```js\n',
    '~~~\n',
    '<think>',
    '</think>',
    '<|im_end|>',
    '[',
    '{"role":',
    "'",
    '\n',
    'function double(x) {',
    '}',
    'const ',
    ' `',
    '<answer>',
    '/',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(bits, fc.string()), { maxLength: 60 }), fc.boolean(), (parts, open) => {
      const { rules } = programIn(parts.join(''), open ? head : instruction);
      expect(new Set(rules).size).toBe(rules.length);
    }),
    { numRuns: 1000 },
  );
  const long = ['<think>', '```js\n', '```js\ndouble', 'let a\n', 'const f = (', '<|im_end|>\n', "['"];
  for (const part of long) programIn(part.repeat(20_000), head);
});

it('counts what each rule served, and keeps one response of each', () => {
  const report = new RuleReport();
  for (const response of [right, fenced(right), `Second:\n${fenced(right)}`, 'none'])
    report.add(response, programIn(response, instruction));
  expect(report.uses).toEqual([
    { rule: 'whole', responses: 1, example: { response: right, program: right } },
    { rule: 'fenced', responses: 2, example: { response: fenced(right), program: `${right}\n` } },
    { rule: 'none', responses: 1, example: { response: 'none', program: 'none' } },
  ]);
});
