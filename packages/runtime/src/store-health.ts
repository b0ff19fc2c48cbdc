import type { Clock, Logger } from "@hermes/core";
import { describeStoreError, isStoreError } from "./store-error.ts";
import type { Store } from "./store.ts";

/** While the store refuses it is asked this often whether it can again; what fails again within this time is no news. */
const askEveryMs = 5000;

/** Writes that keep something whenever they succeed, which proves that there is room again. Those that may find nothing to do prove nothing. */
const writes: ReadonlySet<PropertyKey> = new Set<keyof Store>([
  "acceptEvents",
  "askQuestion",
  "commitStep",
  "finishTurn",
  "parkChat",
  "postNotice",
  "settleParts",
  "writeMemory",
]);
/** Whoever opens and closes it hears of a failure. */
const unwatched: ReadonlySet<PropertyKey> = new Set<keyof Store>(["open", "close"]);

/** No platform has such a name. */
const ownPlatform = "(gateway)";

type Method = (...parameters: unknown[]) => Promise<unknown>;

/** Knows whether a store takes what it is given, and says so once when it stops and once when it goes on, however much fails between. */
export class StoreHealth {
  /** The store, with all that is asked of it watched. */
  readonly store: Store;
  readonly #watched = new Map<PropertyKey, Method>();
  readonly #clock: Clock;
  readonly #logger: Logger;
  #refusal: string | undefined;
  #isTold = false;
  #hasFailed = false;
  #isStopped = false;
  #cancel = (): void => undefined;

  constructor(store: Store, clock: Clock, logger: Logger) {
    this.store = new Proxy(store, { get: (target, key) => this.#member(target, key) });
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Why the last thing that was asked of the store did not work, in a few words; undefined while it does. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  #member(target: Store, key: PropertyKey): unknown {
    const known = this.#watched.get(key);
    if (known !== undefined) return known;
    const member: unknown = Reflect.get(target, key, target);
    if (typeof member !== "function") return member;
    // Looked up when it is called: what a store answers with may change.
    const method: Method = async (...parameters) =>
      await Reflect.apply(Reflect.get(target, key, target) as Method, target, parameters);
    const watched: Method = (...parameters) => this.#watch(key, method, parameters);
    this.#watched.set(key, unwatched.has(key) ? method : watched);
    return this.#watched.get(key);
  }

  async #watch(key: PropertyKey, method: Method, parameters: readonly unknown[]): Promise<unknown> {
    try {
      const result = await method(...parameters);
      if (writes.has(key)) this.#refusal = undefined;
      return result;
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  #fail(error: unknown): void {
    if (this.#isStopped) return;
    this.#refusal = isStoreError(error) ? describeStoreError(error.code) : "see the log";
    this.#hasFailed = true;
    if (this.#isTold) return;
    this.#isTold = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#logger.error(
      `${reason}. Until that is mended nothing new is acknowledged; what was acknowledged waits and is not lost.`,
    );
    this.#askLater();
  }

  #askLater(): void {
    this.#hasFailed = false;
    // Rejections are noted where all are.
    this.#cancel = this.#clock.wakeAt(this.#clock.now() + askEveryMs, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    // It may be that nobody writes by himself now: platforms wait ever longer before they offer something again.
    if (this.#refusal !== undefined) await this.#tryToWrite();
    if (this.#isStopped) return;
    if (this.#refusal === undefined && !this.#hasFailed) {
      this.#isTold = false;
      this.#logger.info("The store takes writes again");
    } else this.#askLater();
  }

  async #tryToWrite(): Promise<void> {
    try {
      await this.store.writeMemory({ platform: ownPlatform, key: "last-tried-at", value: this.#clock.now() });
    } catch {
      // Noted by the watch on the store itself.
    }
  }
}
