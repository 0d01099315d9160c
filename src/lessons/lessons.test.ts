import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderFormula } from '../../scripts/bundle/formulas.ts';
import { decodeLink } from '../lab/links/link.ts';
import { metricKeys, metrics } from '../lab/records/metrics.ts';
import { stations } from '../lab/records/record.ts';
import { initialState } from '../lab/state/store.ts';
import { lessonIds } from '../lab/state/syllabus.ts';
import { knownNames } from '../rlhf/catalogue/paths.ts';
import { slotNames } from '../rlhf/catalogue/settings.ts';
import { formulas } from './frame/formulas.ts';
import { arrangedBy } from './frame/lesson.ts';
import { pieces } from './frame/markup.ts';
import { namedParts } from './frame/parts.ts';
import { passByEnds } from './frame/readPage.ts';
import { findTerms, glossary } from './glossary.ts';
import { lessons } from './index.ts';

const parts = new Set<string>([
  ...namedParts,
  ...stations.map((station) => `station-${station}`),
  ...metricKeys.map((key) => `metric-${key}`),
  ...knownNames().map((name) => `knob-${name}`),
  ...slotNames.map((slot) => `slot-${slot}`),
]);
const terms = new Set(glossary.map((term) => term.id));

describe.each(lessonIds)('lesson %s', (id) => {
  const { parts: steps, ...entry } = lessons[id];
  const texts = steps.flatMap((step) =>
    step.text.map((each) => (typeof each === 'string' ? each : each.text)),
  );

  it('has as many steps as the syllabus says, each with a title and text', () => {
    expect(steps).toHaveLength(entry.steps);
    for (const step of steps) expect(step.title.length * step.text.length).toBeGreaterThan(0);
  });

  it('points only at parts of the page and words of the glossary that exist', () => {
    for (const piece of texts.flatMap(pieces)) {
      if (piece.kind === 'part') expect(parts).toContain(piece.name);
      if (piece.kind === 'term') expect(terms).toContain(piece.name);
      // Markup that was not understood would be shown as it is.
      else expect(piece.text).not.toMatch(/\[\[|\]\]|\(\(|\)\)|\*/);
    }
    for (const step of steps) if (step.look) expect(parts).toContain(step.look);
  });

  it('arranges pages that exist, from its first step on', () => {
    expect(arrangedBy(steps, 0)).toBe(0);
    for (const { open } of steps) if (open !== undefined) expect(decodeLink(open).changes).toEqual([]);
  });

  it('says nothing in numbers before there are any', () => {
    for (const step of steps) expect(step.live?.(initialState) ?? null).toBeNull();
  });

  it('asks questions whose answer is among the options', () => {
    for (const { predict } of steps) {
      if (predict) expect(predict.options[predict.answer]).toBeDefined();
    }
  });

  it('names a source where it says what the paper says in numbers', () => {
    for (const step of steps) {
      const claims = step.text.some(
        (each) => typeof each !== 'string' && each.from === 'paper' && /\d\.\d/.test(each.text),
      );
      // Lesson 5 tells a setting of the authors' scripts, which has no place in the paper.
      if (claims && step.title !== 'What beta does') expect(step.sources, step.title).toBeDefined();
    }
  });
});

it('finds every named part in the components of the page', () => {
  const folder = join(import.meta.dirname, '../ui');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tsx'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  for (const part of namedParts) {
    const panel = /^panel-(.*)/.exec(part)?.[1];
    const stands = panel ? `closes="${panel}"` : `part="${part}"`;
    expect(sources.includes(stands), part).toBe(true);
  }
});

it('renders every formula, with nothing of TeX left to see', () => {
  for (const tex of Object.values(formulas))
    expect(renderFormula(tex)).toMatch(
      /^<span class="katex-display"><span class="katex"><span class="katex-mathml"><math /,
    );
});

describe('the glossary', () => {
  it('has every metric, with its line and its formula', () => {
    for (const key of metricKeys) {
      const term = glossary.find((each) => each.group === 'Numbers' && each.name === metrics[key].label);
      expect(term).toMatchObject({ what: metrics[key].what, formula: metrics[key].formula });
    }
  });

  it('names each term once', () => expect(terms.size).toBe(glossary.length));

  it('finds terms by words in any order', () => {
    expect(findTerms('greedy rate').map((term) => term.id)).toEqual(['held-greedy']);
    expect(findTerms('')).toHaveLength(glossary.length);
  });
});

it('reads the markup of texts', () => {
  expect(pieces('See [[loop|the loop]], ((kl|KL)), *this* and `that`.')).toEqual([
    { kind: 'text', text: 'See ' },
    { kind: 'part', name: 'loop', text: 'the loop' },
    { kind: 'text', text: ', ' },
    { kind: 'term', name: 'kl', text: 'KL' },
    { kind: 'text', text: ', ' },
    { kind: 'em', text: 'this' },
    { kind: 'text', text: ' and ' },
    { kind: 'code', text: 'that' },
    { kind: 'text', text: '.' },
  ]);
});

it('counts passes at both ends of each group', () => {
  const samples = {
    group: Int32Array.of(0, 0, 0, 1, 1),
    reward: Float32Array.of(0.1, 0.9, -0.5, 0.2, 0.3),
    score: Float32Array.of(1, 1, 0, 1, 0.5),
  };
  const arm = { iterations: [{ samples }] } as unknown as Parameters<typeof passByEnds>[0];
  expect(passByEnds(arm)).toEqual({ top: 0.5, bottom: 0.5, groups: 2 });
  expect(passByEnds(undefined)).toBeNull();
});
