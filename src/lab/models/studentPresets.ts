/** The settings that the training panel starts a student from, and `npm run students` compares. */
import type { StudentSettings } from '../trainer/protocol.ts';

/** About 1.5 % of the shipped policy's parameters; a larger teacher makes the share smaller. */
export const pocketStudent: StudentSettings = {
  extraction: 'ppo',
  vectors: 4,
  imitation: 80,
  iterations: 20,
  diversity: 0.25,
  beta: 0.05,
  requests: 1500,
  samplesPerRequest: 2,
  width: 4,
  steps: 600,
  reading: 'mix',
  neighbours: 1,
  lambda: 0.95,
};
