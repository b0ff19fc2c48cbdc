import type { Clock, Connection, LiveMessage, Platform } from "@hermes/core";
import { StoreError } from "../store-error.ts";
import type { Store } from "../store.ts";

/** A process that may end at any moment: what it asks for after that is never answered and never done. */
export interface Life {
  isOver: boolean;
  /** It ends at this write from now. */
  writesLeft: number;
  /** Whether that last write still happens. */
  lastWriteHappens: boolean;
  /** The store takes no writes for now. */
  refuses: boolean;
  /** Its platform has reached it. */
  isConnected: boolean;
  /** The platform hands it events right now. */
  isOffering: boolean;
  /** Its alarms that are set. */
  readonly alarms: Set<() => void>;
}

const writes: ReadonlySet<PropertyKey> = new Set([
  "acceptEvents",
  "claimTurn",
  "commitStep",
  "changeQueued",
  "dropQueued",
  "returnSteering",
  "takeSteering",
  "endSession",
  "finishTurn",
  "postNotice",
  "settleParts",
  "reopenParts",
  "askQuestion",
  "answerQuestion",
  "parkChat",
  "unparkChat",
]);

/** A process that has just begun. */
export function newLife(): Life {
  return {
    isOver: false,
    writesLeft: Infinity,
    lastWriteHappens: false,
    refuses: false,
    isConnected: false,
    isOffering: false,
    alarms: new Set(),
  };
}

type Method = (...parameters: unknown[]) => Promise<unknown>;

function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** The store as a process sees it that ends at one of its writes. */
export function mortalStore(store: Store, life: Life): Store {
  const call = async (name: PropertyKey, method: Method, parameters: readonly unknown[]): Promise<unknown> => {
    if (life.isOver) return await never();
    if (!writes.has(name)) return await untilItsEnd(method.apply(store, [...parameters]), life);
    if (life.refuses) throw new StoreError("full", "The disk is full");
    life.writesLeft -= 1;
    if (life.writesLeft > 0) return await untilItsEnd(method.apply(store, [...parameters]), life);
    life.isOver = true;
    if (life.lastWriteHappens) await method.apply(store, [...parameters]);
    return await never();
  };
  return new Proxy(store, {
    get(target, name: keyof Store) {
      const method = target[name] as Method;
      return (...parameters: unknown[]) => call(name, method, parameters);
    },
  });
}

/** The platform as that process reaches it. */
export function mortalPlatform(platform: Platform, life: Life): Platform {
  return {
    ...platform,
    async connect(host, signal) {
      const connection = await untilItsEnd(platform.connect(host, signal), life);
      life.isConnected = true;
      const openLive = connection.openLive;
      const methods = Object.entries(connection).map(([name, value]) => [name, cut(value, connection, life)] as const);
      return {
        ...(Object.fromEntries(methods) as unknown as Connection),
        ...(openLive === undefined
          ? {}
          : {
              openLive: async (chat, options) => (life.isOver ? await never() : mortalLive(await openLive(chat, options), life)),
            }),
      };
    },
  };
}

/** The clock of that process: its alarms end with it. */
export function mortalClock(clock: Clock, life: Life): Clock {
  return {
    now: () => clock.now(),
    wakeAt(atMs, callback) {
      const cancel = clock.wakeAt(atMs, () => {
        life.alarms.delete(stop);
        if (!life.isOver) callback();
      });
      const stop = (): void => {
        life.alarms.delete(stop);
        cancel();
      };
      life.alarms.add(stop);
      return stop;
    },
  };
}

function mortalLive(live: LiveMessage | null, life: Life): LiveMessage | null {
  if (live === null) return null;
  const methods = Object.entries(live).map(([name, value]) => [name, cut(value, live, life)] as const);
  return Object.fromEntries(methods) as unknown as LiveMessage;
}

function cut(value: unknown, owner: object, life: Life): unknown {
  if (typeof value !== "function") return value;
  return (...parameters: unknown[]) =>
    life.isOver ? never() : untilItsEnd(Promise.resolve((value as Method).apply(owner, parameters)), life);
}

async function untilItsEnd<T>(call: Promise<T>, life: Life): Promise<T> {
  try {
    const result = await call;
    return life.isOver ? await never() : result;
  } catch (error) {
    if (life.isOver) return await never();
    throw error;
  }
}
