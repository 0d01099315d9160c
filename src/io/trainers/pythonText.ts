/** How values and free text are written in Python. */
import type { Sampler } from '../../core/filters/filter.ts';

/** Batch-wide extremes are what verl does itself; a module is there to filter per prompt. */
export type PythonSampler = Exclude<Sampler, 'verl'>;

/** Python reads JavaScript's shortest decimals as the same doubles. */
export function pythonNumber(value: number): string {
  return String(value);
}

/** A label is free text and stands inside a docstring. */
export function oneLine(label: string): string {
  return label.replace(/[\\"\r\n]+/g, ' ').trim() || 'filter';
}
