/**
 * The parameters that an address may have, beside the knobs of arms ("2.beta"). The reader takes no others; docs/links.md
 * describes each.
 */
export const linkParams = [
  'preset',
  'seed',
  'arms',
  'active',
  'x',
  'pace',
  'at',
  'program',
  'token',
  'engine',
  'open',
  'play',
  'hide',
  'lock',
  'embed',
  'theme',
  'lesson',
  'step',
  'guide',
  'demo',
  'hurry',
] as const;
export type LinkParam = (typeof linkParams)[number];
