import type { Store } from "@hermes/runtime";

/** A store that outlives its gateway. */
export function keepOpen(store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      if (name === "close") return async () => undefined;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value as (...given: unknown[]) => unknown).bind(target) : value;
    },
  });
}
