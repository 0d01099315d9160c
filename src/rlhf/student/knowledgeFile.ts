/**
 * A knowledge store as a file: JSON lines, the first of which says what it is, how many entries follow, with which
 * vocabulary they were written and their checksum. The same store gives the same bytes.
 */
import { vocabulary } from '../../tasks/tokenizer.ts';
import { outcomes } from '../loop/run.ts';
import { type Knowledge, type KnowledgeEntry, makeKnowledge, rounded } from './knowledge.ts';

const knowledgeFormat = 'filtrate-knowledge';
const knowledgeVersion = 1;
/** What the file is called beside the model that reads it. */
export const knowledgeFileName = 'knowledge.jsonl';

export class KnowledgeError extends Error {
  override name = 'KnowledgeError';
}

/** 32-bit FNV-1a over UTF-16 units, in hexadecimal: tells damage, not malice. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

const ownVocabulary = checksum(vocabulary.join('\n'));
const words = new Set(vocabulary.slice(3));

export function writeKnowledge({ teacher, entries }: Knowledge): string {
  const lines = entries.map(({ request, program, score, outcome, logProb }) =>
    JSON.stringify({ request, program, score, outcome, logProb }),
  );
  const body = lines.map((line) => `${line}\n`).join('');
  const head = {
    format: knowledgeFormat,
    version: knowledgeVersion,
    vocabulary: ownVocabulary,
    teacher,
    entries: entries.length,
    checksum: checksum(body),
  };
  return `${JSON.stringify(head)}\n${body}`;
}

/**
 * @param name what the file is called: every refusal begins with it
 * @throws KnowledgeError saying what is wrong with the file
 */
export function readKnowledge(text: string, name: string): Knowledge {
  const refuse = (message: string) => new KnowledgeError(`${name} ${message}`);
  const end = text.indexOf('\n');
  const head = objectIn(end < 0 ? text : text.slice(0, end));
  if (head?.format !== knowledgeFormat)
    throw refuse(`is no knowledge store: its first line does not say "${knowledgeFormat}".`);
  if (head.version !== knowledgeVersion)
    throw refuse(
      `is a knowledge store of version ${JSON.stringify(head.version)}, and this page reads version ${knowledgeVersion}.`,
    );
  if (head.vocabulary !== ownVocabulary)
    throw refuse('was written with another vocabulary, so its words would be read as others.');
  if (typeof head.teacher !== 'string')
    throw refuse('does not say in its first line which teacher wrote it.');
  const body = text.slice(end + 1);
  const lines = body.split('\n');
  if (end < 0 || lines.pop() !== '' || lines.length !== head.entries)
    throw refuse(
      `is cut off or was added to: it says ${JSON.stringify(head.entries)} entries and holds ${lines.length}.`,
    );
  if (head.checksum !== checksum(body))
    throw refuse('is damaged: its checksum is not that of its entries. Fetch or export it again.');
  const entries = lines.map((line, i) => {
    const entry = entryIn(objectIn(line));
    if (typeof entry === 'string') throw refuse(`has a faulty entry in line ${i + 2}: ${entry}`);
    return entry;
  });
  const store = makeKnowledge(head.teacher, entries, 'all');
  if (store.entries.length !== entries.length) throw refuse('holds an entry twice.');
  return store;
}

function objectIn(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The entry of a line, or what is wrong with it. */
function entryIn(line: Record<string, unknown> | null): KnowledgeEntry | string {
  if (!line) return 'it is not JSON.';
  const { request, program, score, outcome, logProb } = line;
  if (typeof request !== 'string' || !spelled(request)) return '"request" has a word outside the vocabulary.';
  if (typeof program !== 'string' || !spelled(program)) return '"program" has a word outside the vocabulary.';
  if (typeof score !== 'number' || !(score >= 0 && score <= 1)) return '"score" must lie in 0 to 1.';
  const known = outcomes.find((name) => name === outcome);
  if (!known) return `"outcome" must be one of ${outcomes.join(', ')}.`;
  const tokens = tokensOf(program).length + 1;
  const numbers = Array.isArray(logProb) ? (logProb as unknown[]) : [];
  const right = (x: unknown): x is number => typeof x === 'number' && x <= 0 && rounded(x) === x;
  if (numbers.length !== tokens || !numbers.every(right))
    return `"logProb" must have a number of 0 or less for each of the program's ${tokens} tokens.`;
  return { request, program, score, outcome: known, logProb: numbers };
}

const tokensOf = (text: string) => (text === '' ? [] : text.split(' '));
const spelled = (text: string) => tokensOf(text).every((word) => words.has(word));
