/** Takes off what chat models and their templates put around an answer: messages, special tokens, thoughts, tags. */

type Fields = Record<string, unknown>;

const assistants = new Set(['assistant', 'model', 'gpt', 'ai', 'bot']);

/**
 * Text of the last message of the assistant, where a response is chat messages: a list of `{ role, content }` or
 * `{ from, value }`, one such message, or a list of texts. Contents may be lists of parts. Null for any other text.
 */
export function lastMessage(response: string): string | null {
  if (!/^\s*[[{]/.test(response) || !/[\]}]\s*$/.test(response)) return null;
  let value = parsed(response) ?? parsed(asJson(response));
  // Trainers write lists of lists of one.
  while (Array.isArray(value) && value.length === 1 && Array.isArray(value[0])) value = value[0];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) return null;
  if (list.every((item) => typeof item === 'string')) return list.at(-1) as string;
  if (!list.every(isMessage)) return null;
  const said = list.filter((message) => contentOf(message).trim() !== '');
  const answer = said.findLast(({ role, from }) => assistants.has(String(role ?? from)));
  return contentOf(answer ?? said.at(-1) ?? {});
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Python's way of writing lists and dictionaries, which tables of text hold, as JSON. */
function asJson(python: string): string {
  const literal = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\b(None|True|False)\b/gs;
  return python.replace(literal, (_, single?: string, double?: string, word?: string) => {
    if (word !== undefined) return word === 'None' ? 'null' : word.toLowerCase();
    const escapes = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([\s\S]))/gi;
    const text = (single ?? double ?? '').replace(escapes, (_, x?: string, u?: string, one?: string) =>
      one === undefined
        ? String.fromCharCode(Number.parseInt(x ?? u ?? '', 16))
        : ({ n: '\n', t: '\t', r: '\r', '\n': '' }[one] ?? one),
    );
    return JSON.stringify(text);
  });
}

function isMessage(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && ('content' in value || 'value' in value);
}

function contentOf({ content, value }: Fields): string {
  const given = content ?? value;
  if (typeof given === 'string') return given;
  if (!Array.isArray(given)) return '';
  return given
    .map((part: unknown) => {
      if (typeof part === 'string') return part;
      const { type, text } = (part ?? {}) as Fields;
      return (type === undefined || /text$/.test(String(type))) && typeof text === 'string' ? text : '';
    })
    .join('');
}

/** A special token: `<|im_end|>`, `<｜end▁of▁sentence｜>`, `</s>`, `<eos>`, `[/INST]` and their like. */
const token = String.raw`<\|[\w▁.-]{1,40}\|>|<｜[^｜\n]{1,40}｜>|</?s>|<(?:bos|eos|pad|unk|(?:start|end)_of_turn)>|\[/?INST\]`;
/** Without a word before it, which it would be an index of. */
const padding = String.raw`(?<![\w)])(?:\[PAD\])+`;
/** Tokens that end a turn. */
const endToken = String.raw`<\|(?:im_end|eot_id|eom_id|endoftext|end|return|end_of_text|END_OF_TURN_TOKEN|eot|endofturn)\|>|<｜end▁of▁sentence｜>|</s>|<eos>|<end_of_turn>`;
const atStart = new RegExp(`^(?:\\s*(?:${token}))+`);
const atEnd = new RegExp(`(?:(?:${token}|${padding})\\s*)+$`);
const endOfTurn = new RegExp(`(?:${endToken})(?=\\s*(?:$|${token})|[ \\t]*\\n)`, 'g');
/** What a template writes before an answer. */
const head = new RegExp(
  [
    String.raw`<\|im_start\|>(?:assistant|model)\b[^\n<]*\n?`,
    String.raw`<\|start_header_id\|>assistant<\|end_header_id\|>\s*`,
    String.raw`<start_of_turn>model\b\n?`,
    String.raw`<\|assistant\|>\n?`,
    '<｜Assistant｜>',
    String.raw`\[/INST\]`,
    String.raw`<\|channel\|>final(?:\s*<\|constrain\|>\w*)?<\|message\|>`,
  ].join('|'),
  'g',
);

/** The text without special tokens at its end: no program ends with them. */
export const withoutEndTokens = (text: string): string => text.replace(atEnd, '');

/** Whether a place in a text is within code, where a tag is text of the program. */
export type IsCode = (at: number) => boolean;

/** The last turn of the assistant without the special tokens around it; the same text where there are none. */
export function lastTurn(text: string, isCode: IsCode): string {
  const begin = places(text, head, isCode).at(-1);
  const from = begin ? begin.index + begin[0].length : 0;
  const end = places(text, endOfTurn, isCode).find(({ index }) => index >= from);
  return withoutEndTokens(text.slice(from, end?.index)).replace(atStart, '');
}

/** Tags between which models think, as they begin and end. */
const names = 'think|thinking|thought|thoughts|reasoning|seed:think';
const opening = new RegExp(`<(?:${names})>|\\[THINK\\]|<\\|begin_of_thought\\|>|◁think▷`, 'gi');
const closing = new RegExp(`</(?:${names})>|\\[/THINK\\]|<\\|end_of_thought\\|>|◁/think▷`, 'gi');

/**
 * The answer without thoughts: without each pair of tags and what is between, then without all up to a closing tag
 * that no opening tag belongs to (templates write that one into the prompt), then without thoughts that were cut off.
 */
export function withoutThoughts(text: string, isCode: IsCode): string {
  const closes = places(text, closing, isCode);
  const opens = places(text, opening, isCode);
  let answer = '';
  let from = 0;
  let open = 0;
  for (const { index, 0: tag } of closes) {
    while (open < opens.length && opens[open].index < from) open++;
    const begun = open < opens.length && opens[open].index < index ? opens[open].index : null;
    answer = begun === null ? '' : answer + text.slice(from, begun);
    from = index + tag.length;
  }
  const unfinished = opens.find(({ index }) => index >= from);
  return answer + text.slice(from, unfinished?.index);
}

/** What stands in the last pair of answer tags; null without one. The end may be cut off. */
export function answerIn(text: string, isCode: IsCode): string | null {
  const last = places(text, /<(answer|final_answer|solution)>/gi, isCode).at(-1);
  if (!last) return null;
  const from = last.index + last[0].length;
  const end = text.toLowerCase().indexOf(`</${last[1].toLowerCase()}>`, from);
  return text.slice(from, end < 0 ? undefined : end);
}

/** Where a tag stands outside code and outside quotation marks. */
function places(text: string, tag: RegExp, isCode: IsCode): RegExpExecArray[] {
  return [...text.matchAll(tag)].filter(
    ({ index, 0: found }) => !isQuoted(text, index, index + found.length) && !isCode(index),
  );
}

/** Characters of a line that are looked at on either side of a tag. */
const lineLooked = 300;

/** Whether a string of a program begins before a place on its line, and ends behind it. An apostrophe begins none. */
function isQuoted(text: string, from: number, to: number): boolean {
  const before =
    text
      .slice(Math.max(0, from - lineLooked), from)
      .split('\n')
      .at(-1) ?? '';
  const after = text.slice(to, to + lineLooked).split('\n', 1)[0];
  let mark = before.endsWith('/') ? '/' : '';
  for (const { 0: found, index } of before.replace(/`{3,}/g, '').matchAll(/\\.|['"`]/g)) {
    if (mark === '' && !found.startsWith('\\') && !/\w/.test(before[index - 1] ?? '')) mark = found;
    else if (found === mark) mark = '';
  }
  return mark !== '' && after.includes(mark);
}
