/** Problems from elsewhere, whatever file they came in. Pure data: how they are judged is the judge's affair. */
import type { Json, TestCase } from '../problem.ts';

export interface PackProblem {
  /** Unique within its pack. */
  id: string;
  title: string;
  /** What a program continues: a comment and the head of a function. */
  prompt: string;
  /** Name of the function under test. */
  entry: string;
  /** Tests as data; empty when the pack's tests are code. */
  tests: TestCase[];
  /** The pack's own test program, which calls the entry and asserts. */
  testCode?: string;
  /** A completion ends where one of these begins. */
  stopTokens: string[];
  /** A completion of the prompt that the pack calls right. */
  golden?: string;
  /** Milliseconds for one program. */
  timeoutMs: number;
  /** Where it is from, and under what terms it may be used. */
  source: string;
  licence: string;
}

export type PackFormat = 'multipl-e' | 'humaneval-x' | 'mbxp' | 'filtrate-pack/1';

export interface Pack {
  name: string;
  format: PackFormat;
  problems: PackProblem[];
  /** Records that are no problems, with the line or number and the reason. */
  dropped: { where: string; reason: string }[];
}

/** The file as a whole is not a pack. */
export class PackError extends Error {
  override name = 'PackError';
}

export type Fields = Record<string, unknown>;

/** @throws PackError naming the field */
export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new PackError(`"${name}" is missing or is not text`);
  return value;
}

/** The four numbers that JSON lacks are written `{"$number": "NaN" | "Infinity" | "-Infinity" | "-0"}`. */
export function revive(value: unknown, where: string): Json {
  if (Array.isArray(value)) return value.map((item) => revive(item, where));
  if (typeof value !== 'object' || value === null) return value as Json;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0][0] === '$number') {
    const number = Number(entries[0][1]);
    if (!['NaN', 'Infinity', '-Infinity', '-0'].includes(String(entries[0][1])))
      throw new PackError(`${where}: "$number" must be NaN, Infinity, -Infinity or -0`);
    return number;
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, revive(item, where)]));
}
