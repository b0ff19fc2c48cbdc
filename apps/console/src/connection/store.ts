/** A value that is read and whose changes are told. */
export interface Store<Value> {
  readonly get: () => Value;
  /** Returns what ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** A store one may write to. */
export interface WritableStore<Value> extends Store<Value> {
  readonly set: (value: Value) => void;
  readonly update: (change: (value: Value) => Value) => void;
}

/** Holds one value; setting the same one tells nobody. */
export function createStore<Value>(initial: Value): WritableStore<Value> {
  let current = initial;
  const listeners = new Set<() => void>();
  const set = (value: Value): void => {
    if (Object.is(value, current)) return;
    current = value;
    for (const listener of listeners) listener();
  };
  return {
    get: () => current,
    set,
    update: (change) => set(change(current)),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
