import type { MessageEvent, PlatformEvent, SessionKey } from "@hermes/core";
import { buildSessionKey } from "@hermes/core";
import type { DeliveryDetails, DeliveryPart, EventDetails, Ledger, Page } from "@hermes/runtime";

const chat = { ref: { platform: "acme", chatId: "42" }, type: "dm", name: "Ada", facts: { address: "secret-facts" } } as const;
export const sessionKey: SessionKey = buildSessionKey({ kind: "chat", chat });

/** A message of Ada's as a platform tells it, with what nobody but the platform should see. */
export function messageOf(text: string, messageId = "5"): MessageEvent {
  const origin = {
    message: { ...chat.ref, messageId },
    author: { id: "42", name: "Ada", isBot: false, assurance: "platform" },
    grant: { value: "secret-grant" },
    lifetime: "durable",
  } as const;
  const attachments = [{ kind: "file", ticket: "secret-ticket" }] as const;
  const at = "2026-03-01T12:00:00.000Z";
  return {
    version: 1,
    type: "message",
    eventId: `e${messageId}`,
    messageId,
    chat,
    origin,
    at,
    text,
    addressed: true,
    attachments,
  };
}

/** An event that was let in. */
export function eventOf(seq: number, event: PlatformEvent, change: Partial<EventDetails> = {}): EventDetails {
  return {
    seq,
    platform: "acme",
    eventId: event.eventId,
    verdict: "run",
    rule: "allow:acme:42",
    state: "taken",
    atMs: 1000 * seq,
    sessionKey,
    work: "turn",
    event,
    ...change,
  };
}

export function partOf(text: string, change: Partial<DeliveryPart> = {}): DeliveryPart {
  const refs = [{ platform: "acme", chatId: "42", messageId: "6" }];
  return { index: 0, kind: "text", state: "sent", attempts: 0, refs, shownAtMs: 5400, marked: false, text, ...change };
}

/** An answer that was shown. */
export function deliveryOf(replyId: string, change: Partial<DeliveryDetails> = {}): DeliveryDetails {
  const { origin } = messageOf("hello");
  return {
    replyId,
    kind: "turn",
    state: "sent",
    sessionKey,
    chat,
    startedAtMs: 5000,
    endedAtMs: 5300,
    parts: 1,
    partsSent: 1,
    attempts: 0,
    seq: 5,
    origin,
    outcome: "finished",
    details: [partOf("echo: hello")],
    ...change,
  };
}

/** A ledger that is a list: newest first, a page at a time. What is done by hand is written down in `done`. */
export function createBook(
  deliveries: readonly DeliveryDetails[],
  events: readonly EventDetails[] = [],
): { readonly ledger: Ledger; readonly done: string[] } {
  const done: string[] = [];
  const find = (replyId: string): DeliveryDetails | undefined => deliveries.find((one) => one.replyId === replyId);
  const change = async (what: string, replyId: string) => {
    if (find(replyId)?.state === "sent") return { kind: "refused", why: `${replyId} is shown already.` } as const;
    done.push(`${what} ${replyId}`);
    return { kind: "done", what: `${replyId}: ${what}.` } as const;
  };
  const ledger: Ledger = {
    async listDeliveries({ state, platform, limit, after }) {
      const chosen = deliveries
        .filter((one) => state === undefined || (state === "troubled") === (one.state === "unknown" || one.state === "failed"))
        .filter((one) => platform === undefined || one.chat.ref.platform === platform);
      return pageOf(chosen, ({ replyId }) => replyId, limit, after);
    },
    delivery: async (replyId) => find(replyId),
    retryDelivery: (replyId) => change("retry", replyId),
    dropDelivery: (replyId) => change("drop", replyId),
    async listEvents({ verdict, state, platform, limit, after }) {
      const chosen = events.filter(
        (one) =>
          (verdict === undefined || one.verdict === verdict) &&
          (state === undefined || one.state === state) &&
          (platform === undefined || one.platform === platform),
      );
      return pageOf(chosen, ({ seq }) => String(seq), limit, after);
    },
    event: async (seq) => events.find((one) => one.seq === seq),
    async replayEvent(seq) {
      done.push(`replay ${seq}`);
      return { kind: "done", what: `Event ${seq} came in once more.` };
    },
    async timeline(id) {
      const event = events.find((one) => String(one.seq) === id || one.eventId === id);
      const ofEvent = deliveries.filter((one) => one.replyId === id || (event !== undefined && one.seq === event.seq));
      if (event === undefined && ofEvent.length === 0) return undefined;
      return { ...(event === undefined ? {} : { event }), deliveries: ofEvent };
    },
  };
  return { ledger, done };
}

function pageOf<Row>(rows: readonly Row[], idOf: (row: Row) => string, limit: number, after: string | undefined): Page<Row> {
  const start = after === undefined ? 0 : rows.findIndex((row) => idOf(row) === after) + 1;
  const page = rows.slice(start, start + limit);
  const last = page.at(-1);
  return { rows: page, ...(last !== undefined && start + limit < rows.length ? { next: idOf(last) } : {}) };
}
