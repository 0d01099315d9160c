/** `--merge`: puts the folders of a study together and leaves one file that the page opens, and the rows of every run. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricsFile } from '../../src/lab/experiments/outcome/experimentFiles.ts';
import { mergeStudy, type StudyPart } from '../../src/lab/studies/mergeStudy.ts';
import { type Study, studyText } from '../../src/lab/studies/study.ts';
import { planFile, runFolder, type StudyRun } from '../../src/lab/studies/studyFiles.ts';
import { mapTable, studyInWords } from '../../src/lab/studies/studyInWords.ts';
import { table } from '../output/table.ts';
import type { CommandLine } from './commandLine.ts';

/** @returns the exit status: 1 when the folders make no whole study */
export function mergeCommand(
  folders: readonly string[],
  { out, partial, json }: Pick<CommandLine, 'out' | 'partial' | 'json'>,
): number {
  const { study, runs, faults, warnings } = mergeStudy(folders.map(partOf), { partial });
  for (const warning of warnings) console.error(`Note: ${warning}`);
  for (const fault of faults) console.error(fault);
  if (!study) return 1;
  const text = writeStudy(out, study, runs);
  if (json) process.stdout.write(text);
  else {
    const { head, rows } = mapTable(study, 'iterations');
    console.log(`\n${table(head, rows)}\n`);
    for (const line of studyInWords(study)) console.log(line);
    const hours = runs.reduce((sum, { clock }) => sum + clock.seconds, 0) / 3600;
    console.log(
      `\n${runs.length} runs, ${hours.toFixed(2)} hours of computing. Results are in ${join(out, 'study.json')}.`,
    );
  }
  return 0;
}

/** Leaves what the page opens and the rows of every run; gives the former. */
export function writeStudy(out: string, study: Study, runs: readonly StudyRun[]): string {
  mkdirSync(out, { recursive: true });
  const write = (name: string, text: string) => {
    const unfinished = join(out, `${name}.part`);
    writeFileSync(unfinished, text);
    renameSync(unfinished, join(out, name));
  };
  const text = studyText(study);
  write('study.json', text);
  // As in the metrics.jsonl of an experiment that is computed in one go.
  write('metrics.jsonl', metricsFile({ runs: runs.map((run) => ({ ...run, arm: fullName(run) })) }));
  return text;
}

export function partOf(folder: string): StudyPart {
  const plan = join(folder, planFile);
  const runs = join(folder, runFolder);
  return {
    name: folder,
    plan: existsSync(plan) ? readFileSync(plan, 'utf8') : null,
    runs: existsSync(runs)
      ? readdirSync(runs)
          .filter((name) => name.endsWith('.json'))
          .sort()
          .map((name) => ({ name, text: readFileSync(join(runs, name), 'utf8') }))
      : [],
  };
}

const fullName = ({ cell, arm }: StudyRun): string => (cell === null ? arm : `${cell}: ${arm}`);
