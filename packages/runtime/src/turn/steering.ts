import type { Clock, Input, SessionKey } from "@hermes/core";
import type { NumberedEvent, Store } from "../store.ts";
import { inputOf } from "./input.ts";

/** What is offered to a running turn: a message that waits in its lane, or word of what became of one it has. */
type Offer = { readonly kind: "message"; readonly seq: number } | { readonly kind: "change"; readonly input: Input };

/** More is not kept for an agent that takes nothing, and the oldest goes first: messages wait in the lane all the same. */
const maxOffers = 200;

/** What steering is taken with. */
export interface SteeringParts {
  readonly turnId: string;
  readonly sessionKey: SessionKey;
  readonly store: Pick<Store, "takeSteering">;
  readonly clock: Clock;
  /** These wait no longer. */
  readonly onTaken: (events: readonly NumberedEvent[]) => void;
}

/** What people say while a turn runs, until its agent takes it. What nobody takes waits in the lane, and becomes the next turn. */
export class SteeringBox {
  readonly #parts: SteeringParts;
  #offers: Offer[] = [];
  #isClosed = false;

  constructor(parts: SteeringParts) {
    this.#parts = parts;
  }

  offer(offer: Offer): void {
    if (this.#isClosed) return;
    this.#offers.push(offer);
    if (this.#offers.length > maxOffers) this.#offers.shift();
  }

  /** The run is over: nothing is given to it any more. */
  close(): void {
    this.#isClosed = true;
    this.#offers = [];
  }

  /** What was offered and still waits, in its order. Rejects where the store does not take it: then it is offered again. */
  async take(): Promise<readonly Input[]> {
    const offers = this.#offers.splice(0);
    if (offers.length === 0) return [];
    try {
      const taken = new Map((await this.#takeMessages(offers)).map((each) => [each.seq, each.event]));
      return offers.flatMap((offer) => {
        if (offer.kind === "change") return [offer.input];
        const event = taken.get(offer.seq);
        return event === undefined ? [] : [inputOf([event])];
      });
    } catch (error) {
      if (!this.#isClosed) this.#offers = [...offers, ...this.#offers];
      throw error;
    }
  }

  async #takeMessages(offers: readonly Offer[]): Promise<readonly NumberedEvent[]> {
    const { turnId, sessionKey, store, clock, onTaken } = this.#parts;
    const seqs = offers.flatMap((offer) => (offer.kind === "message" ? [offer.seq] : []));
    if (seqs.length === 0) return [];
    const taken = await store.takeSteering({ turnId, sessionKey, seqs, nowMs: clock.now() });
    onTaken(taken);
    return taken;
  }
}
