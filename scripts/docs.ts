/** Writes the reference pages that are tables of the code: docs/metrics.md, docs/settings.md and docs/methods.md. */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type MetricText, metricKeys, metrics } from '../src/lab/records/metrics.ts';
import { catalogue } from '../src/rlhf/catalogue/catalogue.ts';
import type { Knob, Knobs } from '../src/rlhf/catalogue/knobs.ts';
import type { About } from '../src/rlhf/catalogue/method.ts';
import {
  evaluationKnobs,
  type Slot,
  slotNames,
  slots,
  slotText,
  trainingKnobs,
} from '../src/rlhf/catalogue/settings.ts';
import { type Station, stations } from '../src/rlhf/loop/samples.ts';

const metricGroups: Record<MetricText['group'], string> = {
  truth: 'Truth: what execution says',
  reward: 'Reward: what the reward source says',
  filter: 'Filter',
  policy: 'Policy',
  update: 'Update',
  cost: 'Cost',
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

const knobHeader =
  '| key | name | allowed | default | what it does | when raised or chosen |\n| --- | --- | --- | --- | --- | --- |\n';

const knobRow = (name: string, knob: Knob): string =>
  `| \`${name}\` | ${knob.label} | ${range(knob)} | ${initial(knob)} | ${cell(knob.what)} | ${cell(knob.expect)} |\n`;

const knobTable = (knobs: Knobs): string =>
  knobHeader +
  Object.entries(knobs)
    .map(([name, knob]) => knobRow(name, knob))
    .join('');

/** A slot: its methods in one line each, and the knobs of those that have any, each told once. */
function slotSettings(slot: Slot): string {
  const methods: readonly About[] = catalogue[slot];
  const ids = methods.map(({ id, label, what }) => `- \`${id}\` ${label}: ${what}\n`).join('');
  const owners = new Map<string, { name: string; knob: Knob; labels: string[] }>();
  for (const { label, knobs } of methods) {
    for (const [name, knob] of Object.entries(knobs)) {
      // Methods may share a name and mean different things by it: each meaning has a row.
      const row = knobRow(name, knob);
      owners.set(row, { name, knob, labels: [...(owners.get(row)?.labels ?? []), label] });
    }
  }
  const rows = [...owners.values()].map(({ name, knob, labels }) => {
    const all = labels.length === methods.length;
    return knobRow(name, all ? knob : { ...knob, what: `${knob.what} (${labels.join(', ')})` });
  });
  const table = rows.length > 0 ? `\n${knobHeader}${rows.join('')}` : '';
  return `### \`${slot}\`: ${slotText[slot].label}\n\n${slotText[slot].what}\n\n${ids}${table}`;
}

const heading = (station: Station) => `## ${station[0].toUpperCase()}${station.slice(1)}\n`;

export function settingsPage(): string {
  const sections = stations.map((station) => {
    const shared = Object.fromEntries(
      Object.entries({ ...trainingKnobs, ...evaluationKnobs }).filter(([, knob]) => knob.station === station),
    );
    const parts = slotNames.filter((slot) => slots[slot] === station).map(slotSettings);
    const beside = Object.keys(shared).length > 0 ? [`### Whatever the methods\n\n${knobTable(shared)}`] : [];
    return [heading(station), ...parts, ...beside].join('\n');
  });
  return `# Settings of an arm\n\n${generated('src/rlhf')}\n\nAn arm is a method for each slot, with the knobs of that method and no others, and what every arm has: how much it trains and how it is looked at. A key may be written without its slot where only one chosen method has it: \`beta\` is \`price.beta\`; beside an update that does not read the price, such as GRPO, it is the \`beta\` of the update. A slot alone is its method: \`reward=oracle\`.\n\n${sections.join('\n')}`;
}

export function methodsPage(): string {
  const sections = stations.map((station) => {
    const here = slotNames.filter((slot) => slots[slot] === station);
    const parts = here.map((slot) => {
      const rows = (catalogue[slot] as readonly About[]).map(({ id, label, what, formula, source, cost }) => {
        const paper = source.arxiv ? `[arXiv ${source.arxiv}](https://arxiv.org/abs/${source.arxiv}), ` : '';
        return `| \`${id}\` | ${label} | ${cell(what)} | ${cell(formula)} | ${paper}${cell(source.where)} | ${cell(cost)} |\n`;
      });
      return `### ${slotText[slot].label}\n\n${slotText[slot].what}\n\n| id | name | what it does | formula | source | what it costs |\n| --- | --- | --- | --- | --- | --- |\n${rows.join('')}`;
    });
    const judge =
      'The judge runs every program against hidden tests in a sandbox: see [judge.md](judge.md).\n';
    return [heading(station), ...(parts.length > 0 ? parts : [judge])].join('\n');
  });
  return `# Methods\n\n${generated('src/rlhf')}\n\nEvery method is a choice at one of the five stations. Their knobs stand in [settings.md](settings.md); how to add one, in [development.md](development.md).\n\n${sections.join('\n')}`;
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
  writeFileSync('docs/methods.md', methodsPage());
}
