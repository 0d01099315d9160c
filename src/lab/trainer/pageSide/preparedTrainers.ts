/**
 * Trainers opened before anybody asks for one, while the page is idle: engine checked, problems built, models read. So
 * the first iteration comes as soon after Play as it can be computed.
 */
import type { BackendChoice } from '../../settings/engines.ts';
import type { ModelName } from '../models/modelSlots.ts';
import { type OpenedTrainer, startTrainer, type TrainerParts } from './openTrainer.ts';

/** Each holds a worker with its models in memory, so that no more wait than usually start together. */
const mostPrepared = 2;

interface Prepared {
  backend: BackendChoice;
  /** Null when it could not be opened: whoever needs one tries again, and is told why it fails. */
  opening: Promise<OpenedTrainer | null>;
  /** Its worker stopped while it waited. */
  broken: boolean;
}

export class PreparedTrainers {
  #waiting: Prepared[] = [];

  /** Opens trainers for `count` arms that may start, unless so many wait already. */
  prepare(parts: TrainerParts, count: number, models: readonly ModelName[]): void {
    this.#keepOnly(parts.backend);
    while (this.#waiting.length < Math.min(count, mostPrepared)) {
      const prepared: Prepared = { backend: parts.backend, opening: Promise.resolve(null), broken: false };
      prepared.opening = startTrainer(parts).then(
        (opened) => {
          opened.trainer.on('error', () => {
            prepared.broken = true;
          });
          opened.trainer.send({ type: 'prepare', models });
          return opened;
        },
        () => null,
      );
      this.#waiting.push(prepared);
    }
  }

  /** One that waits for this choice of engine; null when there is none. */
  async take(backend: BackendChoice): Promise<OpenedTrainer | null> {
    this.#keepOnly(backend);
    return (await this.#waiting.shift()?.opening) ?? null;
  }

  #keepOnly(backend: BackendChoice): void {
    const fits = (prepared: Prepared) => prepared.backend === backend && !prepared.broken;
    for (const prepared of this.#waiting)
      if (!fits(prepared)) void prepared.opening.then((opened) => opened?.trainer.dispose());
    this.#waiting = this.#waiting.filter(fits);
  }
}
