import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { generate } from '../../nn/generate/generate.ts';
import { openSimd } from '../../nn/simd/open.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { codeToken, encodeProgram, encodePrompt, maxSequence, vocabulary } from '../../tasks/tokenizer.ts';
import { makeKnowledge } from './knowledge.ts';
import { KnowledgeError } from './knowledgeFile.ts';
import { mixed, retrieved, votersOf, writeMixed } from './mixture.ts';
import {
  encodeRequest,
  indexOf,
  nearest,
  type Retriever,
  requestTokens,
  trainRetriever,
} from './retriever.ts';
import { readRetriever, writeRetriever } from './retrieverFile.ts';
import { behindNeighbours, createStudent, parametersOf, studentPositions, studentRows } from './student.ts';
import { syntheticKnowledge, syntheticRetriever } from './testing/synthetic.ts';

const entry = (request: string, program: string, sure = 0) => ({
  request,
  program,
  score: 1,
  outcome: 'ok' as const,
  logProb: Array.from({ length: program.split(' ').length + 1 }, () => sure),
});

beforeAll(async () => {
  await openSimd();
  await tf.setBackend('simd');
});

describe('the retriever', () => {
  const index = indexOf(syntheticKnowledge(200, 1), syntheticRetriever(8, 1));

  it('finds what looking at every request finds, itself first, and not what is excepted', () => {
    fc.assert(
      fc.property(fc.nat(199), fc.integer({ min: 1, max: 12 }), (at, k) => {
        const { request, tokens } = index.requests[at];
        const query = encodeRequest(index.retriever, tokens);
        const all = index.requests
          .map(({ tokens: other, request }) => ({
            request,
            similarity: encodeRequest(index.retriever, other).reduce((sum, x, d) => sum + x * query[d], 0),
          }))
          .sort((a, b) => b.similarity - a.similarity);
        const found = nearest(index, tokens, k);
        expect(found.map(({ similarity }) => similarity.toFixed(5))).toEqual(
          all.slice(0, k).map(({ similarity }) => similarity.toFixed(5)),
        );
        expect(found[0].known.request).toBe(request);
        expect(nearest(index, tokens, k, request).map(({ known }) => known.request)).not.toContain(request);
      }),
    );
  });

  it('gives unit vectors, whatever the order of the words', () => {
    const { tokens } = index.requests[3];
    const vector = encodeRequest(index.retriever, tokens);
    expect(vector.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 5);
    encodeRequest(index.retriever, tokens.toReversed()).forEach((x, d) => {
      expect(x).toBeCloseTo(vector[d], 5);
    });
  });

  it('learns that words which ask for the same program are alike', async () => {
    const programs = {
      'return xs .length': ['double', 'twice'],
      'return s .toUpperCase()': ['square', 'cube'],
    };
    const store = makeKnowledge(
      't',
      Object.entries(programs).flatMap(([program, words]) =>
        words.flatMap((word) =>
          ['each number', 'every number'].map((rest) => entry(`${word} ${rest}`, program)),
        ),
      ),
    );
    const settings = { steps: 60, batch: 8, dimension: 4, learningRate: 0.05 };
    let learned: Retriever | null = null;
    const losses: number[] = [];
    for await (const step of trainRetriever(store, settings, 1)) {
      losses.push(step.loss);
      if (step.step === step.steps) learned = await step.retriever();
    }
    expect(losses.at(-1)!).toBeLessThan(losses[0] - 0.2);
    const found = nearest(indexOf(store, learned!), requestTokens('double each number'), 4);
    expect(new Set(found.map(({ known }) => known.entries[0].program))).toEqual(
      new Set(['return xs .length']),
    );
    // And comes back from its file.
    expect(readRetriever(writeRetriever(learned!))).toEqual(learned);
    expect(() => readRetriever(writeRetriever(learned!).subarray(0, 90), 'r')).toThrow(KnowledgeError);
    expect(() => readRetriever(Uint8Array.of(1), 'r')).toThrow(/^r is damaged/);
  });
});

describe('what neighbours say of the next token', () => {
  const [return_, xs, length] = encodeProgram('return xs .length');
  const voters = votersOf(
    [entry('double each number', 'return xs', -1), entry('cube each number', 'return xs .length')].map(
      (own) => ({
        known: { request: own.request, tokens: requestTokens(own.request), entries: [own] },
        similarity: 1,
      }),
    ),
  );

  it('is how their programs begin, then what follows the same tokens, the surer the more', () => {
    expect([...retrieved([], voters)]).toEqual([[return_, 1]]);
    const next = retrieved([return_, xs], voters);
    expect(next.get(1)! / next.get(length)!).toBeCloseTo(Math.exp(-1), 6);
    expect(retrieved([codeToken], voters).size).toBe(0);
  });

  const shares = fc
    .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 3, maxLength: 6 })
    .map((raw) => raw.map((x) => x / raw.reduce((a, b) => a + b)));

  it('is mixed into probabilities: λ = 0 is the student, λ = 1 the store, and all adds up to 1', () => {
    fc.assert(
      fc.property(shares, shares, fc.double({ min: 0, max: 1, noNaN: true }), (own, said, lambda) => {
        const student = Float32Array.from({ length: 8 }, (_, v) => own[v] ?? 0);
        const votes = new Map(said.map((share, v): [number, number] => [v + 1, share]));
        const p = mixed(student, votes, lambda);
        expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
        expect(Array.from(mixed(student, votes, 0))).toEqual(Array.from(student));
        expect(Array.from(mixed(student, new Map(), lambda))).toEqual(Array.from(student));
        expect(mixed(student, votes, 1)[0]).toBe(0);
      }),
    );
  });

  it('is what a student writes that only listens', async () => {
    const student = createStudent(4, 1);
    const prompts = [encodePrompt({ id: 'a', prompt: 'cube each number' })];
    const writing = { prompts, samplesPerPrompt: 2, greedy: true, seed: 1 };
    const { tokens, promptLength, totalLength } = await writeMixed(student, {
      ...writing,
      voters: [voters.slice(1)],
      lambda: 0.9,
    });
    expect(Array.from(tokens.subarray(promptLength[0], totalLength[0]))).toEqual(
      Array.from(encodeProgram('return xs .length')),
    );
    // And with nothing to listen to it writes what its backend writes.
    const alone = await writeMixed(student, { ...writing, voters: [[]], lambda: 0.9 });
    const plain = await generate(student, {
      prompts,
      samplesPerPrompt: 2,
      greedy: true,
      seed: 1,
      streamId: 1,
    });
    expect(alone.tokens).toEqual(plain.tokens);
    expect(alone.starts).toEqual(plain.starts);
    alone.logProb.forEach((x, i) => {
      // Padding is never drawn, and its share goes to the others.
      expect(Math.abs(x - plain.logProb[i])).toBeLessThan(0.02);
    });
    student.dispose();
  });
});

describe('the student', () => {
  const store = syntheticKnowledge(30, 4);
  const index = indexOf(store, syntheticRetriever(8, 2));

  it('is counted as it is', () => {
    const student = createStudent(4, 1);
    expect(parametersOf(student)).toBe(
      Object.values(student.params).reduce((sum, { size }) => sum + size, 0),
    );
    expect(student.config).toMatchObject({ vocab: vocabulary.length, maxLength: studentPositions });
    student.dispose();
  });

  it('reads neighbours before the request, the nearest last, as many as leave room', () => {
    fc.assert(
      fc.property(fc.nat(29), fc.integer({ min: 0, max: 9 }), (at, k) => {
        const { tokens, request } = index.requests[at];
        const prompt = [...tokens, codeToken];
        const neighbours = nearest(index, tokens, k, request);
        const all = Array.from(behindNeighbours(prompt, neighbours));
        expect(all.slice(-prompt.length)).toEqual(prompt);
        expect(all.length).toBeLessThanOrEqual(studentPositions - maxSequence + prompt.length);
        const starts = Array.from(all.keys()).filter((i) => all[i] === codeToken);
        expect(starts.length).toBe(1 + Math.min(k, Math.floor((studentPositions - maxSequence) / 14)));
        if (k > 0) {
          const nearestText = [...neighbours[0].known.tokens, codeToken];
          expect(all.slice(-prompt.length - 14, -prompt.length).slice(0, 9)).toEqual(nearestText);
        }
      }),
    );
  });

  it('never learns from its own program as a neighbour', () => {
    const rows = studentRows(store, index, 'prefix', 2);
    rows.forEach(({ tokens, promptLength }, i) => {
      const program = Array.from(encodeProgram(store.entries[i].program));
      const before = Array.from(tokens).slice(0, promptLength).join(' ');
      expect(Array.from(tokens).slice(promptLength)).toEqual(program);
      expect(before.includes(` ${program.join(' ')} `)).toBe(false);
    });
    expect(studentRows(store, index, 'alone', 2)[0].promptLength).toBe(9);
  });
});
