import { tokenizer as acornTokens, parse } from 'acorn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCorpus } from './corpus.ts';
import { lex } from './lexer.ts';
import { format, toSource } from './program.ts';
import { passedInNode } from './testing/nodeJudge.ts';
import {
  codeToken,
  decode,
  encodeProgram,
  encodePrompt,
  endToken,
  huggingFaceFiles,
  padToken,
  UnknownTokenError,
  vocabulary,
} from './tokenizer.ts';
import { buildWorld } from './world.ts';

const world = buildWorld(1);
const signature = { entry: 'f', parameters: ['xs'] };
const laidOut = (body: string) => format(toSource(body, signature)).split('\n').slice(1, -1).join('\n');

describe('tokenizer', () => {
  it('knows about 250 distinct tokens, with padding, end and code first', () => {
    expect(vocabulary.length).toBe(249);
    expect(new Set(vocabulary).size).toBe(vocabulary.length);
    expect([vocabulary[padToken], vocabulary[endToken], vocabulary[codeToken]]).toEqual([
      '<pad>',
      '<end>',
      '<code>',
    ]);
  });

  it('round-trips every request', () => {
    for (const problem of [...world.train, ...world.held]) {
      const tokens = encodePrompt(problem);
      expect(tokens.at(-1)).toBe(codeToken);
      expect(decode(tokens)).toBe(problem.prompt);
    }
  });

  it('round-trips any sequence of code tokens', () => {
    const token = fc.integer({ min: codeToken + 1, max: vocabulary.length - 1 });
    fc.assert(
      fc.property(fc.array(token, { minLength: 1 }), (tokens) => {
        expect([...encodeProgram(decode(tokens))]).toEqual([...tokens, endToken]);
      }),
    );
  });

  it('decodes up to the end and leaves padding out', () => {
    const tokens = [...encodeProgram('return xs'), padToken, ...encodeProgram('return a')];
    expect(decode(tokens)).toBe('return xs');
  });

  it('names the word that it does not know', () => {
    expect(() => encodePrompt({ id: 'p1', prompt: 'frobnicate the list' })).toThrow(UnknownTokenError);
    expect(() => encodePrompt({ id: 'p1', prompt: 'frobnicate the list' })).toThrow(
      '"frobnicate" in the request of problem p1',
    );
    expect(() => encodeProgram('return <end>')).toThrow('"<end>"');
  });

  it('describes itself to transformers', () => {
    const files = huggingFaceFiles();
    const { model, pre_tokenizer, added_tokens } = JSON.parse(files['tokenizer.json']);
    expect(model.type).toBe('WordLevel');
    expect(pre_tokenizer.type).toBe('WhitespaceSplit');
    expect(Object.entries(model.vocab).sort((a, b) => Number(a[1]) - Number(b[1]))).toEqual(
      vocabulary.map((token, id) => [token, id]),
    );
    expect(added_tokens.map((token: { id: number }) => token.id)).toEqual([0, 1, 2]);
    expect(JSON.parse(files['tokenizer_config.json'])).toMatchObject({
      eos_token: '<end>',
      pad_token: '<pad>',
    });
  });
});

describe('format', () => {
  it('writes programs as a person would', () => {
    const cases: [string, string][] = [
      ['return xs .map( x=> x + 2 )', '  return xs.map(x => x + 2);'],
      ['return xs .map( x=> - 3 + x )', '  return xs.map(x => -3 + x);'],
      ['return xs .slice( - 4 ) .reverse()', '  return xs.slice(-4).reverse();'],
      ['return xs .reduce( (a,b)=> a * b , 1 )', '  return xs.reduce((a, b) => a * b, 1);'],
      ["return s .replace( / /g , '' )", "  return s.replace(/ /g, '');"],
      ["return s .split( ' ' ) .filter( w=> w )", "  return s.split(' ').filter(w => w);"],
      [
        'const a = xs ; return a .length ? Math.max( ... a ) : 0',
        '  const a = xs;\n  return a.length ? Math.max(...a) : 0;',
      ],
      ['return ( s .match( /[aeiou]/gi ) || [ ] ) .length', '  return (s.match(/[aeiou]/gi) || []).length;'],
      ['return [ ... new Set( xs ) ]', '  return [...new Set(xs)];'],
      [
        'return xs .filter( (x,i,a)=> a [ i - 1 ] !== x )',
        '  return xs.filter((x, i, a) => a[i - 1] !== x);',
      ],
      ['return - - 2 .length', '  return - -2 .length;'],
      ['return ! ( 1 / 2 ) >> 1', '  return !(1 / 2) >> 1;'],
    ];
    for (const [body, expected] of cases) expect(laidOut(body)).toBe(expected);
  });

  it('tidies what is no JavaScript, and loses nothing of it', () => {
    expect(laidOut("return xs .map( ' x=> ) ) 3")).toBe("  return xs.map( ' x =>)) 3;");
    expect(laidOut('')).toBe('  ;');
  });

  it('leaves programs that people laid out as they are', () => {
    const source = 'function add(a, b) {\n\n    if (a) { return b }\n    return a\n}\n';
    expect(format(source)).toBe(source);
  });

  it('changes neither tokens nor results of the corpus', () => {
    for (const { problem, program } of buildCorpus(world.train, { seed: 2, size: 400, bugRate: 0.9 })) {
      const { entry, parameters, tests } = world.train[problem];
      const source = toSource(program, { entry, parameters });
      const formatted = format(source);
      expect(passedInNode(formatted, entry, tests), formatted).toBe(passedInNode(source, entry, tests));
      expect(format(formatted).replaceAll(/\s+/g, ' ')).toBe(formatted.replaceAll(/\s+/g, ' '));
    }
  });

  it('keeps the meaning of any token sequence that is valid JavaScript', () => {
    const meaning = (source: string) =>
      [...acornTokens(source, { ecmaVersion: 2023 })]
        .map((token) => source.slice(token.start, token.end))
        .filter((text) => text !== ';');
    const first = vocabulary.indexOf('!');
    const token = fc.integer({ min: first, max: vocabulary.length - 1 });
    let valid = 0;
    const check = (tokens: number[]) => {
      const source = toSource(`return ${decode(tokens)}`, signature);
      try {
        parse(source, { ecmaVersion: 2023 });
      } catch {
        expect(() => format(source)).not.toThrow();
        return;
      }
      valid++;
      expect(meaning(format(source))).toEqual(meaning(source));
    };
    fc.assert(fc.property(fc.array(token, { maxLength: 8 }), check), { seed: 5, numRuns: 4000 });
    // Programs with one token replaced: nearer to what a policy writes.
    const corpus = buildCorpus(world.train, { seed: 4, size: 300, bugRate: 0.6 });
    const place = fc.record({ row: fc.nat(corpus.length - 1), at: fc.nat(40), token });
    fc.assert(
      fc.property(place, ({ row, at, token: other }) => {
        const tokens = [...corpus[row].program].slice(1);
        tokens[at % tokens.length] = other;
        check(tokens);
      }),
      { seed: 5, numRuns: 2000 },
    );
    expect(valid).toBeGreaterThan(500);
  });
});

describe('lex', () => {
  it('tells division from regular expressions', () => {
    const texts = (source: string) => lex(source).map((lexeme) => lexeme.text);
    expect(texts('x / 2 / y')).toEqual(['x', '/', '2', '/', 'y']);
    expect(texts('( / 2 /g )')).toEqual(['(', '/ 2 /g', ')']);
    expect(texts('/[/]/.test(s)')).toEqual(['/[/]/', '.', 'test', '(', 's', ')']);
  });
});
