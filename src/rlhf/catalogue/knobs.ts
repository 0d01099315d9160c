/** What can be set, as tables: each knob with its range, its initial value, and what a person is told about it. */

interface KnobText {
  label: string;
  /** What it does, in one plain line. */
  what: string;
  /** What to expect when it is raised (numbers) or chosen (choices). */
  expect: string;
}

export interface NumberKnob extends KnobText {
  kind: 'number' | 'integer';
  min: number;
  max: number;
  step: number;
  initial: number;
  /** Moves on a logarithmic scale. */
  log?: boolean;
}

export interface ChoiceKnob extends KnobText {
  kind: 'choice';
  options: readonly { readonly value: string; readonly label: string; readonly what: string }[];
  initial: string;
}

export interface ToggleKnob extends KnobText {
  kind: 'toggle';
  initial: boolean;
}

/** A list of shares, drawn as bars. */
export interface NumbersKnob extends KnobText {
  kind: 'numbers';
  min: number;
  max: number;
  maxCount: number;
  initial: readonly number[];
  /** What stands under a bar, and what it is called in full. */
  bar(index: number, count: number): { short: string; long: string };
}

export interface CodeKnob extends KnobText {
  kind: 'code';
  maxLength: number;
  initial: string;
}

export type Knob = (NumberKnob | ChoiceKnob | ToggleKnob | NumbersKnob | CodeKnob) & {
  /** Whether it has an effect beside the other knobs of its method as they are. Absent: always. */
  applies?(values: Values): boolean;
};
export type Knobs = Readonly<Record<string, Knob>>;

export type KnobValue = number | string | boolean | readonly number[];
export type Values = Readonly<Record<string, KnobValue>>;

export type ValueOf<K> = K extends { kind: 'number' | 'integer' }
  ? number
  : K extends { kind: 'choice'; options: readonly { readonly value: infer Value }[] }
    ? Value
    : K extends { kind: 'toggle' }
      ? boolean
      : K extends { kind: 'numbers' }
        ? readonly number[]
        : string;

/** The values that a table of knobs holds, by name. */
export type ValuesOf<K extends Knobs> = { readonly [Name in keyof K]: ValueOf<K[Name]> };

export const initialValues = <K extends Knobs>(knobs: K): ValuesOf<K> =>
  Object.fromEntries(Object.entries(knobs).map(([name, knob]) => [name, knob.initial])) as ValuesOf<K>;
