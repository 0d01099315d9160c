/** What a problem is, whoever made it: the built-in world, an imported pack, a person. Pure data. */

/** A JSON value with the four numbers that JSON lacks spelled out by the tests that need them. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One hidden unit test: the entry function is called with `args` and must return `expected`. */
export interface TestCase {
  args: Json[];
  expected: Json;
}

/** One link of a chain: an operation by name, and its constant when it has one. */
export interface Link {
  op: string;
  constant: number | null;
}

export interface Problem {
  /** Unique within its pack and stable for a given seed. */
  id: string;
  /** What a person and the policy read. */
  prompt: string;
  /** Name of the function that a program must define. */
  entry: string;
  /** Parameter names, for the signature shown to people. */
  parameters: string[];
  tests: TestCase[];
  /** Shown with the request; never among the hidden tests. */
  examples?: TestCase[];
  /** The chained operations, in the built-in world. */
  chain?: Link[];
  /** No program can pass: a pass means that the judge was fooled. */
  canary?: boolean;
  /** A program that passes every test. */
  reference: string;
  /** Number of chained operations, 1 to 3 in the built-in world. */
  tier: number;
}
