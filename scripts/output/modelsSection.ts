/** The reward models that ship with the page, as a section of docs/results.md: what their training measured on them. */
import { fixed } from '../../src/core/numberText.ts';
import { markdown } from './markdown.ts';

export interface CheckpointsManifest {
  models: Record<string, { metrics: Record<string, number>; reliability?: number[] }>;
}

export const modelsTitle = 'The reward models that ship';

const columns = {
  pairs: 'pairs',
  heldPairAccuracy: 'pairs told apart',
  heldPassFailAccuracy: 'pass told from fail',
  heldMiddleAccuracy: 'pass above fail in the middle',
  heldTruthCorrelation: 'correlation with the truth',
  heldStyleCorrelation: 'with the style',
} as const;

export function modelsSection({ models }: CheckpointsManifest): string {
  const rewardModels = Object.entries(models).filter(([name]) => name.startsWith('reward-'));
  const tenths = rewardModels.flatMap(([name, { reliability }]) =>
    reliability ? [[name, ...reliability.map((share) => fixed(share))]] : [],
  );
  return `## ${modelsTitle}

Measured by \`npm run checkpoints\` on five programs of the starting policy for each held-out problem, and kept in \`public/checkpoints/default/manifest.json\`. Pairs are of one prompt; "in the middle" is over all passing and all failing programs of the middle six tenths of the rewards, whatever their prompts, where 0.5 is chance. A dash was not measured. \`reward-genrm\` compares with the reference program; beside another program of the same prompt it tells pass from fail in ${fixed(models['reward-genrm']?.metrics.heldPassFailWithoutTruth)} of the pairs.

${markdown(
  ['model', ...Object.values(columns)],
  rewardModels.map(([name, { metrics }]) => [
    name,
    ...Object.keys(columns).map((key) =>
      metrics[key] === undefined ? '–' : key === 'pairs' ? String(metrics[key]) : fixed(metrics[key]),
    ),
  ]),
)}

Share of programs that pass, by tenth of the rewards, lowest first (90 programs each, so a share has a standard error of about 0.05):

${markdown(['model', ...Array.from({ length: 10 }, (_, i) => String(i + 1))], tenths)}
`;
}
