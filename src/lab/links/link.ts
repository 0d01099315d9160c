/**
 * The page as an address: the preset and what differs from it, the seed, and what is open. Anything may stand in an
 * address, so everything is checked; what does not fit is moved to the nearest that does, and told.
 *
 *     #preset=healthy&seed=3&arms=ppo-m,bw,rand2&2.beta=0.1&x=updateTokens&open=settings,training
 *
 * `2.beta` is the knob beta of the second arm. Long texts (filter functions) travel deflated, behind "z:".
 */

import { armId, armMethods, changesFrom, methodsIn, shortName } from '../../rlhf/catalogue/paths.ts';
import { maxSequence } from '../../tasks/tokenizer.ts';
import type { ArmSpec, PageSpec } from '../arms/armIdentity.ts';
import { type BackendChoice, backendChoices } from '../settings/engines.ts';
import { changesFromText, knobToText } from '../settings/knobText.ts';
import { nameArm } from '../settings/naming.ts';
import { type Preset, presetById, presetSettings, presets } from '../settings/presets.ts';
import { validateSettings } from '../settings/validate.ts';
import { mostArms } from '../state/arm.ts';
import { hideIds, lockIds, noTeaching, type PanelId, panelIds, type Teaching } from '../state/pageParts.ts';
import { type LabState, type Pace, paces, type Selection, type XAxis, xAxes } from '../state/store.ts';
import { type Guide, lessonIds, lessonPlace } from '../state/syllabus.ts';
import { LinkReader } from './linkReader.ts';
import { pack, unpack } from './linkText.ts';

export interface Link extends PageSpec {
  /** Which arm is shown in detail. */
  active: number;
  xAxis: XAxis;
  pace: Pace;
  cursor: number | null;
  panels: readonly PanelId[];
  engine: BackendChoice;
  /** Start running at once. */
  play: boolean;
  /** A lesson at a step, the glossary, or neither. A lesson arranges the page unless the link itself describes one. */
  guide: Guide | null;
  /** A demo that plays by itself. */
  demo: LabState['demo'];
  /** The response under inspection; arm, row and token are counted from 0. */
  program: (Pick<Selection, 'iteration' | 'row' | 'token'> & { arm: number }) | null;
  teaching: Teaching;
}

export const largestSeed = 0xffff_ffff;
const defaultPanels = (embed: boolean): readonly PanelId[] => (embed ? [] : ['settings']);
const methodIds = armMethods.map(({ id }) => id);
/** Dialogs: open for a moment, never part of a link. */
const passing: readonly PanelId[] = ['help', 'share'];

/**
 * The fragment of an address, without "#"; empty for the page as it opens by itself.
 * @param play whether whoever opens it is to find it running
 */
export function encodeLink(state: LabState, { play = false } = {}): string {
  const params: [string, string][] = [];
  const preset = presetById(state.preset);
  if (state.preset !== presets[0].id) params.push(['preset', state.preset]);
  if (state.seed !== 1) params.push(['seed', String(state.seed)]);
  const own = state.arms.map(({ settings }) => armId(settings));
  if (own.join() !== preset.arms.map(({ settings }) => armId(settings)).join())
    params.push(['arms', own.join()]);
  state.arms.forEach((arm, index) => {
    const base = presetSettings(preset, index, own[index]);
    for (const [path, value] of changesFrom(base, arm.settings)) {
      params.push([`${index + 1}.${shortName(arm.settings, path)}`, pack(knobToText(value))]);
    }
    const given = preset.arms[index]?.name ?? nameArm(arm.settings, state.arms.slice(0, index));
    if (arm.name !== given) params.push([`${index + 1}.name`, arm.name]);
  });
  const active = state.arms.findIndex((arm) => arm.id === state.activeArm);
  if (active > 0) params.push(['active', String(active + 1)]);
  if (state.xAxis !== 'iteration') params.push(['x', state.xAxis]);
  if (state.pace !== 'full') params.push(['pace', state.pace]);
  if (state.cursor !== null) params.push(['at', String(state.cursor)]);
  if (state.backendChoice !== 'auto') params.push(['engine', state.backendChoice]);
  params.push(...lookParams(state));
  if (play) params.push(['play', '1']);
  params.push(...teachingParams(state.teaching));
  if (state.guide?.view === 'lesson') {
    params.push(['lesson', state.guide.id], ['step', String(state.guide.step + 1)]);
  } else if (state.guide) params.push(['guide', state.guide.view]);
  return params.map(([key, value]) => `${key}=${encoded(key, value)}`).join('&');
}

/** Commas and colons are legal in a fragment and easier to read than their codes, and so is the "+" of an arm. */
function encoded(key: string, value: string): string {
  const text = encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%3A', ':');
  return key === 'arms' ? text.replaceAll('%2B', '+') : text;
}

/** Which panels are open and which response is under inspection. */
function lookParams({ arms, panels: open, selection, teaching }: LabState): [string, string][] {
  const params: [string, string][] = [];
  const at = arms.findIndex((arm) => arm.id === selection?.armId);
  const inspected = selection !== null && at >= 0 && open.includes('inspector') ? selection : null;
  if (inspected) params.push(['program', [at + 1, inspected.iteration, inspected.row + 1].join()]);
  if (inspected?.token !== undefined) params.push(['token', String(inspected.token + 1)]);
  // A chosen program opens the inspector by itself.
  const panels = open.filter((panel) => !passing.includes(panel) && !(panel === 'inspector' && inspected));
  if (panels.join() !== defaultPanels(teaching.embed).join()) params.push(['open', panels.join()]);
  return params;
}

function teachingParams({ hide, lock, embed, theme }: Teaching): [string, string][] {
  return [
    ...(hide.length > 0 ? [['hide', hide.join()] as [string, string]] : []),
    ...(lock.length > 0 ? [['lock', lock.join()] as [string, string]] : []),
    ...(embed ? [['embed', '1'] as [string, string]] : []),
    ...(theme ? [['theme', theme] as [string, string]] : []),
  ];
}

/** A page from an address; `changes` says in whole sentences what was not taken as it stood. */
export function decodeLink(text: string): { link: Link; changes: string[] } {
  const changes: string[] = [];
  const params = new URLSearchParams(text.replace(/^[#?]/, ''));
  const reader = new LinkReader(params, changes);
  const preset = presetById(
    reader.choice(
      'preset',
      presets.map((each) => each.id),
      presets[0].id,
    ),
  );
  const arms = armsOf(reader, preset);
  const longest = Math.max(...arms.map((arm) => arm.settings.training.iterations));
  const teaching = teachingOf(reader);
  const play = reader.flag('play');
  const link: Link = {
    preset: preset.id,
    seed: reader.integer('seed', 0, largestSeed, 1),
    arms,
    active: reader.integer('active', 1, arms.length, 1) - 1,
    xAxis: reader.choice('x', xAxes, 'iteration'),
    pace: reader.choice('pace', paces, 'full'),
    cursor: reader.has('at') ? reader.integer('at', 1, longest, 1) : null,
    engine: reader.choice('engine', backendChoices, 'auto'),
    panels: reader.list('open', panelIds, defaultPanels(teaching.embed)),
    play,
    guide: guideOf(reader),
    demo: demoOf(reader),
    program: programOf(reader, arms, longest),
    teaching,
  };
  if (play && link.cursor !== null) {
    changes.push(`The link plays and shows iteration ${link.cursor}; both cannot be. It plays.`);
    link.cursor = null;
  }
  const unseen = link.panels.filter((panel) => reader.has('open') && teaching.hide.includes(panel));
  for (const panel of unseen) changes.push(`The link opens ${panel} and hides it. It is hidden.`);
  reader.rest();
  return { link, changes };
}

function teachingOf(reader: LinkReader): Teaching {
  const theme = reader.choice('theme', ['system', 'light', 'dark', ''], '');
  return {
    hide: reader.list('hide', hideIds, noTeaching.hide),
    lock: reader.list('lock', lockIds, noTeaching.lock),
    embed: reader.flag('embed'),
    theme: theme === '' ? null : theme,
  };
}

function programOf(reader: LinkReader, arms: readonly ArmSpec[], longest: number): Link['program'] {
  const mostRows = Math.max(
    ...arms.map(({ settings }) => settings.training.prompts * settings.training.responses),
  );
  const limits = [arms.length, longest, mostRows];
  const found = reader.numbers('program', 'an arm, an iteration and a response', limits);
  const token = reader.has('token') ? reader.integer('token', 1, maxSequence, 1) - 1 : undefined;
  if (token !== undefined && !found)
    reader.changes.push('The link has a token without a program; it was ignored.');
  return (
    found && {
      arm: found[0] - 1,
      iteration: found[1],
      row: found[2] - 1,
      ...(token === undefined ? {} : { token }),
    }
  );
}

/** What does not describe a page: a lesson that comes with nothing else arranges the page itself. */
const ofGuide = new Set(['lesson', 'step', 'guide', 'demo', 'hurry', 'hide', 'lock', 'embed', 'theme']);

function guideOf(reader: LinkReader): Guide | null {
  const lesson = reader.choice('lesson', [...lessonIds, ''], '');
  const step = reader.integer('step', 1, 100, 1) - 1;
  const view = reader.choice('guide', ['contents', 'glossary', ''], '');
  if (lesson !== '') return lessonPlace(lesson, step, !reader.says((name) => !ofGuide.has(name)));
  return view === '' ? null : { view };
}

function demoOf(reader: LinkReader): Link['demo'] {
  const id = reader.text('demo');
  const hurry = reader.flag('hurry');
  return id === '' ? null : { id, hurry };
}

function armsOf(reader: LinkReader, preset: Preset): ArmSpec[] {
  const own = preset.arms.map(({ settings }) => armId(settings));
  let chosen = reader.arms((arm) => methodsIn(arm) !== null, methodIds, own);
  if (chosen.length > mostArms) {
    reader.changes.push(`The link has ${chosen.length} arms; the first ${mostArms} are shown.`);
    chosen = chosen.slice(0, mostArms);
  }
  return chosen.map((arm, index) => {
    const base = presetSettings(preset, index, arm);
    const texts: Record<string, string> = {};
    let name = arm === own[index] ? preset.arms[index]?.name : undefined;
    for (const [key, value] of reader.prefixed(`${index + 1}.`)) {
      const unpacked = key === 'name' ? value : unpack(value);
      if (key === 'name') name = value.trim().slice(0, 40) || name;
      else if (unpacked === null) {
        reader.changes.push(
          `The link's ${index + 1}.${key} is damaged, or longer than any text that it may hold, and was left as it is in the preset.`,
        );
      } else texts[key] = unpacked;
    }
    const { settings, issues } = validateSettings(changesFromText(texts), base);
    for (const issue of issues) reader.changes.push(`Arm ${index + 1} of the link: ${issue.message}`);
    return name === undefined ? { settings } : { name, settings };
  });
}
