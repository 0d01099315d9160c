/** `require('events')`: the emitter that programs extend. */
type Listener = (...args: unknown[]) => unknown;

interface Entry {
  listener: Listener;
  once: boolean;
}

/** Listeners of each emitter by event. A weak map, so that nothing of it shows on the object. */
const registry = (emitter: object, all: WeakMap<object, Map<PropertyKey, Entry[]>>) => {
  let found = all.get(emitter);
  if (!found) {
    found = new Map();
    all.set(emitter, found);
  }
  return found;
};

/** A class for each instance of a program: what one program listens to, no other sees. */
export function makeEventEmitter() {
  const all = new WeakMap<object, Map<PropertyKey, Entry[]>>();
  class EventEmitter {
    static EventEmitter = EventEmitter;
    static defaultMaxListeners = 10;

    #add(event: PropertyKey, listener: unknown, once: boolean, first: boolean): this {
      if (typeof listener !== 'function')
        throw new TypeError('The "listener" argument must be of type function.');
      const entries = registry(this, all);
      const entry = { listener: listener as Listener, once };
      const known = entries.get(event) ?? [];
      entries.set(event, first ? [entry, ...known] : [...known, entry]);
      return this;
    }
    on(event: PropertyKey, listener: unknown): this {
      return this.#add(event, listener, false, false);
    }
    addListener(event: PropertyKey, listener: unknown): this {
      return this.#add(event, listener, false, false);
    }
    once(event: PropertyKey, listener: unknown): this {
      return this.#add(event, listener, true, false);
    }
    prependListener(event: PropertyKey, listener: unknown): this {
      return this.#add(event, listener, false, true);
    }
    prependOnceListener(event: PropertyKey, listener: unknown): this {
      return this.#add(event, listener, true, true);
    }
    off(event: PropertyKey, listener: unknown): this {
      const entries = registry(this, all).get(event) ?? [];
      const at = entries.map((entry) => entry.listener as unknown).lastIndexOf(listener);
      const left = entries.filter((_, i) => i !== at);
      if (left.length > 0) registry(this, all).set(event, left);
      else registry(this, all).delete(event);
      return this;
    }
    removeListener(event: PropertyKey, listener: unknown): this {
      return this.off(event, listener);
    }
    removeAllListeners(event?: PropertyKey): this {
      if (event === undefined) registry(this, all).clear();
      else registry(this, all).delete(event);
      return this;
    }
    emit(event: PropertyKey, ...args: unknown[]): boolean {
      const entries = registry(this, all).get(event);
      if (!entries) {
        if (event === 'error') throw args[0] instanceof Error ? args[0] : new Error('Unhandled error.');
        return false;
      }
      for (const { listener, once } of entries) {
        if (once) this.off(event, listener);
        Reflect.apply(listener, this, args);
      }
      return true;
    }
    listeners(event: PropertyKey): Listener[] {
      return (registry(this, all).get(event) ?? []).map(({ listener }) => listener);
    }
    listenerCount(event: PropertyKey): number {
      return registry(this, all).get(event)?.length ?? 0;
    }
    eventNames(): PropertyKey[] {
      return [...registry(this, all).keys()];
    }
    setMaxListeners(): this {
      return this;
    }
    getMaxListeners(): number {
      return EventEmitter.defaultMaxListeners;
    }
  }
  return EventEmitter;
}
