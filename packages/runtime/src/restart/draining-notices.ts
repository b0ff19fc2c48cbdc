import type { PlatformEvent, SessionKey } from "@hermes/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { commandCallOf } from "../commands/registry.ts";
import type { Notices } from "../outbox/notices.ts";

/** Why a gateway ends. */
export type EndPurpose = "stop" | "restart";

/** What these notices are made with. */
export interface DrainingNoticesParts {
  readonly notices: Notices;
  readonly catalogue: Catalogue;
}

/** Tells people who write while the gateway ends what becomes of their message, once per conversation. */
export class DrainingNotices {
  readonly #parts: DrainingNoticesParts;
  readonly #told = new Set<SessionKey>();
  #purpose: EndPurpose | undefined;

  constructor(parts: DrainingNoticesParts) {
    this.#parts = parts;
  }

  /** From now on no turn begins. */
  begin(purpose: EndPurpose): void {
    this.#purpose = purpose;
  }

  /** No turn begins any more: what comes in is for the next process. */
  get isDraining(): boolean {
    return this.#purpose !== undefined;
  }

  /** Whether somebody would wait in vain: whoever asks by a request is gone before the next process could answer. */
  refuses(events: readonly PlatformEvent[]): boolean {
    if (this.#purpose === undefined) return false;
    return events.some(
      (event) => event.type === "message" && event.origin.lifetime === "request" && commandCallOf(event) === undefined,
    );
  }

  /** A message was stored for the next process. */
  tell({ chat }: PlatformEvent, sessionKey: SessionKey): void {
    if (this.#purpose === undefined || this.#told.has(sessionKey)) return;
    this.#told.add(sessionKey);
    const { notices, catalogue } = this.#parts;
    const words = this.#purpose === "restart" ? catalogue.restart.keptOverRestart : catalogue.restart.keptOverStop;
    // It answers nothing: the right to answer, and the end of the answer, are the answer's own.
    notices.give({ sessionKey, chat }, words);
  }
}
