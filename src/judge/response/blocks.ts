/** Code between fences: where each block begins and ends, and in which language it says it is. */

export interface Block {
  /** Without the fences and without the indentation of the opening one. */
  code: string;
  /** First word of what stands behind the opening fence, in lower case; empty where nothing does. */
  language: string;
  /** No fence closes it. */
  unclosed: boolean;
  /** Where it begins and ends in the text, fences included. */
  start: number;
  end: number;
  /** Where its code begins and ends in the text. */
  inner: readonly [number, number];
}

/** More than any answer has; and places at which a block is tried to end. */
const mostBlocks = 100;
const mostEnds = 8;

/** A fence at the beginning of a line, in a list or a quotation, or behind a sentence. */
const opening = /^((?:[ \t]|>|[-*+][ \t]|\d+[.)][ \t])*)([^`~\n]*?)(`{3,}|~{3,})[ \t]*([^`\n]*)$/;
const javaScript =
  /^(?:js|javascript|ecmascript|es\d*|jsx|mjs|cjs|node|nodejs|node\.js|ts|typescript|tsx|mts|cts|js\d+|javascript\d*)$/;

export const isJavaScript = (language: string): boolean => javaScript.test(language);

/** Whether a line is nothing but fence marks, at least `least` of them. */
function closes(line: string, marks: string): boolean {
  const text = line.replace(/^[ \t>]*/, '').trimEnd();
  return text.length >= marks.length && text === marks[0].repeat(text.length);
}

/**
 * The blocks of a text, in order. A block ends at the first line of as many marks as it began with; where it does not
 * read there, at marks behind a line of code, or at the line that opens the next block.
 *
 * @param reads whether a text is code by itself or after the prompt
 */
export function blocksOf(text: string, reads: (code: string) => boolean): Block[] {
  const lines = linesOf(text);
  const blocks: Block[] = [];
  for (let i = 0; i < lines.length; i++) {
    const opened = opening.exec(lines[i].text);
    if (!opened) continue;
    const [, indent, before, marks, info] = opened;
    // Behind a sentence, only the name of a language may follow.
    if (before !== '' && info !== '' && !isName(info)) continue;
    const language = languageOf(info);
    const to = endOf(lines, i + 1, marks, language === '' || isJavaScript(language) ? reads : null);
    const inner = lines.slice(i + 1, to.line).map((line) => unindented(line.text, indent.length));
    if (to.rest !== null) inner.push(unindented(to.rest, indent.length));
    // Some models write the language below the fence.
    if (language === '' && isJavaScript(inner[0]?.trim().toLowerCase() ?? '')) inner.shift();
    const last = to.next - 1;
    const next = lines[i + 1]?.start ?? text.length;
    const code = inner.join('\n');
    blocks.push({
      code: to.unclosed || inner.length === 0 || to.rest !== null ? code : `${code}\n`,
      language,
      unclosed: to.unclosed,
      start: lines[i].start,
      end: lines[last].end,
      inner: [next, to.line === lines.length ? text.length : lines[to.line].start + (to.rest?.length ?? 0)],
    });
    i = last;
    if (blocks.length === mostBlocks) break;
  }
  return blocks;
}

interface Line {
  text: string;
  start: number;
  end: number;
}

function linesOf(text: string): Line[] {
  let start = 0;
  return text.split('\n').map((line) => {
    const found = { text: line.endsWith('\r') ? line.slice(0, -1) : line, start, end: start + line.length };
    start = found.end + 1;
    return found;
  });
}

interface End {
  /** The first line that is no longer code. */
  line: number;
  /** Code before the marks on that line. */
  rest: string | null;
  /** The first line after the block. */
  next: number;
  unclosed: boolean;
}

function endOf(
  lines: readonly Line[],
  from: number,
  marks: string,
  reads: ((code: string) => boolean) | null,
): End {
  let strict = from;
  while (strict < lines.length && !closes(lines[strict].text, marks)) strict++;
  const unclosed = strict === lines.length;
  const end: End = { line: strict, rest: null, next: unclosed ? strict : strict + 1, unclosed };
  if (!reads) return end;
  const code = (until: number, rest: string | null) =>
    [...lines.slice(from, until).map(({ text }) => text), ...(rest === null ? [] : [rest])].join('\n');
  let tried = 0;
  for (let line = from; line < strict && tried < mostEnds; line++) {
    const text = lines[line].text.trimEnd();
    if (!text.includes(marks)) continue;
    const info = opening.exec(text);
    const isBehind = text.endsWith(marks);
    if (!isBehind && info?.[2] !== '') continue;
    if (tried++ === 0 && reads(code(strict, null))) return end;
    const rest = isBehind ? text.slice(0, -marks.length) : null;
    if (!reads(code(line, rest))) continue;
    // One word behind the marks is the language of the next block, more are a sentence.
    const opensNext = !isBehind && info !== null && isName(info[4]);
    return { line, rest, next: opensNext ? line : line + 1, unclosed: opensNext };
  }
  return end;
}

const isName = (info: string): boolean => isJavaScript(languageOf(info)) || /^[\w.+#-]+$/.test(info.trim());

/** `js`, `{.js .numberLines}`, `javascript title="a.js"`, `js{1,3}`, `javascript:src/a.js`: the language alone. */
function languageOf(info: string): string {
  return (
    /^[{\s.]*([\w+#-]+(?:\.js)?)/
      .exec(info)?.[1]
      .toLowerCase()
      .replace(/^language-/, '') ?? ''
  );
}

/** Without up to `width` characters of white space and quotation marks before it. */
function unindented(line: string, width: number): string {
  let at = 0;
  while (at < width && at < line.length && /[ \t>]/.test(line[at])) at++;
  return line.slice(at);
}

/** The place of the first line that is a fence and nothing else; −1 without one. */
export function firstFence(text: string): number {
  return linesOf(text).find(({ text: line }) => /^[ \t>]*(`{3,}|~{3,})[^`]*$/.test(line))?.start ?? -1;
}
