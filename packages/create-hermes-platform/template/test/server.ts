import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { refuse, startProtocolServer, type ProtocolServer } from "@hermes/testkit/server";

export interface StandingMessage {
  readonly id: string;
  readonly by: "person" | "bot";
  readonly text: string;
  readonly replyTo?: string;
}

/** Example's side of the protocol, on loopback. As strict as Example itself: what it refuses has to be refused here. */
export interface ExampleServer {
  readonly http: ProtocolServer;
  readonly token: string;
  readonly secret: string;
  /** The bot may not speak in this chat any more. */
  mute(chatId: string): void;
  /** The token is good no more. */
  revoke(): void;
  /** The chat is gone. */
  remove(chatId: string): void;
  /** What stands in a chat, oldest first. */
  standing(chatId: string): readonly StandingMessage[];
  /** Delivers a message to the webhook, again and again until it is taken. Answers its id. */
  says(said: Said): string;
  /** Delivers a body as it is. */
  deliver(body: string): void;
  delivery(said: Said, messageId: string): string;
  close(): Promise<void>;
}

export interface Said {
  readonly chatId: string;
  readonly text: string;
  readonly by?: "person" | "bot" | "ourselves";
}

const maxLength = 2000;
const me = { id: "bot-1", name: "Example bot" };

export async function startExampleServer(webhookUrl: string): Promise<ExampleServer> {
  const [token, secret] = ["fake-token-for-tests", "fake-secret-for-tests"];
  const chats = new Map<string, StandingMessage[]>([
    ["direct-1", []],
    ["group-1", []],
  ]);
  const muted = new Set<string>();
  let isRevoked = false;
  const add = (chatId: string, message: Omit<StandingMessage, "id">): string => {
    const messages = chats.get(chatId);
    if (messages === undefined) throw refuse(404, { error: "There is no such chat" });
    const id = randomUUID();
    messages.push({ id, ...message });
    return id;
  };

  const http = await startProtocolServer({
    secrets: [token, secret],
    authorize({ headers }) {
      if (isRevoked || headers.get("authorization") !== `Bearer ${token}`) throw refuse(401, { error: "The token is wrong" });
    },
    routes: [
      { method: "GET", path: "/me", handle: () => ({ body: me }) },
      {
        method: "POST",
        path: "/chats/:chat/messages",
        operation: "send",
        handle(call) {
          const { text, reply_to: replyTo } = call.json() as { readonly text?: unknown; readonly reply_to?: string };
          const chatId = call.parameters["chat"] ?? "";
          if (typeof text !== "string" || text.trim() === "") throw refuse(400, { error: "The text is empty" });
          if (text.length > maxLength) throw refuse(413, { error: "The text is too long" });
          if (muted.has(chatId)) throw refuse(403, { error: "The bot may not speak here" });
          return { body: { id: add(chatId, { by: "bot", text, ...(replyTo === undefined ? {} : { replyTo }) }) } };
        },
      },
    ],
  });

  const closing = new AbortController();
  /** Not awaited by whoever speaks: what is not taken now is delivered again later. */
  const deliver = async (body: string): Promise<void> => {
    const headers = { "content-type": "application/json", "x-example-secret": secret };
    while (!closing.signal.aborted) {
      const request = { method: "POST", headers, body, signal: closing.signal };
      const isTaken = await fetch(webhookUrl, request).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isTaken) return;
      await setTimeout(20);
    }
  };
  const delivery = ({ chatId, text, by = "person" }: Said, messageId: string): string =>
    JSON.stringify({
      id: `delivery-${messageId}`,
      at: "2026-01-01T12:00:00.000Z",
      chat: { id: chatId, kind: chatId.startsWith("direct") ? "direct" : "group" },
      from:
        by === "ourselves" ? { ...me, bot: true, self: true } : { id: "person-1", name: "Ada", bot: by === "bot", self: false },
      message: { id: messageId, text, mentions_bot: true },
    });

  return {
    http,
    token,
    secret,
    mute: (chatId) => void muted.add(chatId),
    remove: (chatId) => void chats.delete(chatId),
    standing: (chatId) => chats.get(chatId) ?? [],
    deliver: (body) => void deliver(body),
    delivery,
    says(said) {
      const id = add(said.chatId, { by: said.by === "ourselves" ? "bot" : "person", text: said.text });
      void deliver(delivery(said, id));
      return id;
    },
    revoke: () => void (isRevoked = true),
    async close() {
      closing.abort();
      await http.close();
    },
  };
}
