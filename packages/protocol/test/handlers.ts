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
  const handlers: Handlers = {
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
