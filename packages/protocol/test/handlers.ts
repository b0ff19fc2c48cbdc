import { RpcError, type Delivery, type Handlers } from "@hermes/protocol";

export const delivery: Delivery = {
  replyId: "turn_1",
  kind: "turn",
  state: "sent",
  sessionKey: "agent:main:acme:dm:1",
  chat: { platform: "acme", chatId: "1", type: "dm" },
  startedAtMs: 1000,
  parts: 1,
  partsSent: 1,
  attempts: 0,
};

/** What was asked of the handlers, and handlers that answer with little. */
export function createHandlers(): { readonly calls: [string, unknown][]; readonly handlers: Handlers } {
  const calls: [string, unknown][] = [];
  const answer =
    <Result>(name: string, result: Result) =>
    async (params: unknown): Promise<Result> => {
      calls.push([name, params]);
      return result;
    };
  const event = { seq: 1, platform: "acme", eventId: "e1", verdict: "run", rule: "allowed", state: "taken", atMs: 5 } as const;
  const ofChat = { message_id: "m1", session_key: "agent:main:web:dm:owner" };
  const platform = {
    id: "acme",
    kind: "acme",
    state: "up",
    sinceMs: 1,
    admission: { taken: 1, refused: 0 },
    delivery: { sent: 1, failed: 0 },
  } as const;
  const done = { done: true, message: "Done." };
  const handlers: Handlers = {
    "chat.send": answer("chat.send", { ...ofChat, text: "Hello", timestamp: "2026-01-01T00:00:00.000Z", outcome: "finished" }),
    "chat.send_stream": answer("chat.send_stream", ofChat),
    "chat.stop": answer("chat.stop", done),
    "chat.history": answer("chat.history", { session_key: ofChat.session_key, messages: [] }),
    "session.list": answer("session.list", { sessions: [] }),
    "session.search": answer("session.search", { hits: [] }),
    "session.title": answer("session.title", done),
    "session.delete": answer("session.delete", done),
    "session.subscribe": answer("session.subscribe", {
      session_key: ofChat.session_key,
      stream: "s",
      seq: 0,
      resumed: false,
      running: [],
    }),
    "session.unsubscribe": answer("session.unsubscribe", done),
    "gateway.restart": answer("gateway.restart", done),
    "commands.list": answer("commands.list", { rows: [] }),
    "gateway.status": answer("gateway.status", {
      version: "1.0.0",
      startedAtMs: 1,
      ready: true,
      reasons: [],
      runningTurns: 0,
      busyConversations: 0,
      connections: 1,
      residentBytes: 1,
      agent: "echo",
    }),
    "messages.send": answer("messages.send", { replyId: "turn_1", state: "sent", refs: [], places: [] }),
    "channels.list": answer("channels.list", { rows: [] }),
    "platforms.status": answer("platforms.status", platform),
    "platforms.pause": answer("platforms.pause", done),
    "platforms.resume": answer("platforms.resume", done),
    "access.list": answer("access.list", { entries: [], open: [] }),
    "access.check": answer("access.check", { letIn: true, rule: "owner", reason: "The owner" }),
    "access.revoke": answer("access.revoke", done),
    "console.code": answer("console.code", { code: "ABCDE-23456", expiresAtMs: 1 }),
    "tokens.rotate": answer("tokens.rotate", { oldGoodUntilMs: 1 }),
    health: answer("health", { status: "ok", ready: true }),
    "platforms.list": answer("platforms.list", { rows: [] }),
    "deliveries.list": answer("deliveries.list", { rows: [delivery], next: "turn_1" }),
    "deliveries.show": async ({ replyId }) => {
      throw new RpcError("not-found", `There is no delivery ${replyId}.`, { field: "replyId" });
    },
    "deliveries.retry": answer("deliveries.retry", { done: true, message: "It is tried again." }),
    "deliveries.drop": answer("deliveries.drop", { done: false, message: "It is shown already." }),
    "events.list": answer("events.list", { rows: [event] }),
    "events.show": answer("events.show", event),
    "events.replay": async () => {
      throw new TypeError("a fault with somebody's text in it");
    },
    "timeline.show": answer("timeline.show", { event, deliveries: [] }),
  };
  return { calls, handlers };
}
