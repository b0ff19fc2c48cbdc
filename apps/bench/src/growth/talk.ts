import { buildSessionKey, type Chat, type MessageEvent, type Part, type SessionKey } from "@hermes/core";
import type { EventIntake, Store } from "@hermes/runtime";

const chats = 5000;
/** A conversation is ended and begun anew after so many batches. */
const endEvery = 100;

/** Messages as the gateway brings them to its store: accepted, claimed, finished with an answer of one part, settled. */
export class Talk {
  readonly #store: Store;
  #count = 0;
  #batches = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  async batch(size: number, nowMs: number): Promise<void> {
    const messages = Array.from({ length: size }, () => messageOf((this.#count += 1)));
    this.#batches += 1;
    if (this.#batches % endEvery === 0)
      await Promise.all(messages.map(({ sessionKey }) => this.#store.endSession({ sessionKey, nowMs })));
    await this.#store.acceptEvents({
      platform: "bench",
      intakes: messages.map(({ intake }) => intake),
      cursor: { key: "offset", value: this.#count },
      nowMs,
    });
    await Promise.all(messages.map((message) => this.#answer(message, nowMs)));
  }

  async #answer({ number, sessionKey, intake }: Message, nowMs: number): Promise<void> {
    const id = `${String(nowMs).padStart(14, "0")}${String(number).padStart(9, "0")}`;
    const turnId = `turn_${id}`;
    await this.#store.claimTurn({ sessionKey, turnId, newSessionId: `session_${id}`, nowMs });
    const text = `echo: ${intake.event.type === "message" ? intake.event.text : ""}`;
    await this.#store.finishTurn({ turnId, outcome: "finished", text, parts: [partOf(text, "closed")], nowMs });
    await this.#store.settleParts({ replyId: turnId, parts: [partOf(text, "sent")] });
  }
}

interface Message {
  readonly number: number;
  readonly sessionKey: SessionKey;
  readonly intake: EventIntake;
}

function messageOf(number: number): Message {
  const chat: Chat = { ref: { platform: "bench", chatId: String(number % chats) }, type: "dm" };
  const sessionKey = buildSessionKey({ kind: "chat", chat });
  const author = { id: chat.ref.chatId, name: `Person ${chat.ref.chatId}`, isBot: false, assurance: "platform" } as const;
  const event: MessageEvent = {
    version: 1,
    type: "message",
    eventId: String(number),
    messageId: String(number),
    chat,
    origin: { message: { ...chat.ref, messageId: String(number) }, author, lifetime: "durable" },
    at: "2026-01-01T00:00:00.000Z",
    text: `This is message ${number}, and it wants to be answered`,
    addressed: true,
    attachments: [],
  };
  return { number, sessionKey, intake: { event, verdict: "run", rule: "allowed", work: { kind: "turn", sessionKey } } };
}

function partOf(text: string, state: "closed" | "sent"): Part {
  const isSent = state === "sent";
  return {
    index: 0,
    desired: [text],
    desiredRevision: 1,
    shown: isSent ? [text] : [],
    shownRevision: isSent ? 1 : 0,
    maybeShown: [],
    inFlightRevision: null,
    inFlightTexts: [],
    refs: isSent ? ["123456"] : [],
    state,
    marked: false,
    pinned: false,
    attempts: isSent ? 1 : 0,
    live: "none",
    liveUntilMs: null,
  } as unknown as Part;
}
