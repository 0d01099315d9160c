/** The gate at which the loop waits: paused, stepping by station or iteration, or slowed down for the eye. */

/** Thrown inside a loop whose arm was replaced. Not a failure. */
export class Cancelled extends Error {
  constructor() {
    super('The arm was replaced.');
    this.name = 'Cancelled';
  }
}

type Boundary = 'station' | 'iteration';

export class Gate {
  /** Least time between two stations in milliseconds; 0 is full speed. */
  stationMs = 0;
  #open = false;
  /** Close again at the next boundary of this kind. */
  #closeAt: Boundary | null = null;
  /**
   * A step was asked for while one was under way, for example by whoever was just told of its result. One is
   * remembered, so that none is lost; more are not, so that a key held down does not run on after its release.
   */
  #again = false;
  #cancelled = false;
  #wake: (() => void) | null = null;
  #arrivedAt = 0;
  readonly #onChange: (running: boolean) => void;

  constructor(onChange: (running: boolean) => void) {
    this.#onChange = onChange;
  }

  get running(): boolean {
    return this.#open;
  }

  /** True when a person is following station by station, so that each result should be there when they look. */
  get followed(): boolean {
    return this.#closeAt === 'station' || this.stationMs > 0;
  }

  play(): void {
    this.#closeAt = null;
    this.#again = false;
    this.#set(true);
  }

  pause(): void {
    this.#closeAt = null;
    this.#again = false;
    this.#set(false);
  }

  /** Goes on to the next station, or to the end of the iteration. */
  step(unit: Boundary): void {
    this.#again = this.#open && this.#closeAt === unit;
    this.#closeAt = unit;
    this.#set(true);
  }

  /** Makes every wait, present and future, throw `Cancelled`. */
  cancel(): void {
    this.#cancelled = true;
    this.#wake?.();
  }

  /**
   * Waits here as long as the loop is not to go on. Lets pending messages in first.
   * @param boundary what the loop has just finished; `start` before the first iteration
   */
  async arrive(boundary: Boundary | 'start'): Promise<void> {
    await breathe();
    const stepDone = boundary === this.#closeAt || (this.#closeAt !== null && boundary === 'iteration');
    if (this.#open && stepDone && this.#again) this.#again = false;
    else if (this.#open && stepDone) {
      this.#closeAt = null;
      this.#set(false);
    }
    const rest = this.stationMs - (performance.now() - this.#arrivedAt);
    if (this.#open && boundary === 'station' && rest > 0) await this.#sleep(rest);
    while (!this.#open && !this.#cancelled) await this.#sleep();
    if (this.#cancelled) throw new Cancelled();
    this.#arrivedAt = performance.now();
  }

  #set(open: boolean): void {
    if (open !== this.#open) {
      this.#open = open;
      this.#onChange(open);
    }
    this.#wake?.();
  }

  /** Sleeps until something changes, or for `ms`. */
  #sleep(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
    });
  }
}

const channel = new MessageChannel();
let breathers: (() => void)[] = [];
channel.port1.onmessage = () => {
  const woken = breathers;
  breathers = [];
  for (const resolve of woken) resolve();
};
// In Node an open port would keep the process alive.
(channel.port1 as { unref?: () => void }).unref?.();

/** Lets the worker's event loop take in messages; far cheaper than a timer. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    breathers.push(resolve);
    channel.port2.postMessage(null);
  });
}
