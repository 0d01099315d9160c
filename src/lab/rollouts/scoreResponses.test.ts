import { describe, expect, it } from 'vitest';
import type { JudgeClient } from '../../judge/client.ts';
import type { ImportedProblem } from '../../judge/packs.ts';
import { programOf, type ScoringProgress, scoreResponses } from './scoreResponses.ts';

const problem = (id: string, check: ImportedProblem['check'], prompt = ''): ImportedProblem => ({
  id,
  title: id,
  prompt,
  entry: 'f',
  tests: [{ args: [1], expected: 2 }],
  stopTokens: [],
  timeoutMs: 100,
  source: '',
  licence: '',
  check,
  assertions: 1,
  assertionTexts: [],
});

/** Stands for the judge: a program that says `good` passes. */
function recording() {
  const asked: string[] = [];
  const client = {
    judge: async (requests: { source: string; key: string }[]) =>
      requests.map(({ source, key }) => {
        asked.push(`${key}: ${source}`);
        return { status: 'ok', passed: 0, total: 1, score: source.includes('good') ? 1 : 0 };
      }),
  } as unknown as JudgeClient;
  return { asked, client };
}

describe('scoring responses', () => {
  it('scores rows with a usable problem and leaves the others unknown', async () => {
    const { asked, client } = recording();
    const problems = [
      problem('a', 'checked'),
      problem('b', 'quarantined'),
      problem('c', 'unchecked', 'function f(x) {'),
    ];
    const texts = ['good', 'good', 'good', 'bad', 'function f(x) { bad }', ' good }'];
    const score = await scoreResponses(client, problems, Int32Array.of(0, 1, -1, 0, 2, 2), async (from, to) =>
      texts.slice(from, to),
    );
    expect([...score!]).toEqual([1, Number.NaN, Number.NaN, 0, 0, 1]);
    expect(asked).toEqual([
      'pack a: good',
      'pack a: bad',
      'pack c: function f(x) { bad }',
      'pack c: function f(x) { good }',
    ]);
  });

  it('reads a bounded part at a time, tells how far it is, and can be ended', async () => {
    const { client } = recording();
    const reads: number[] = [];
    const seen: ScoringProgress[] = [];
    const stop = new AbortController();
    let clock = 0;
    const score = await scoreResponses(
      client,
      [problem('a', 'checked')],
      new Int32Array(1000),
      async (from, to) => {
        reads.push(to - from);
        clock += 1000;
        return new Array(to - from).fill('good');
      },
      {
        signal: stop.signal,
        now: () => clock,
        onProgress: (progress) => {
          seen.push(progress);
          if (seen.length === 2) stop.abort();
        },
      },
    );
    expect(score).toBeNull();
    expect(reads).toEqual([64, 64, 64]);
    expect(seen[0]).toMatchObject({ done: 64, total: 1000 });
    expect(seen[0].secondsLeft).toBeCloseTo((1000 - 64) / 64, 6);
  });
});

describe('the program in a response', () => {
  it('is the fenced block, or everything', () => {
    expect(programOf('Here:\n```js\nlet a;\n```\nDone.')).toBe('let a;\n');
    expect(programOf('```\nlet a;\n```')).toBe('let a;\n');
    expect(programOf('```javascript\nlet a;')).toBe('let a;');
    expect(programOf('  return 1;\n}\n')).toBe('  return 1;\n}\n');
    expect(programOf('  return 1;\n}\n```\nThat was it.')).toBe('  return 1;\n}\n```\nThat was it.');
  });
});
