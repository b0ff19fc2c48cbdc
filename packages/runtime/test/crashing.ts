import type { Store } from "@hermes/runtime";

/** When a process ends. */
export interface CrashPoint {
  /** Which write of the process is its last. */
  readonly write: number;
  /** Did that write still happen? */
  readonly after: boolean;
}

const writes: ReadonlySet<PropertyKey> = new Set([
  "acceptEvents",
  "claimTurn",
  "commitStep",
  "finishTurn",
  "postNotice",
  "settleParts",
]);

/** The store as a process sees it that ends at `point`: nothing it asks for after that is ever answered. */
export function crashing(store: Store, point: CrashPoint): { readonly store: Store; readonly crashed: () => boolean } {
  let count = 0;
  let isGone = false;
  const never = new Promise<never>(() => undefined);
  const seen = new Proxy(store, {
    get(target, name: keyof Store) {
      const method = target[name] as (...parameters: unknown[]) => Promise<unknown>;
      return async (...parameters: unknown[]) => {
        if (isGone) return await never;
        if (writes.has(name)) count += 1;
        if (!writes.has(name) || count < point.write) return await method.apply(target, parameters);
        isGone = true;
        if (point.after) await method.apply(target, parameters);
        return await never;
      };
    },
  });
  return { store: seen, crashed: () => isGone };
}
