/** A lock that is held. */
export interface Lease {
  /** Grows with each new holder; a write that carries an older one must be refused. */
  readonly fence: bigint;
  /** Aborted when the lock was lost without being released. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Who may be the one that does something: serve a home, listen with a bot's credentials. */
export interface Locks {
  /** Tries once and does not wait. `holder` is what a later loser is told. */
  acquire(name: string, holder: string, signal: AbortSignal): Promise<Lease | { readonly heldBy: string }>;
}

/** Locks that hold inside this process only: two gateways in one program never listen with the same credentials. */
export function createProcessLocks(): Locks {
  return {
    acquire(name, holder) {
      const held = holders.get(name);
      if (held !== undefined) return Promise.resolve({ heldBy: held });
      holders.set(name, holder);
      fence += 1n;
      let released = false;
      const lease: Lease = {
        fence,
        lost: new AbortController().signal,
        release() {
          if (!released) holders.delete(name);
          released = true;
          return Promise.resolve();
        },
      };
      return Promise.resolve(lease);
    },
  };
}

const holders = new Map<string, string>();
let fence = 0n;
