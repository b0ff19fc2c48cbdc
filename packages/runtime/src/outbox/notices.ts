import type { Chat, Clock, Logger, Origin, SessionKey } from "@hermes/core";
import type { Ids } from "../ids.ts";
import type { Store } from "../store.ts";
import type { Outbox } from "./outbox.ts";

/** What notices are given with. */
export interface NoticesParts {
  readonly outbox: Outbox;
  readonly store: Store;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Where a notice goes. Without an origin it uses up no right to answer. */
export interface NoticePlace {
  readonly sessionKey: SessionKey;
  readonly chat: Chat;
  readonly origin?: Origin;
}

/** Says what the gateway has to tell people by itself, written down like everything that is said. */
export class Notices {
  readonly #parts: NoticesParts;

  constructor(parts: NoticesParts) {
    this.#parts = parts;
  }

  /** Comes back at once: whoever offers events must not wait for what is told of them. `text` may take its time. */
  give(place: NoticePlace, text: string | Promise<string>): void {
    void this.#say(place, text).catch((error: unknown) =>
      this.#parts.logger.warn(`A notice could not be given: ${error instanceof Error ? error.message : String(error)}`),
    );
  }

  async #say({ sessionKey, chat, origin }: NoticePlace, text: string | Promise<string>): Promise<void> {
    const { outbox, store, ids, clock } = this.#parts;
    const words = await text;
    const target = { replyId: ids.turn(), sessionKey, chat, ...(origin === undefined ? {} : { origin }) };
    await outbox.say(target, words, (parts) => store.postNotice({ ...target, parts, nowMs: clock.now() }));
  }
}
