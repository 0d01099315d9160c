/**
 * The program in a response, as chat models write it: behind thoughts, between fences, after a draft, in sentences.
 * Each rule has a name (rules.ts), and what was found says which were used. Of several blocks the last that defines
 * the function is taken, as the graders of code trainers do. Pure.
 */
import type { AnyNode } from 'acorn';
import { type Block, blocksOf, firstFence, isJavaScript } from './blocks.ts';
import type { Asked, FoundProgram, Rule } from './rules.ts';
import {
  definedBy,
  defines,
  lacking,
  leadingScript,
  type Script,
  scriptOf,
  statementsAbout,
} from './script.ts';
import {
  answerIn,
  type IsCode,
  lastMessage,
  lastTurn,
  withoutEndTokens,
  withoutThoughts,
} from './undress.ts';

export function programIn(response: string, asked: Asked): FoundProgram {
  const reading = new Reading(asked);
  const rules: Rule[] = [];
  let text = response;
  const take = (rule: Rule, found: string | null): void => {
    if (found === null || found === text) return;
    if (!rules.includes(rule)) rules.push(rule);
    text = found;
  };
  take('messages', lastMessage(text));
  take('tokens', withoutEndTokens(text));
  /** A program as it stands may speak of tokens and tags itself. */
  const isProgram = (): boolean => firstFence(text) < 0 && reading.reads(text);
  if (!isProgram()) take('tokens', lastTurn(text, reading.code(text)));
  if (!isProgram()) take('thoughts', withoutThoughts(text, reading.code(text)));
  if (isProgram()) return { program: text, rules: [...rules, 'whole'] };
  const inTags = answerIn(text, reading.code(text));
  for (const part of inTags === null ? [text] : [inTags, text]) {
    const found = reading.find(part);
    const answer: Rule[] = part === inTags ? ['answer'] : [];
    if (found) return { program: found.program, rules: [...rules, ...answer, ...found.rules] };
  }
  return { program: text, rules: [...rules, 'none'] };
}

/** Reads texts with one problem in mind. */
class Reading {
  readonly #asked: Asked;
  /** The prompt leaves a function open. */
  readonly #isOpen: boolean;

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#isOpen = /\{\s*$/.test(asked.prompt);
  }

  /** Whether a text is a program that defines the function, or goes on where the prompt ends. */
  reads(text: string): boolean {
    const script = scriptOf(text);
    if (script && defines(script, this.#asked.entry)) return true;
    return this.#continues(text);
  }

  /** Which places of a text are in a block that reads as a program. */
  code(text: string): IsCode {
    let blocks: Block[] | null = null;
    return (at) => {
      blocks ??= blocksOf(text, this.#parses).filter(({ code }) => code.trim() !== '' && this.#parses(code));
      return blocks.some(({ inner: [from, to] }) => from <= at && at < to);
    };
  }

  find(text: string): FoundProgram | null {
    const fence = firstFence(text);
    if (fence < 0 && this.reads(text)) return { program: text, rules: ['whole'] };
    return (fence < 0 ? null : this.#inFences(text, fence)) ?? this.#unfenced(text) ?? this.#beforeTail(text);
  }

  readonly #parses = (code: string): boolean => scriptOf(code) !== null || this.#continues(code);

  #continues(text: string): boolean {
    if (!this.#isOpen) return false;
    const { prompt, stopTokens, entry } = this.#asked;
    const cuts = stopTokens.map((token) => text.indexOf(token)).filter((at) => at >= 0);
    const script = scriptOf(prompt + text.slice(0, Math.min(text.length, ...cuts)));
    return script !== null && defines(script, entry);
  }

  #inFences(text: string, fence: number): FoundProgram | null {
    // A prompt that ends in an open fence leaves only the closing one to the response.
    const marks = /^[ \t>]*(`{3,}|~{3,})[ \t]*\r?(?:\n|$)/.exec(text.slice(fence))?.[1];
    const isOpened = marks !== undefined && this.reads(text.slice(0, fence));
    const blocks = blocksOf(isOpened ? `${marks}\n${text}` : text, this.#parses);
    const named = (rules: Rule[], block: Block): Rule[] => {
      const how: Rule = isOpened && block === blocks[0] ? 'opened' : 'fenced';
      return [how, ...rules, ...(block.unclosed ? ['unclosed' as const] : [])];
    };
    const scripts = blocks
      .filter(({ language }) => language === '' || isJavaScript(language))
      .map((block) => ({ block, script: scriptOf(block.code) }));
    const found = this.#lastOf(
      scripts.filter((each) => each.script !== null) as { block: Block; script: Script }[],
    );
    if (found) return { program: found.program, rules: named(found.rules, found.from.block) };
    const going = scripts.findLast(({ block }) => this.#continues(block.code));
    if (going) return { program: going.block.code, rules: named([], going.block) };
    // Blocks in a language that nobody named here, and code beside the blocks.
    const others = blocks.flatMap((block) => {
      const script = block.language === '' || isJavaScript(block.language) ? null : scriptOf(block.code);
      return script ? [{ block, script }] : [];
    });
    const other = this.#lastOf(others);
    if (other) return { program: other.program, rules: named(other.rules, other.from.block) };
    const beside = blocks.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
    const loose = isOpened ? null : this.#unfenced(beside);
    if (loose) return loose;
    // It may not parse because it is in another dialect, or because it was cut off: the judge says what is wrong.
    const said = scripts.findLast(({ block }) => this.#mentions(block.code));
    return said ? { program: said.block.code, rules: named([], said.block) } : null;
  }

  /** Code that begins somewhere in a text without fences. */
  #unfenced(text: string): FoundProgram | null {
    const entry = escaped(this.#asked.entry);
    // A word such as "let" or "class" begins code only where code goes on behind it.
    const forms = [
      'function\\s*\\*?\\s*[\\w$]+\\s*\\(',
      'class\\s+[\\w$]+\\s*(?:extends\\b[^{\\n]*)?\\{',
      '(?:const|let|var)\\s+(?:[\\w$]+\\s*[=;,]|[[{])',
    ];
    const begin = new RegExp(
      `(?<![\\w$.])(?:(?:export\\s+(?:default\\s+)?)?(?:async\\s+)?(?:${forms.join('|')})|${entry}\\s*=(?!=))`,
      'g',
    );
    if (!this.#mentions(text)) return null;
    const regions: { script: Script }[] = [];
    for (let match = begin.exec(text); match; match = begin.exec(text)) {
      const script = leadingScript(text.slice(match.index));
      if (script.statements.length === 0) continue;
      regions.push({ script });
      begin.lastIndex = match.index + script.text.length;
    }
    const found = this.#lastOf(regions);
    return found ? { program: found.program, rules: ['unfenced', ...found.rules] } : null;
  }

  /** A continuation of the prompt with sentences after it. */
  #beforeTail(text: string): FoundProgram | null {
    if (!this.#isOpen) return null;
    const { prompt, entry } = this.#asked;
    const script = leadingScript(prompt + text);
    if (!defines(script, entry) || script.text.length <= prompt.length) return null;
    return { program: script.text.slice(prompt.length), rules: ['tail'] };
  }

  /** The last script that defines the function, with what it lacks from the others before and behind it. */
  #lastOf<From extends { script: Script }>(
    scripts: readonly From[],
  ): { from: From; program: string; rules: Rule[] } | null {
    const { entry } = this.#asked;
    const candidates = scripts.filter(({ script }) => defines(script, entry));
    const from = candidates.at(-1);
    if (!from) return null;
    const rules: Rule[] = candidates.length > 1 ? ['last'] : [];
    const at = scripts.indexOf(from);
    const taken = scripts.map(() => new Set<AnyNode>());
    const known = new Set(from.script.statements.flatMap(definedBy));
    const wanted = lacking(from.script);
    for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
      if (known.has(name)) continue;
      known.add(name);
      const source = nearest(at, scripts, name);
      if (source < 0) continue;
      for (const statement of statementsAbout(scripts[source].script, new Set([name]))) {
        if (taken[source].has(statement)) continue;
        taken[source].add(statement);
        const also = definedBy(statement);
        for (const one of also) known.add(one);
        wanted.push(...lacking({ statements: [statement] }));
      }
    }
    if (taken.every((statements) => statements.size === 0)) return { from, program: from.script.text, rules };
    const parts = scripts.flatMap(({ script }, i) =>
      i === at
        ? [script.text.trimEnd()]
        : script.statements
            .filter((statement) => taken[i].has(statement))
            .map(({ start, end }) => script.text.slice(start, end)),
    );
    return { from, program: `${parts.join('\n')}\n`, rules: [...rules, 'joined'] };
  }

  #mentions(text: string): boolean {
    return new RegExp(`(?<![\\w$])${escaped(this.#asked.entry)}(?![\\w$])`).test(text);
  }
}

/** The script nearest to number `at` that defines a name: the last before it, else the first behind it. */
function nearest(at: number, scripts: readonly { script: Script }[], name: string): number {
  for (let i = at - 1; i >= 0; i--) if (defines(scripts[i].script, name)) return i;
  for (let i = at + 1; i < scripts.length; i++) if (defines(scripts[i].script, name)) return i;
  return -1;
}

const escaped = (name: string): string => name.replace(/[^\w]/g, '\\$&');
