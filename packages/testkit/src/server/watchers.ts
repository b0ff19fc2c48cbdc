/** Waits for things to become true without looking at the time. */
export interface Watchers {
  /** Something happened: everybody who waits looks again. */
  changed(): void;
  /** Resolves once `condition` holds, which is looked at whenever something happens. Rejects when `close` is called before. */
  until(condition: () => boolean, what?: string): Promise<void>;
  close(): void;
}

export function createWatchers(): Watchers {
  const waiting = new Set<{ look(): void; giveUp(): void }>();
  return {
    changed() {
      for (const watcher of waiting) watcher.look();
    },
    until: (condition, what = "a condition") =>
      new Promise((resolve, reject) => {
        const watcher = {
          look(): void {
            if (!condition()) return;
            waiting.delete(watcher);
            resolve();
          },
          giveUp: () => reject(new Error(`The server was closed while ${what} was waited for`)),
        };
        waiting.add(watcher);
        watcher.look();
      }),
    close() {
      for (const watcher of waiting) watcher.giveUp();
      waiting.clear();
    },
  };
}
