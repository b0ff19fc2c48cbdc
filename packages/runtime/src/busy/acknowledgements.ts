import type { Clock, Logger, PlatformEvent, SessionKey } from "@hermes/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Ids } from "../ids.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { Store } from "../store.ts";
import type { BusyDecision } from "./decide-busy.ts";

/** One acknowledgement per conversation within this time: whoever writes quickly is not answered line by line. */
const quietMs = 30_000;
const maxRemembered = 1000;
/** Where it is remembered that somebody was told of `/busy`: no platform's name. */
const place = "$busy";
const tipKey = "tip";

/** What acknowledgements are made with. */
export interface AcknowledgementsParts {
  readonly outbox: Outbox;
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Tells people what becomes of what they write while they are being answered, after it is stored. */
export class Acknowledgements {
  readonly #parts: AcknowledgementsParts;
  readonly #toldAtMs = new Map<SessionKey, number>();
  /** Somebody is told of `/busy` once per installation. */
  #tip: "unknown" | "told" = "unknown";

  constructor(parts: AcknowledgementsParts) {
    this.#parts = parts;
  }

  /** `waiting`: messages before it that wait as well. */
  tell(event: PlatformEvent, sessionKey: SessionKey, decision: Exclude<BusyDecision, { action: "wait" }>, waiting: number): void {
    const { clock, logger } = this.#parts;
    // Where each right to answer is counted, all of it is for the answer.
    if (event.origin.grant?.uses !== undefined) return;
    const nowMs = clock.now();
    if (nowMs - (this.#toldAtMs.get(sessionKey) ?? -Infinity) < quietMs) return;
    if (this.#toldAtMs.size >= maxRemembered) this.#toldAtMs.clear();
    this.#toldAtMs.set(sessionKey, nowMs);
    // Not awaited: whoever offers events must not wait for a notice.
    void this.#say(event, sessionKey, decision, waiting).catch((error: unknown) =>
      logger.warn(`An acknowledgement could not be given: ${error instanceof Error ? error.message : String(error)}`),
    );
  }

  async #say(
    { chat, origin }: PlatformEvent,
    sessionKey: SessionKey,
    decision: Exclude<BusyDecision, { action: "wait" }>,
    waiting: number,
  ): Promise<void> {
    const { outbox, store, catalogue, ids, clock } = this.#parts;
    const tip = await this.#takeTip();
    const text = [catalogue.busy.acknowledged(decision, waiting), ...(tip ? [catalogue.busy.tip] : [])].join("\n\n");
    const target = { replyId: ids.turn(), sessionKey, chat, origin };
    await outbox.say(target, text, (parts) => store.postNotice({ ...target, parts, nowMs: clock.now() }));
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
