/** What a person is told about a number that a run logs. */
export interface MetricText {
  label: string;
  unit: string;
  /** One plain line. */
  what: string;
  /** The formula, in Unicode. */
  formula: string;
  /** Charts group metrics by this. */
  group: 'truth' | 'reward' | 'policy' | 'update' | 'filter' | 'cost';
  /** Digits after the point in tables. */
  digits: number;
  /** Depends on the machine, its clock or what ran beside it: two runs of one seed differ in it. */
  clock?: true;
}
export type Metrics = Readonly<Record<string, MetricText>>;
