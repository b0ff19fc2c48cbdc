import {
  dropPart,
  reopenPart,
  type Acceptance,
  type Capabilities,
  type ChatRef,
  type Clock,
  type PlatformEvent,
} from "@hermes/core";
import { isPending } from "../reply-progress.ts";
import { admit } from "../admission.ts";
import { compileAccess } from "../access.ts";
import type { AccessPolicy } from "../options.ts";
import type { ParkedChat, Store, StoredReply, UnsettledReply } from "../store.ts";
import { inputOf } from "../turn/input.ts";
import { deliveryDetailsOf, deliveryOf } from "./delivery.ts";
import type {
  Delivery,
  DeliveryDetails,
  DeliveryQuery,
  EventDetails,
  EventQuery,
  Ledger,
  LedgerEvent,
  LedgerOutcome,
  Page,
  Timeline,
} from "./ledger.ts";

/** What a running gateway does about it at once. */
export interface LedgerHands {
  /** The reply as it is being shown now. */
  find(replyId: string): { drop(): Promise<void> } | undefined;
  show(reply: UnsettledReply): void;
  /** Tries a chat that could not be reached; false if it was not parked. */
  unpark(chat: ChatRef): Promise<boolean>;
  accept(platform: string, event: PlatformEvent): Promise<Acceptance>;
  /** Nothing of it waits any more: whoever asked waits in vain for the rest. */
  endAnswer(reply: StoredReply): void;
}

/** What a ledger is made of. */
export interface LedgerOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** What a platform can do about a send in doubt; undefined for one that is not there. */
  readonly capabilitiesOf: (platform: string) => Pick<Capabilities, "idempotentSend" | "lookup" | "live"> | undefined;
  /** Without them what is changed takes effect at the gateway's next start. */
  readonly hands?: LedgerHands;
  /** Who may come in once more where there are no hands to decide it. Default: nobody. */
  readonly access?: AccessPolicy;
}

const later = " when the gateway is started";

/** The ledger of a store: of a running gateway with its hands, else of one that does not run. The store has to be open. */
export function createLedger(options: LedgerOptions): Ledger {
  return new StoreLedger(options);
}

class StoreLedger implements Ledger {
  readonly #options: LedgerOptions;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  async listDeliveries(query: DeliveryQuery): Promise<Page<Delivery>> {
    const [page, parked] = await Promise.all([this.#options.store.listReplies(query), this.#parked()]);
    return { ...page, rows: page.rows.map((reply) => deliveryOf(reply, parked(reply))) };
  }

  async delivery(replyId: string): Promise<DeliveryDetails | undefined> {
    const [reply, parked] = await Promise.all([this.#options.store.reply(replyId), this.#parked()]);
    return reply === undefined ? undefined : deliveryDetailsOf(reply, parked(reply));
  }

  async retryDelivery(replyId: string): Promise<LedgerOutcome> {
    const { store, hands, clock, capabilitiesOf } = this.#options;
    const reply = await store.reply(replyId);
    if (reply === undefined) return unknownDelivery(replyId);
    if (reply.state === "running") return refused("Its turn is still running.");
    if (hands?.find(replyId) !== undefined) return refused("It is being sent at this moment.");
    const tells = capabilitiesOf(reply.chat.ref.platform) ?? { idempotentSend: false, lookup: false, live: false };
    const reopened = reply.parts.flatMap((part) => reopenPart(part, tells) ?? []);
    const waiting = [...reply.parts, ...reopened].filter(isPending).length;
    if (waiting === 0) return refused("There is nothing to send again: all of it was shown.");
    if (reopened.length > 0 && !(await store.reopenParts({ replyId, parts: reopened })))
      return refused("It has changed meanwhile.");
    // A chat that was parked shows what waits there once it is tried again.
    if (!(await this.#unpark(reply))) {
      const parts = reply.parts.map((part) => reopened.find(({ index }) => index === part.index) ?? part);
      hands?.show({ ...placeOf(reply), replyId, parts, sinceMs: clock.now() });
    }
    return done(`${counted(waiting, "part")} will be sent${this.#when()}.`);
  }

  async dropDelivery(replyId: string): Promise<LedgerOutcome> {
    const { store, hands } = this.#options;
    const reply = await store.reply(replyId);
    if (reply === undefined) return unknownDelivery(replyId);
    if (reply.state === "running") return refused("Its turn is still running: stop that first.");
    const dropped = reply.parts.flatMap((part) => dropPart(part) ?? []);
    if (dropped.length === 0) return refused("There is nothing to drop: nothing of it waits.");
    const live = hands?.find(replyId);
    if (live === undefined) {
      await store.settleParts({ replyId, parts: dropped });
      hands?.endAnswer(reply);
    } else await live.drop();
    return done(`${counted(dropped.length, "part")} will not be sent.`);
  }

  listEvents(query: EventQuery): Promise<Page<LedgerEvent>> {
    return this.#options.store.listEvents(query);
  }

  event(seq: number): Promise<EventDetails | undefined> {
    return this.#options.store.event(seq);
  }

  async replayEvent(seq: number, occasion?: string, beside: readonly number[] = []): Promise<LedgerOutcome> {
    const { store, hands, clock } = this.#options;
    const kept = await store.event(seq);
    if (kept === undefined) return refused(`There is no event ${seq}.`);
    const { event, work, sessionKey, platform, state } = kept;
    if (event === undefined || work === undefined || sessionKey === undefined)
      return refused("Of this event only its id, the rule and the time are kept: there is nothing to replay.");
    if (state === "waiting") return refused("It waits for its turn already.");
    if (event.origin.lifetime === "request") return refused("Whoever asked this is gone: an answer would have nowhere to go.");
    const others = await Promise.all(beside.map((other) => store.event(other)));
    const whole = together(
      event,
      others.flatMap((other) => other?.event ?? []),
    );
    const again: PlatformEvent = { ...whole, eventId: `${event.eventId}~${occasion ?? clock.now().toString(36)}` };
    if (hands !== undefined) {
      const acceptance = await hands.accept(platform, again);
      return replayed(acceptance === "duplicate" && occasion !== undefined ? "stored" : acceptance);
    }
    const rules = compileAccess(this.#options.access ?? {}, await store.listGrants());
    const { verdict, rule } = admit(again, rules, { claims: false, waiting: 0, maxWaiting: 1 });
    if (verdict !== "run") return replayed("refused");
    const kind = work === "answer" ? "turn" : work;
    const intake = { event: again, verdict, rule, work: { kind, sessionKey } } as const;
    await store.acceptEvents({ platform, intakes: [intake], nowMs: clock.now() });
    return done(`It will be worked off${later}.`);
  }

  async timeline(id: string): Promise<Timeline | undefined> {
    const found = await this.#options.store.findById(id);
    if (found === undefined) return undefined;
    const event = found.seq === undefined ? undefined : await this.event(found.seq);
    const deliveries = await Promise.all(found.replyIds.map((replyId) => this.delivery(replyId)));
    return { ...(event === undefined ? {} : { event }), deliveries: deliveries.filter((delivery) => delivery !== undefined) };
  }

  #when(): string {
    return this.#options.hands === undefined ? later : "";
  }

  async #parked(): Promise<(reply: StoredReply) => ParkedChat | undefined> {
    const parked = await this.#options.store.listParkedChats();
    return ({ chat: { ref } }) => parked.find(({ platform, chatId }) => platform === ref.platform && chatId === ref.chatId);
  }

  async #unpark(reply: StoredReply): Promise<boolean> {
    const { store, hands } = this.#options;
    if ((await this.#parked())(reply) === undefined) return false;
    const { ref } = reply.chat;
    if (hands === undefined) await store.unparkChat(ref);
    // Not awaited: what waits there is shown in its own time; it never rejects.
    else void hands.unpark(ref);
    return true;
  }
}

/** A message with what the same person said beside it. */
function together(event: PlatformEvent, others: readonly PlatformEvent[]): PlatformEvent {
  if (event.type !== "message") return event;
  const own = others.filter(({ type, origin }) => type === "message" && origin.author.id === event.origin.author.id);
  const { text, attachments } = inputOf([event, ...own]);
  return { ...event, text, attachments };
}

function placeOf({ sessionKey, chat, origin }: StoredReply): Pick<UnsettledReply, "sessionKey" | "chat" | "origin"> {
  return { sessionKey, chat, ...(origin === undefined ? {} : { origin }) };
}

function replayed(acceptance: Acceptance): LedgerOutcome {
  switch (acceptance) {
    case "stored":
      return done("It came in once more.");
    case "refused":
      return refused("It was refused by the rules of now.");
    case "duplicate":
      return refused("It was replayed at this very moment already.");
  }
}

function unknownDelivery(replyId: string): LedgerOutcome {
  return refused(`There is no delivery ${replyId}.`);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function done(what: string): LedgerOutcome {
  return { kind: "done", what };
}

function refused(why: string): LedgerOutcome {
  return { kind: "refused", why };
}
