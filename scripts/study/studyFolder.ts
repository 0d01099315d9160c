/**
 * The folder of a study. Every process that computes a part writes into the same one, or into its own: a finished run
 * is one file that appears whole, what a run goes on from is another, and nobody keeps books.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  nameOfRun,
  planFile,
  planText,
  readPlan,
  runFolder,
  type StudyPlan,
  type StudyRun,
} from '../../src/lab/studies/studyFiles.ts';

/** The folder holds something else. The message says what, and what to do. */
export class StudyFolderError extends Error {
  override name = 'StudyFolderError';
}

export class StudyFolder {
  readonly path: string;

  /** Makes the folder, or takes up one of the same study. @throws StudyFolderError, StudyFileError */
  constructor(path: string, plan: StudyPlan) {
    this.path = path;
    mkdirSync(join(path, runFolder), { recursive: true });
    mkdirSync(join(path, 'cut-off'), { recursive: true });
    const before = this.#plan();
    if (before !== null) checkSame(before, plan, path);
    this.#write(planFile, planText(plan));
  }

  #plan(): StudyPlan | null {
    const path = join(this.path, planFile);
    return existsSync(path) ? readPlan(readFileSync(path, 'utf8')) : null;
  }

  has(id: string): boolean {
    return existsSync(join(this.path, runFolder, `${id}.json`));
  }

  /** Writes a finished run; what it went on from is no longer needed. */
  finish(run: StudyRun): void {
    this.#write(join(runFolder, `${run.id}.json`), `${JSON.stringify(run)}\n`);
    rmSync(this.#cutOff(run.id), { force: true });
  }

  /** What a run goes on from. */
  readCutOff(id: string): Uint8Array | null {
    const path = this.#cutOff(id);
    return existsSync(path) ? readFileSync(path) : null;
  }

  saveCutOff(id: string, file: Uint8Array): void {
    // A late snapshot of a run that has finished meanwhile helps nobody.
    if (!this.has(id)) this.#write(join('cut-off', `${id}.filtrate-run`), file);
  }

  #cutOff(id: string): string {
    return join(this.path, 'cut-off', `${id}.filtrate-run`);
  }

  /** Under another name first: whoever looks sees no file or a whole one. Machines that share a disk differ in name. */
  #write(name: string, content: string | Uint8Array): void {
    const path = join(this.path, name);
    const unfinished = `${path}.${hostname()}-${process.pid}.part`;
    writeFileSync(unfinished, content);
    renameSync(unfinished, path);
  }
}

/** A study may grow by cells, arms and seeds; nothing that it has may change. */
function checkSame(before: StudyPlan, plan: StudyPlan, path: string): void {
  if (before.code !== plan.code) {
    throw new StudyFolderError(
      `${path} was begun with other code (${before.code}; this is ${plan.code}), and its runs would not compare with new ones. Go on with the code that began it, or give another folder.`,
    );
  }
  const now = new Set(plan.runs.map(({ id }) => id));
  const gone = before.runs.filter(({ id }) => !now.has(id));
  if (gone.length === 0) return;
  throw new StudyFolderError(
    `${path} holds a study with another spec: ${gone.length} of its ${before.runs.length} runs are not in this one, such as ${nameOfRun(gone[0])}. A study may grow by cells, arms and seeds; for other settings give another folder.`,
  );
}
