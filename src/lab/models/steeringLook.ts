/**
 * Guidance looked at without an arm: a trainer of its own writes responses to a held-out problem under a rule and an η.
 * Who drags a slider asks often; while one question is being answered only the newest of the others is kept.
 */

import { openTrainer } from '../trainer/pageSide/openTrainer.ts';
import type { TrainerHandle } from '../trainer/pageSide/trainerHandle.ts';
import type { SteerAnswer, SteerAsk } from '../trainer/steer.ts';
import type { Models } from './models.ts';

export class SteeringLook {
  readonly #models: Models;
  #trainer: Promise<TrainerHandle> | null = null;
  #requests = 0;
  /** The newest question that waits for the one before it, with who is told of its end. */
  #waiting: { ask: SteerAsk; end: (answer: Promise<SteerAnswer | null>) => void } | null = null;
  #busy = false;

  constructor(models: Models) {
    this.#models = models;
  }

  /**
   * The answer; null when a newer question took its place.
   * @throws LabFailure when the trainer cannot answer
   */
  ask(ask: SteerAsk): Promise<SteerAnswer | null> {
    return new Promise((resolve) => {
      this.#waiting?.end(Promise.resolve(null));
      this.#waiting = { ask, end: resolve };
      if (!this.#busy) void this.#work();
    });
  }

  /** Ends the worker; the next question opens another, with the models that are there then. */
  close(): void {
    void this.#trainer?.then(
      (trainer) => trainer.dispose(),
      () => {},
    );
    this.#trainer = null;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#waiting) {
      const { ask, end } = this.#waiting;
      this.#waiting = null;
      const answer = this.#answer(ask);
      end(answer);
      await answer.catch(() => this.close());
    }
    this.#busy = false;
  }

  async #answer(ask: SteerAsk): Promise<SteerAnswer> {
    this.#trainer ??= openTrainer(this.#models.trainerParts()).then(({ trainer }) => trainer);
    const trainer = await this.#trainer;
    const request = ++this.#requests;
    const answered = trainer.next('steered', (event) => event.request === request);
    trainer.send({ type: 'steer', ask, request });
    return (await answered).answer;
  }
}
