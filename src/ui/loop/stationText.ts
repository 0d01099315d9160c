/** What each station is called and does, whatever its methods. */
import type { Station } from '../../lab/records/record.ts';

export const stationText: Record<Station, { label: string; what: string }> = {
  sample: { label: 'Sample', what: 'N programs are written for each prompt.' },
  score: { label: 'Score', what: 'The reward source gives each program a reward r.' },
  run: { label: 'Run', what: 'Hidden tests are executed: the true score s.' },
  filter: { label: 'Filter', what: 'The filter chooses which of the N may be learned from.' },
  update: { label: 'Update', what: 'The policy learns from what was kept, and only from that.' },
};
