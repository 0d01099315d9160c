/** What an order must say that goes by what has been learned: a store comes back to the prompts of an earlier iteration. */
import type { Conflict } from '../../catalogue/method.ts';
import type { ArmSettings } from '../../catalogue/settings.ts';

export function comesBack(label: string, { decode }: ArmSettings): Conflict[] {
  if (decode.method !== 'stored') return [];
  return [
    {
      path: 'decode',
      message: `decode "stored" comes back to earlier prompts, which ${label} would choose anew: use another way of decoding.`,
      repair: { decode: 'plain' },
    },
  ];
}
