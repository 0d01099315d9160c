/** docs/links.md describes every parameter that a link may have, and no others; each of its examples opens as it stands. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { armMethods } from '../../rlhf/catalogue/paths.ts';
import { presets } from '../settings/presets.ts';
import { hideIds, lockIds, panelIds } from '../state/pageParts.ts';
import { paces, xAxes } from '../state/store.ts';
import { lessonIds } from '../state/syllabus.ts';
import { decodeLink } from './link.ts';
import { linkParams } from './linkParams.ts';

const text = readFileSync('docs/links.md', 'utf8');
const rows = [...text.matchAll(/^\| `([\w.]+)` \| (.*) \| `([^`]+)` \|$/gm)].map(
  ([, name, values, example]) => ({ name, values, example }),
);
/** Words that stand in backquotes. */
const named = (part: string) => [...part.matchAll(/`([\w-]+)`/g)].map(([, word]) => word);
const valuesOf = (name: string) => named(rows.find((row) => row.name === name)?.values ?? '');

describe('docs/links.md', () => {
  it('describes every parameter', () => {
    const described = rows.map((row) => row.name).filter((name) => !name.startsWith('N.'));
    expect(described.toSorted()).toEqual([...linkParams].toSorted());
  });

  it.each(rows)('has an example of $name that opens as it stands', ({ name, example }) => {
    expect(example).toContain(name.replace(/^N\.(KNOB)?/, '2.'));
    expect(decodeLink(example).changes).toEqual([]);
  });

  it('lists the values that there are', () => {
    expect(valuesOf('preset').filter((id, i, all) => all.indexOf(id) === i)).toEqual(
      presets.map((preset) => preset.id),
    );
    expect(new Set(valuesOf('arms'))).toEqual(new Set(armMethods.map(({ id }) => id)));
    expect(valuesOf('x')).toEqual([...xAxes]);
    expect(valuesOf('pace')).toEqual([...paces]);
    expect(valuesOf('lesson')).toEqual(lessonIds);
    const panels = new Set<string>(panelIds.filter((panel) => panel !== 'help' && panel !== 'share'));
    expect(new Set(valuesOf('open'))).toEqual(panels);
  });

  it('lists everything that can be hidden and locked', () => {
    const hide = named(/^`hide` takes\n\n(- .*\n- .*)$/m.exec(text)![1]);
    expect(new Set(hide)).toEqual(new Set(hideIds));
    const [, ...lock] = named(/^`lock` takes .*$/m.exec(text)![0]);
    expect(lock).toEqual([...lockIds]);
  });
});

it('a parameter that is not described means nothing', () => {
  expect(decodeLink('colour=red').changes.join()).toContain('"colour" means nothing here');
  for (const name of linkParams) expect(decodeLink(`${name}=`).changes.join()).not.toContain('means nothing');
});
