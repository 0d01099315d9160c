/** Errors that a person can act on, and how anything thrown becomes one. */
import type { LabError } from './protocol.ts';

export class LabFailure extends Error {
  readonly error: LabError;
  constructor(error: LabError, cause?: unknown) {
    super(error.message, { cause });
    this.name = 'LabFailure';
    this.error = error;
  }
}

/** What to tell the page about something that was thrown. */
export function labError(thrown: unknown): LabError {
  if (thrown instanceof LabFailure) return thrown.error;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  switch (error.name) {
    case 'DeviceLostError':
      return {
        code: 'device-lost',
        message: `${error.message} The arm stopped at its last finished iteration.`,
      };
    case 'CheckpointError':
    case 'KnowledgeError':
      return { code: 'bad-checkpoint', message: error.message };
    case 'JudgeError':
      return { code: 'judge', message: error.message };
    case 'BackendError':
      return { code: 'backend', message: error.message };
    default:
      return { code: 'internal', message: error.message };
  }
}
