import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import { getHeapStatistics, queryObjects } from "node:v8";
import type { Store } from "@hermes/runtime";

/** What of a gateway could grow, while nothing goes on. */
export interface Sizes {
  /** Alarms that are set. */
  readonly alarms: number;
  /** Lanes that have work. */
  readonly lanes: number;
  /** Listeners of signals that are still there. */
  readonly abortListeners: number;
  readonly processListeners: number;
  /** What Node itself waits for. */
  readonly resources: number;
  readonly running: number;
  readonly waiting: number;
  readonly unsettled: number;
  readonly parked: number;
  readonly events: number;
  readonly replies: number;
  readonly heapBytes: number;
  /** Objects, functions and promises included. */
  readonly objects: number;
}

/** Knows every signal that anybody listens to. */
export class SignalWatch {
  readonly #known = new WeakSet<AbortSignal>();
  #signals: WeakRef<AbortSignal>[] = [];

  /** Call it first: what was listened to before is not known. */
  begin(): void {
    const note = (target: EventTarget): void => {
      if (!(target instanceof AbortSignal) || this.#known.has(target)) return;
      this.#known.add(target);
      this.#signals.push(new WeakRef(target));
    };
    const { prototype } = EventTarget;
    const listen = Reflect.get(prototype, "addEventListener");
    prototype.addEventListener = function (this: EventTarget, ...parameters) {
      note(this);
      listen.apply(this, parameters);
    };
  }

  /** How many listen to signals that are still there. */
  get listeners(): number {
    this.#signals = this.#signals.filter((signal) => signal.deref() !== undefined);
    return this.#signals.flatMap((signal) => {
      const live = signal.deref();
      return live === undefined ? [] : getEventListeners(live, "abort");
    }).length;
  }
}

/** Counts what a store holds, by its port alone. */
export async function storeSizes(store: Store, platforms: readonly string[]) {
  const [events, replies] = [
    await countPages((query) => store.listEvents(query)),
    await countPages((query) => store.listReplies(query)),
  ];
  const [running, unsettled] = [await store.listInterruptedTurns(all), await store.listUnsettledReplies(all)];
  const lanes = await Promise.all(platforms.map((platform) => store.listQueuedLanes({ platform, ...all })));
  return {
    events,
    replies,
    running: running.length,
    unsettled: unsettled.length,
    waiting: lanes.flat().length,
    parked: (await store.listParkedChats()).length,
  };
}

const all = { limit: 10_000 };

async function countPages(
  list: (query: {
    readonly limit: number;
    readonly after?: string;
  }) => Promise<{ readonly rows: readonly unknown[]; readonly next?: string }>,
): Promise<number> {
  let count = 0;
  for (let after: string | undefined; ;) {
    const { rows, next } = await list({ limit: 500, ...(after === undefined ? {} : { after }) });
    count += rows.length;
    if (next === undefined) return count;
    after = next;
  }
}

/** What is left of the heap once garbage is collected. Node has to be started with `--expose-gc`. */
export async function heapSizes(): Promise<Pick<Sizes, "heapBytes" | "objects">> {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect !== "function") throw new Error("This program is to be started with --expose-gc");
  // Finalizers and weak references need a turn of the loop between two collections.
  for (let round = 0; round < 20; round += 1) {
    collect();
    await setImmediate();
  }
  return { heapBytes: getHeapStatistics().used_heap_size, objects: queryObjects(Object, { format: "count" }) };
}
