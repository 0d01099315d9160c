/** What a problem is, whoever made it: the built-in world, an imported pack, a person. Pure data. */

/** A JSON value with the four numbers that JSON lacks spelled out by the tests that need them. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One hidden unit test: the entry function is called with `args` and must return `expected`. */
export interface TestCase {
  args: Json[];
  expected: Json;
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
  /** A program that passes every test. */
  reference: string;
  /** Number of chained operations, 1 to 3 in the built-in world. */
  tier: number;
}
