/** What an export to a trainer is made from, and what it consists of. */

export interface ExportFile {
  name: string;
  language: 'python' | 'yaml' | 'shell';
  text: string;
}

export interface FilterExport {
  files: ExportFile[];
  /** What a person must know before using them, most important first. */
  warnings: string[];
}

/** What an export may fill in beside the filter. */
export interface TrainingContext {
  /** Responses per prompt (N). */
  responses: number;
  temperature: number;
  /** KL cost. */
  beta: number;
  clip: number;
  valueClip: number;
  gamma: number;
  lambda: number;
}
