import type { Clock, PlatformEvent, SessionKey } from "@hermes/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Notices } from "../outbox/notices.ts";
import { QuietTimes } from "../outbox/quiet-times.ts";
import type { Store } from "../store.ts";
import type { BusyDecision } from "./decide-busy.ts";

/** One acknowledgement per conversation within this time: whoever writes quickly is not answered line by line. */
const quietMs = 30_000;
/** Where it is remembered that somebody was told of `/busy`: no platform's name. */
const place = "$busy";
const tipKey = "tip";

/** What acknowledgements are made with. */
export interface AcknowledgementsParts {
  readonly notices: Notices;
  readonly store: Pick<Store, "readMemory" | "writeMemory">;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
}

/** Something that is done with a message and that its sender should know. */
type Told = Exclude<BusyDecision, { action: "wait" }>;

/** Tells people what becomes of what they write while they are being answered, after it is stored. */
export class Acknowledgements {
  readonly #parts: AcknowledgementsParts;
  readonly #quiet = new QuietTimes(quietMs);
  /** Somebody is told of `/busy` once per installation. */
  #tip: "unknown" | "told" = "unknown";

  constructor(parts: AcknowledgementsParts) {
    this.#parts = parts;
  }

  /** `waiting`: messages before it that wait as well. */
  tell({ chat, origin }: PlatformEvent, sessionKey: SessionKey, decision: Told, waiting: number): void {
    // Where each right to answer is counted, all of it is for the answer.
    if (origin.grant?.uses !== undefined || !this.#quiet.mayTell(sessionKey, this.#parts.clock.now())) return;
    this.#parts.notices.give({ sessionKey, chat, origin }, this.#words(decision, waiting));
  }

  async #words(decision: Told, waiting: number): Promise<string> {
    const { busy } = this.#parts.catalogue;
    const words = busy.acknowledged(decision, waiting);
    return (await this.#takeTip()) ? `${words}\n\n${busy.tip}` : words;
  }

  async #takeTip(): Promise<boolean> {
    const { store, clock } = this.#parts;
    if (this.#tip === "told") return false;
    this.#tip = "told";
    if ((await store.readMemory(place, tipKey, clock.now())) !== undefined) return false;
    await store.writeMemory({ platform: place, key: tipKey, value: true });
    return true;
  }
}
