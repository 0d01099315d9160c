/**
 * The page as an address: the preset and what differs from it, the seed, and what is open. Anything may stand in an
 * address, so everything is checked; what does not fit is moved to the nearest that does, and told.
 *
 *     #preset=healthy&seed=3&arms=ppo-m,bw,rand2&2.beta=0.1&x=updateTokens&open=settings,training
 *
 * `2.beta` is the knob beta of the second arm. Long texts (filter functions) travel deflated, behind "z:".
 */
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import type { ArmSpec, Opening } from './laboratory.ts';
import { differingKnobs, nameArm } from './naming.ts';
import { type Preset, presetById, presets } from './presets.ts';
import type { BackendChoice } from './protocol.ts';
import { type ArmSettings, defaultSettings, knobKeys, type Method, methods } from './settings.ts';
import {
  type LabState,
  mostArms,
  type Pace,
  type PanelId,
  paces,
  panelIds,
  type XAxis,
  xAxes,
} from './store.ts';
import { type Guide, lessonIds, lessonPlace } from './syllabus.ts';
import { knobFromText, knobToText, unknownName, validateSettings } from './validate.ts';

export interface Link extends Opening {
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
}

const engines = ['auto', 'webgpu', 'simd', 'plain'] as const satisfies readonly BackendChoice[];
export const largestSeed = 0xffff_ffff;
const defaultPanels: readonly PanelId[] = ['settings'];

/** The settings that an arm of a link starts from, before its own differences. */
function baseOf(preset: Preset, index: number, method: Method): ArmSettings {
  const own = preset.arms[index]?.settings;
  return own?.method === method ? own : { ...defaultSettings(), ...preset.settings, method };
}

/** The fragment of an address, without "#"; empty for the page as it opens by itself. */
export function encodeLink(state: LabState): string {
  const params: [string, string][] = [];
  const preset = presetById(state.preset);
  if (state.preset !== presets[0].id) params.push(['preset', state.preset]);
  if (state.seed !== 1) params.push(['seed', String(state.seed)]);
  const own = state.arms.map((arm) => arm.settings.method);
  if (own.join() !== preset.arms.map((arm) => arm.settings.method).join()) params.push(['arms', own.join()]);
  state.arms.forEach((arm, index) => {
    const base = baseOf(preset, index, arm.settings.method);
    for (const key of differingKnobs(arm.settings, base)) {
      params.push([`${index + 1}.${key}`, pack(knobToText(key, arm.settings[key]))]);
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
  const panels = state.panels.filter((panel) => panel !== 'help' && panel !== 'inspector');
  if (panels.join() !== defaultPanels.join()) params.push(['open', panels.join()]);
  if (state.guide?.view === 'lesson') {
    params.push(['lesson', state.guide.id], ['step', String(state.guide.step + 1)]);
  } else if (state.guide) params.push(['guide', state.guide.view]);
  // Commas and colons are legal in a fragment and easier to read than their codes.
  return params
    .map(
      ([key, value]) => `${key}=${encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%3A', ':')}`,
    )
    .join('&');
}

/** A page from an address; `changes` says in whole sentences what was not taken as it stood. */
export function decodeLink(text: string): { link: Link; changes: string[] } {
  const changes: string[] = [];
  const params = new URLSearchParams(text.replace(/^[#?]/, ''));
  const reader = new Reader(params, changes);
  const preset = presetById(
    reader.choice(
      'preset',
      presets.map((each) => each.id),
      presets[0].id,
    ),
  );
  const arms = armsOf(reader, preset);
  const link: Link = {
    preset: preset.id,
    seed: reader.integer('seed', 0, largestSeed, 1),
    arms,
    active: reader.integer('active', 1, arms.length, 1) - 1,
    xAxis: reader.choice('x', xAxes, 'iteration'),
    pace: reader.choice('pace', paces, 'full'),
    cursor: reader.has('at') ? reader.integer('at', 1, 1000, 1) : null,
    engine: reader.choice('engine', engines, 'auto'),
    panels: reader.list('open', panelIds, defaultPanels),
    play: reader.choice('play', ['0', '1'], '0') === '1',
    guide: guideOf(reader),
    demo: demoOf(reader),
  };
  reader.rest();
  return { link, changes };
}

const ofGuide = new Set(['lesson', 'step', 'guide', 'demo', 'hurry']);

function guideOf(reader: Reader): Guide | null {
  const lesson = reader.choice('lesson', [...lessonIds, ''], '');
  const step = reader.integer('step', 1, 100, 1) - 1;
  const view = reader.choice('guide', ['contents', 'glossary', ''], '');
  if (lesson !== '') return lessonPlace(lesson, step, !reader.says((name) => !ofGuide.has(name)));
  return view === '' ? null : { view };
}

function demoOf(reader: Reader): Link['demo'] {
  const id = reader.text('demo');
  const hurry = reader.choice('hurry', ['0', '1'], '0') === '1';
  return id === '' ? null : { id, hurry };
}

function armsOf(reader: Reader, preset: Preset): ArmSpec[] {
  const own = preset.arms.map((arm) => arm.settings.method);
  let chosen = reader.list('arms', methods, own, true);
  if (chosen.length > mostArms) {
    reader.changes.push(`The link has ${chosen.length} arms; the first ${mostArms} are shown.`);
    chosen = chosen.slice(0, mostArms);
  }
  return chosen.map((method, index) => {
    const base = baseOf(preset, index, method);
    const partial: Record<string, unknown> = {};
    let name = method === own[index] ? preset.arms[index]?.name : undefined;
    for (const [key, value] of reader.prefixed(`${index + 1}.`)) {
      if (key === 'name') name = value.trim().slice(0, 40) || name;
      else if ((knobKeys as string[]).includes(key)) {
        const knob = key as keyof ArmSettings;
        const unpacked = unpack(value);
        if (unpacked === null) {
          reader.changes.push(
            `The link's ${index + 1}.${key} is damaged and was left as it is in the preset.`,
          );
        } else partial[knob] = knobFromText(knob, unpacked);
      } else
        reader.changes.push(
          `${unknownName('setting', key, knobKeys)} The link's ${index + 1}.${key} was ignored.`,
        );
    }
    const { settings, issues } = validateSettings(partial, base);
    for (const issue of issues) reader.changes.push(`Arm ${index + 1} of the link: ${issue.message}`);
    return name === undefined ? { settings } : { name, settings };
  });
}

/** Takes parameters one by one and notes what does not fit; what nobody took is unknown. */
class Reader {
  readonly changes: string[];
  #params: URLSearchParams;
  #taken = new Set<string>();

  constructor(params: URLSearchParams, changes: string[]) {
    this.#params = params;
    this.changes = changes;
  }

  has(name: string): boolean {
    return this.#params.has(name);
  }

  /** Whether the link has a parameter of such a name. */
  says(such: (name: string) => boolean): boolean {
    return [...this.#params.keys()].some(such);
  }

  text(name: string): string {
    return this.#take(name) ?? '';
  }

  choice<Value extends string>(name: string, allowed: readonly Value[], fallback: Value): Value {
    const value = this.#take(name);
    if (value === null) return fallback;
    const found = allowed.find((each) => each === value);
    if (found === undefined) {
      this.changes.push(
        `The link's ${name} must be one of ${allowed.join(', ')}, and is "${value}". It is ${fallback} now.`,
      );
    }
    return found ?? fallback;
  }

  integer(name: string, min: number, max: number, fallback: number): number {
    const text = this.#take(name);
    if (text === null) return fallback;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    const used = Number.isNaN(value) ? fallback : Math.min(max, Math.max(min, Math.round(value)));
    if (used !== value) {
      this.changes.push(
        `The link's ${name} must be a whole number from ${min} to ${max}, and is "${text}". It is ${used} now.`,
      );
    }
    return used;
  }

  /** Without `repeats` each value counts once; an empty text is an empty list unless repeats are arms. */
  list<Value extends string>(
    name: string,
    allowed: readonly Value[],
    fallback: readonly Value[],
    repeats = false,
  ): readonly Value[] {
    const text = this.#take(name);
    if (text === null) return fallback;
    const kept: Value[] = [];
    for (const part of text.split(',').filter((each) => each !== '')) {
      const found = allowed.find((each) => each === part);
      if (found === undefined) {
        this.changes.push(`The link's ${name} may hold ${allowed.join(', ')}; "${part}" was ignored.`);
      } else if (repeats || !kept.includes(found)) kept.push(found);
    }
    if (repeats && kept.length === 0) {
      this.changes.push(`The link's ${name} names nothing to show; the preset's are shown.`);
      return fallback;
    }
    return kept;
  }

  *prefixed(prefix: string): Generator<[key: string, value: string]> {
    for (const [name, value] of this.#params) {
      if (!name.startsWith(prefix)) continue;
      this.#taken.add(name);
      yield [name.slice(prefix.length), value];
    }
  }

  /** Tells what nobody asked for. */
  rest(): void {
    for (const name of new Set(this.#params.keys())) {
      if (!this.#taken.has(name))
        this.changes.push(`The link's "${name}" means nothing here and was ignored.`);
    }
  }

  #take(name: string): string | null {
    this.#taken.add(name);
    return this.#params.get(name);
  }
}

const long = 60;
/** More than the longest text that a knob takes; a packed text that grows further is refused. */
const mostBytes = 1 << 16;

function pack(text: string): string {
  if (text.length < long && !text.startsWith('z:')) return text;
  const bytes = deflateSync(strToU8(text), { level: 9 });
  const base64 = btoa(String.fromCharCode(...bytes));
  return `z:${base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/** Null when the text is damaged. */
function unpack(text: string): string | null {
  if (!text.startsWith('z:')) return text;
  try {
    const binary = atob(text.slice(2).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return strFromU8(inflateSync(bytes, { out: new Uint8Array(mostBytes) }));
  } catch {
    return null;
  }
}
