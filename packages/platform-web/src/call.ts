import type { Scope } from "@hermes/protocol";
import type { WebCaller, WebConnection, WebCredential } from "./options.ts";
import type { Listener, Tap } from "./tap.ts";

/** What a call needs of the connection it came over. */
export interface Line extends Listener, WebConnection {
  readonly credential: WebCredential | undefined;
  /** Aborted when the connection has gone. */
  readonly gone: AbortSignal;
}

/** One request, or one batch, that came over a connection: what it leads to is told after its answer. */
export class Call implements WebCaller {
  readonly scope: Scope | undefined;
  readonly credential: WebCredential | undefined;
  readonly connection: Line;
  readonly #leave: () => void;
  readonly #taps: Tap[] = [];
  readonly #after: (() => void)[] = [];
  #hasLeft = false;

  /** `leave`: it is no longer worked on, and another one may be read. */
  constructor(connection: Line, leave: () => void) {
    this.connection = connection;
    this.credential = connection.credential;
    this.scope = connection.credential?.scope;
    this.#leave = leave;
  }

  /** What the tap hears goes out after the answer. `isHeld`: it was held on behalf of this call already. */
  holdBack(tap: Tap, { isHeld = false }: { readonly isHeld?: boolean } = {}): void {
    if (!isHeld) tap.hold();
    this.#taps.push(tap);
  }

  /** Done once the answer is on its way. */
  afterwards(work: () => void): void {
    this.#after.push(work);
  }

  /** Nothing is worked on any more, it only waits. */
  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#leave();
  }

  /** The answer is on its way. */
  answered(): void {
    for (const tap of this.#taps) tap.release();
    for (const work of this.#after) work();
    this.leave();
  }
}
