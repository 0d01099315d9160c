/** Writes the reference pages that are tables of the code: docs/metrics.md and docs/settings.md. */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type MetricText, metricKeys, metrics } from '../src/lab/records/metrics.ts';
import { type Knob, knobKeys, knobs } from '../src/lab/settings/settings.ts';

const metricGroups: Record<MetricText['group'], string> = {
  truth: 'Truth: what execution says',
  reward: 'Reward: what the reward source says',
  filter: 'Filter',
  policy: 'Policy',
  update: 'Update',
  cost: 'Cost',
};

const knobGroups: Record<Knob['group'], string> = {
  filter: 'Filter',
  reward: 'Reward',
  ppo: 'PPO',
  evaluation: 'Evaluation',
};

const generated = (table: string) =>
  `Written by \`npm run docs\` from \`${table}\`, which the page itself reads; edit that file, not this one.`;

const cell = (text: string) => text.replaceAll('|', '\\|');

export function metricsPage(): string {
  const sections = Object.entries(metricGroups).map(([group, title]) => {
    const rows = metricKeys
      .filter((key) => metrics[key].group === group)
      .map((key) => {
        const { label, unit, what, formula } = metrics[key];
        return `| \`${key}\` | ${label}${unit ? ` (${unit})` : ''} | ${cell(what)} | ${cell(formula)} |`;
      });
    return `## ${title}\n\n| key | name | what it is | formula |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Metrics\n\n${generated('src/lab/records/metrics.ts')}\n\nπ is the policy, μ what the filter lets through, r a reward, s a true score in [0, 1], ρ the ratio of a token's probability after and before the update, V the critic, R its target, A the whitened advantage. Times and cache hits depend on the machine; every other metric is determined by seed and settings on a given backend.\n\n${sections.join('\n')}`;
}

export function settingsPage(): string {
  const sections = Object.entries(knobGroups).map(([group, title]) => {
    const rows = knobKeys
      .filter((key) => knobs[key].group === group)
      .map((key) => {
        const knob = knobs[key];
        return `| \`${key}\` | ${knob.label} | ${range(knob)} | ${initial(knob)} | ${cell(knob.what)} | ${cell(knob.expect)} |`;
      });
    return `## ${title}\n\n| key | name | allowed | default | what it does | when raised or chosen |\n| --- | --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Settings of an arm\n\n${generated('src/lab/settings/settings.ts')}\n\n${sections.join('\n')}`;
}

function range(knob: Knob): string {
  switch (knob.kind) {
    case 'number':
    case 'integer':
      return `${knob.min} to ${knob.max}${knob.kind === 'integer' ? ', whole' : ''}`;
    case 'choice':
      return knob.options.map((option) => `\`${option.value}\``).join(' ');
    case 'toggle':
      return '`true` `false`';
    case 'numbers':
      return `up to ${knob.maxCount} numbers, each ${knob.min} to ${knob.max}`;
    case 'code':
      return `JavaScript, up to ${knob.maxLength} characters`;
    default:
      knob satisfies never;
      throw new Error('Unknown kind of knob');
  }
}

function initial(knob: Knob): string {
  if (knob.kind === 'numbers') return knob.initial.map((value) => Number(value.toFixed(3))).join(', ');
  return knob.initial === '' ? 'empty' : String(knob.initial);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync('docs/metrics.md', metricsPage());
  writeFileSync('docs/settings.md', settingsPage());
}
