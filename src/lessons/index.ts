/** All lessons, by the names that the syllabus gives them. */
import type { LessonId } from '../lab/state/syllabus.ts';
import { bestOfN } from './bestOfN.ts';
import { choosingPrompts } from './choosingPrompts.ts';
import { decodingBudget } from './decodingBudget.ts';
import { filtration } from './filtration.ts';
import { fooledFirst } from './fooledFirst.ts';
import type { Lesson } from './frame/lesson.ts';
import { graders } from './graders.ts';
import { hacking } from './hacking.ts';
import { loop } from './loop.ts';
import { noiseMask } from './noiseMask.ts';
import { pocketStudent } from './pocketStudent.ts';
import { preferences } from './preferences.ts';
import { rewardModel } from './rewardModel.ts';
import { rewardParts } from './rewardParts.ts';
import { rSquared } from './rSquared.ts';
import { steering } from './steering.ts';
import { takeHome } from './takeHome.ts';

export const lessons: Readonly<Record<LessonId, Lesson>> = {
  loop,
  'reward-model': rewardModel,
  'best-of-n': bestOfN,
  filtration,
  hacking,
  'r-squared': rSquared,
  preferences,
  graders,
  'reward-parts': rewardParts,
  'choosing-prompts': choosingPrompts,
  'decoding-budget': decodingBudget,
  steering,
  'pocket-student': pocketStudent,
  'fooled-first': fooledFirst,
  'noise-mask': noiseMask,
  'take-home': takeHome,
};
