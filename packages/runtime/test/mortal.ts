import type { Store } from "@hermes/runtime";

/** A process that can be ended at any moment: nothing it asks of its store after that is done. */
export function mortal(store: Store): { readonly store: Store; end(): void } {
  let isOver = false;
  return {
    store: new Proxy(store, {
      get(target, name: keyof Store) {
        const method = target[name] as (...parameters: unknown[]) => unknown;
        return (...parameters: unknown[]) => (isOver ? new Promise(() => undefined) : method.apply(target, parameters));
      },
    }),
    end: () => (isOver = true),
  };
}

/** Never comes to an end. */
export const forever = (): Promise<never> => new Promise(() => undefined);
