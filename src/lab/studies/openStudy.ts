/** Opens what a person picks: a merged study, the folders of one, merged here, or a spec that is yet to be run. */
import type { ExperimentInput } from '../settings/experimentSpec.ts';
import { kindOfFile } from './fileKind.ts';
import { mergeStudy, type StudyPart } from './mergeStudy.ts';
import { readStudy, type Study } from './study.ts';
import { planFile, runFolder, StudyFileError } from './studyFiles.ts';

export type PickedFile = Pick<File, 'name' | 'text'> & { webkitRelativePath?: string };

export interface OpenedStudy {
  study: Study;
  warnings: string[];
}

/** A spec where a study was expected: what to run, in place of what came of it. */
export interface OpenedSpec {
  name: string;
  spec: ExperimentInput;
}

const mergedFile = 'study.json';

/**
 * @param files one file, or all files of a folder, which may hold the folders of several machines
 * @throws StudyFileError saying what is wrong
 */
export async function openStudy(files: readonly PickedFile[]): Promise<OpenedStudy | OpenedSpec> {
  if (files.length === 1) return openFile(files[0]);
  const plans = files.filter(({ name }) => name === planFile);
  const parts = await Promise.all(plans.map((plan) => partOf(folderOf(plan), plan, files)));
  const merged = files.find(({ name }) => name === mergedFile);
  // The folder may have more runs by now than the file that was made of it.
  if (merged) {
    const opened = await openFile(merged);
    const runs = parts.reduce((sum, part) => sum + part.runs.length, 0);
    if ('spec' in opened || runs <= opened.study.runs.length) return opened;
  }
  if (parts.length === 0) {
    throw new StudyFileError(
      `There is no study here. Pick a ${mergedFile} that npm run experiment -- --merge wrote, or a folder with a ${planFile}.`,
    );
  }
  const { study, faults, warnings } = mergeStudy(parts, { partial: true });
  if (!study) throw new StudyFileError(faults.join(' '));
  return { study, warnings };
}

async function openFile(file: PickedFile): Promise<OpenedStudy | OpenedSpec> {
  const text = await file.text();
  const content = parsed(text);
  if (kindOfFile(content) === 'spec') return { name: file.name, spec: content as ExperimentInput };
  try {
    return { study: readStudy(text), warnings: [] };
  } catch (thrown) {
    if (thrown instanceof StudyFileError) throw new StudyFileError(`${file.name} ${thrown.message}`);
    throw thrown;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** "a/b" of a/b/plan.json. */
const folderOf = ({ name, webkitRelativePath }: PickedFile): string =>
  (webkitRelativePath ?? '').slice(0, -name.length - 1);

async function partOf(folder: string, plan: PickedFile, files: readonly PickedFile[]): Promise<StudyPart> {
  const runs = files
    .filter((file) => file.name.endsWith('.json') && folderOf(file) === `${folder}/${runFolder}`)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    name: folder,
    plan: await plan.text(),
    runs: await Promise.all(runs.map(async (file) => ({ name: file.name, text: await file.text() }))),
  };
}
