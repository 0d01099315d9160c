import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../tasks/problem.ts';
import { encodeProgram, encodePrompt, vocabulary } from '../../tasks/tokenizer.ts';
import type { TaskSet } from '../loop/responses.ts';
import { outcomes } from '../loop/run.ts';
import { entriesOf, type KnowledgeEntry, makeKnowledge, rounded } from './knowledge.ts';
import { readKnowledge, writeKnowledge } from './knowledgeFile.ts';

const text = (longest: number) =>
  fc
    .array(fc.integer({ min: 3, max: vocabulary.length - 1 }), { minLength: 1, maxLength: longest })
    .map((tokens) => tokens.map((token) => vocabulary[token]).join(' '));

const entry: fc.Arbitrary<KnowledgeEntry> = fc
  .record({
    request: text(3),
    program: text(3),
    score: fc.constantFrom(0, 0.5, 1),
    outcome: fc.constantFrom(...outcomes),
    nats: fc.array(fc.double({ min: -9, max: 0, noNaN: true }), { minLength: 4, maxLength: 4 }),
  })
  .map(({ nats, ...rest }) => ({
    ...rest,
    logProb: nats.slice(0, rest.program.split(' ').length + 1).map(rounded),
  }));
const entries = fc.array(entry, { maxLength: 12 });

const one: KnowledgeEntry = {
  request: 'sort descending',
  program: 'return xs',
  score: 1,
  outcome: 'ok',
  logProb: [-0.5, 0, -1.25],
};

describe('a knowledge store', () => {
  it('keeps no two alike, only what passes unless asked, and no order of arrival', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const passing = makeKnowledge('t', list).entries;
        const all = makeKnowledge('t', list, 'all').entries;
        const key = ({ request, program }: KnowledgeEntry) => `${request}|${program}`;
        expect(passing.every(({ score }) => score === 1)).toBe(true);
        expect(new Set(all.map(key)).size).toBe(all.length);
        expect(new Set(all.map(key))).toEqual(new Set(list.map(key)));
        expect(makeKnowledge('t', list.toReversed(), 'all').entries.map(key)).toEqual(all.map(key));
      }),
    );
  });

  it('takes what was written with its verdict and log-probabilities, and no program that was cut off', () => {
    const tokens = [...encodeProgram('return xs'), ...encodeProgram('return s').subarray(0, 2)];
    const tasks: TaskSet = {
      problems: [{ id: 'a', prompt: 'sort descending' }] as Problem[],
      prompts: [encodePrompt({ id: 'a', prompt: 'sort descending' })],
      source: () => '',
      reference: () => new Int32Array(),
    };
    const row = { tokens: [], promptLength: 0 };
    const written = {
      rows: [row, row],
      problem: Int32Array.of(0, 0),
      group: Int32Array.of(0, 0),
      starts: Int32Array.of(0, 3, 5),
      tokens: Uint16Array.from(tokens),
      logProb: Float32Array.of(-0.1234, -0.5, -1e-9, -1, -1),
      programs: ['', ''],
    };
    const judged = { score: Float32Array.of(1 / 3, 1), status: Uint8Array.of(1, 0) };
    expect(entriesOf(written, judged, tasks)).toEqual([
      {
        request: 'sort descending',
        program: 'return xs',
        score: 0.3333,
        outcome: outcomes[1],
        logProb: [-0.123, -0.5, 0],
      },
    ]);
  });
});

describe('its file', () => {
  it('comes back as it went out, with the same bytes again', () => {
    fc.assert(
      fc.property(entries, fc.string(), (list, teacher) => {
        const store = makeKnowledge(teacher, list, 'all');
        const file = writeKnowledge(store);
        expect(readKnowledge(file, 'x')).toEqual(store);
        expect(writeKnowledge(readKnowledge(file, 'x'))).toBe(file);
      }),
    );
  });

  it('is refused when any character of it has changed', () => {
    const file = writeKnowledge(makeKnowledge('t', [one, { ...one, program: 'return s' }]));
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.constantFrom('#', '7', 'x'), (at, letter) => {
        fc.pre(file[at] !== letter);
        const changed = file.slice(0, at) + letter + file.slice(at + 1);
        // What the teacher is called is a word, whatever it is.
        fc.pre(changed.includes('"teacher":"t"'));
        expect(() => readKnowledge(changed, 'store.jsonl')).toThrow(/^store\.jsonl /);
      }),
    );
  });

  const file = writeKnowledge(makeKnowledge('t', [one, { ...one, program: 'return s' }]));
  const [head, ...lines] = file.split('\n');
  const forged = (entry: object) => {
    // A file whose checksum is right, and whose entry is not.
    const whole = writeKnowledge({ teacher: 't', entries: [{ ...one, ...entry }] });
    return whole;
  };
  it.each<[string, string, RegExp]>([
    ['empty', '', /^f is no knowledge store: its first line/],
    ['another file', '{"prompt":"x"}\n', /is no knowledge store/],
    [
      'a later version',
      file.replace('"version":1', '"version":2'),
      /of version 2, and this page reads version 1/,
    ],
    [
      'one of another vocabulary',
      head.replace(/"vocabulary":"\w+"/, '"vocabulary":"00000000"') + file.slice(head.length),
      /another vocabulary/,
    ],
    [
      'one cut off',
      [head, lines[0], ''].join('\n'),
      /cut off or was added to: it says 2 entries and holds 1/,
    ],
    ['one whose line is half', file.slice(0, -9), /cut off/],
    ['one that was changed', file.replace('return s', 'return a'), /damaged: its checksum/],
    ['an unknown word', forged({ request: 'zzz' }), /line 2: "request" has a word outside/],
    ['a score above 1', forged({ score: 2 }), /"score" must lie/],
    [
      'too few log-probabilities',
      forged({ logProb: [0] }),
      /a number of 0 or less for each of the program's 3 tokens/,
    ],
    ['a probability above 1', forged({ logProb: [0, 0, 0.5] }), /0 or less/],
    ['an unknown outcome', forged({ outcome: 'fine' }), /"outcome" must be one of/],
    ['an entry twice', writeKnowledge({ teacher: 't', entries: [one, one] }), /holds an entry twice/],
  ])('that is %s is refused by name', (_, text, message) => {
    expect(() => readKnowledge(text, 'f')).toThrow(message);
  });
});
