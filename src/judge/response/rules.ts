/** How the program was found in a response: the rules, by name, and what each does in words. */

export const ruleTexts = {
  messages: 'the last message of the assistant in a chat',
  tokens: 'special tokens of the chat template left out',
  thoughts: 'thoughts left out: <think> … </think>, and what comes before a lone </think>',
  answer: 'what stands between <answer> and </answer>',
  whole: 'the response as it is: a program, or it continues the prompt',
  fenced: 'the block between fences that defines the function, or continues the prompt',
  last: 'the last of several blocks that define the function',
  joined: 'what a block lacks, taken from other blocks of the response',
  unclosed: 'a block whose fence is never closed',
  opened: 'up to the fence that closes the one that the prompt opened',
  unfenced: 'code without fences, out of the sentences around it',
  tail: 'sentences after the end of the function left out',
  none: 'nothing defines the function: judged as it is, and fails',
} as const;

export type Rule = keyof typeof ruleTexts;

/** The part of a response that is judged, and how it was found. */
export interface FoundProgram {
  program: string;
  /** In the order in which they were used. */
  rules: Rule[];
}

/** What is asked of a response. */
export interface Asked {
  /** Name of the function that a program must define. */
  entry: string;
  /** What a response may continue, where it ends inside a function. */
  prompt: string;
  /** A continuation ends where one of these begins. */
  stopTokens: readonly string[];
}
