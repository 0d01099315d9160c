/** Opens what a person picks: a merged study, or the folder of one, merged here. */
import { mergeStudy } from './mergeStudy.ts';
import { readStudy, type Study } from './study.ts';
import { planFile, StudyFileError } from './studyFiles.ts';

export type PickedFile = Pick<File, 'name' | 'text'> & { webkitRelativePath?: string };

export interface OpenedStudy {
  study: Study;
  warnings: string[];
}

/**
 * @param files a study.json, or all files of a folder
 * @throws StudyFileError saying what is wrong
 */
export async function openStudy(files: readonly PickedFile[]): Promise<OpenedStudy> {
  const plan = files.find(({ name }) => name === planFile);
  const merged =
    files.find(({ name }) => name === 'study.json') ?? (files.length === 1 ? files[0] : undefined);
  if (merged && merged !== plan) {
    try {
      return { study: readStudy(await merged.text()), warnings: [] };
    } catch (thrown) {
      if (thrown instanceof StudyFileError) throw new StudyFileError(`${merged.name} ${thrown.message}`);
      throw thrown;
    }
  }
  if (!plan) {
    throw new StudyFileError(
      `There is no study here: pick a study.json that npm run experiment -- --merge wrote, or a folder with a ${planFile}.`,
    );
  }
  const folder = plan.webkitRelativePath?.split('/').at(-2) ?? 'the folder';
  const runs = files.filter(
    ({ name, webkitRelativePath }) =>
      name !== planFile &&
      name.endsWith('.json') &&
      /(^|\/)runs\/[^/]+$/.test(webkitRelativePath ?? `runs/${name}`),
  );
  const { study, faults, warnings } = mergeStudy(
    [
      {
        name: folder,
        plan: await plan.text(),
        runs: await Promise.all(runs.map(async (file) => ({ name: file.name, text: await file.text() }))),
      },
    ],
    { partial: true },
  );
  if (!study) throw new StudyFileError(faults.join(' '));
  return { study, warnings };
}
