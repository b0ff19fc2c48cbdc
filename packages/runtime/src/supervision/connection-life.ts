import { PlatformError, toPlatformError, type Connection, type Ended } from "@hermes/core";
import { ConnectionWatch, type ConnectionWatchParts } from "./connection-watch.ts";
import { endsInTime, type Grace } from "./ends-in-time.ts";

/** What a connection lives with. */
export interface ConnectionLifeParts extends Omit<ConnectionWatchParts, "connection" | "onDead"> {
  readonly connection: Connection;
  /** Aborted when the platform is to do something else. */
  readonly asked: AbortSignal;
  /** Aborted when a claim gets lost. */
  readonly claimsLost: readonly AbortSignal[];
  readonly grace: Grace;
}

/** How the life of a connection ended; `counts`: as a failure of the platform. */
export type LifeEnd =
  | { readonly kind: "asked" }
  | { readonly kind: "unclaimed" }
  /** Nothing of it was true any more. */
  | { readonly kind: "dead"; readonly why: string }
  | { readonly kind: "lost"; readonly error: PlatformError; readonly counts: boolean };

/** One connection, from when it was made until it is no longer listened to. */
export class ConnectionLife {
  readonly watch: ConnectionWatch;
  readonly #parts: ConnectionLifeParts;
  readonly #dead = new AbortController();
  readonly #over = new AbortController();
  #lingering: Promise<unknown> | undefined;

  constructor(parts: ConnectionLifeParts) {
    this.#parts = parts;
    this.watch = new ConnectionWatch({ ...parts, onDead: (why) => this.#dead.abort(why) });
  }

  /** The listener that did not end when it was asked to, until it does. */
  get lingering(): Promise<unknown> | undefined {
    return this.#lingering;
  }

  /** Listens until that ends, or nobody wants it any more. Never rejects. */
  async run(): Promise<LifeEnd> {
    const { platform, asked, claimsLost } = this.#parts;
    const ended = await this.#listen();
    this.watch.stop();
    // A signal made of others stays in memory for as long as somebody listens to it, and not every adapter stops doing that by itself.
    this.#over.abort("over");
    const counts = !this.watch.isSteady;
    if (asked.aborted) return { kind: "asked" };
    if (this.#dead.signal.aborted) return { kind: "dead", why: String(this.#dead.signal.reason) };
    if (ended.reason === "lost") return { kind: "lost", error: toPlatformError(ended.error, platform), counts };
    if (claimsLost.some(({ aborted }) => aborted)) return { kind: "unclaimed" };
    const message = "The adapter ended listening without being asked to";
    return { kind: "lost", error: new PlatformError({ platform, failure: { kind: "unavailable" }, message }), counts };
  }

  async #listen(): Promise<Ended> {
    const { connection, asked, claimsLost, platform, grace } = this.#parts;
    const unwanted = AbortSignal.any([asked, this.#dead.signal, this.#over.signal]);
    const held = AbortSignal.any([unwanted, ...claimsLost]);
    const listening = (async () => await (connection.listen?.(held) ?? untilAborted(held)))();
    const over = listening.catch((error: unknown): Ended => ({ reason: "lost", error: toPlatformError(error, platform) }));
    // Whoever lost a claim waits for the end, however long that takes: two must not listen.
    const first = await Promise.race([over, untilAborted(unwanted).then(() => undefined)]);
    if (first !== undefined) return first;
    this.watch.stop();
    if (await endsInTime(over, grace)) return await over;
    this.#lingering = over;
    return { reason: "requested" };
  }
}

/** Resolves once `signal` is aborted. */
export async function untilAborted(signal: AbortSignal): Promise<Ended> {
  if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  return { reason: "requested" };
}
