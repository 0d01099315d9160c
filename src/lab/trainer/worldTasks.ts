/** The built-in world as the algorithms see it: problems, encoded prompts, and how tokens become a program. */
import type { TaskSet } from '../../rlhf/loop/responses.ts';
import type { Problem } from '../../tasks/problem.ts';
import { toBody, toSource } from '../../tasks/program.ts';
import { encodeProgram, encodePrompt } from '../../tasks/tokenizer.ts';
import { buildWorld } from '../../tasks/world.ts';

/** The world that the shipped models were trained in. */
export const shippedWorldSeed = 1;

export interface WorldTasks {
  train: TaskSet;
  held: TaskSet;
}

export function worldTasks(worldSeed: number): WorldTasks {
  const world = buildWorld(worldSeed);
  return { train: taskSet(world.train), held: taskSet(world.held) };
}

export function taskSet(problems: Problem[]): TaskSet {
  return {
    problems,
    prompts: problems.map(encodePrompt),
    source: toSource,
    reference: ({ reference }) => encodeProgram(toBody(reference)),
  };
}
