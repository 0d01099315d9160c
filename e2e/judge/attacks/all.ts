import type { Attack } from './attack.ts';
import { cooperating } from './cooperating.ts';
import { leaking } from './leaking.ts';
import { messaging } from './messaging.ts';
import { peeking } from './peeking.ts';
import { returning } from './returning.ts';
import { rewriting } from './rewriting.ts';
import { stalling } from './stalling.ts';
import { standIns } from './standIns.ts';

export const attacks: readonly Attack[] = [
  ...rewriting,
  ...returning,
  ...messaging,
  ...peeking,
  ...leaking,
  ...stalling,
  ...cooperating,
  ...standIns,
];
