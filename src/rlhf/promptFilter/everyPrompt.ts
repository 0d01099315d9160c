/** No prompt filter. */
import { promptFilter } from '../slots.ts';

export const everyPrompt = promptFilter({
  id: 'every-prompt',
  label: 'Every prompt',
  short: 'none dropped',
  what: 'Every prompt goes on to the filter of responses.',
  source: { arxiv: '2409.06957', where: 'section 4: prompts are not filtered' },
  formula: 'keep x',
  cost: 'none',
  knobs: {},
  shape: () => null,
});
