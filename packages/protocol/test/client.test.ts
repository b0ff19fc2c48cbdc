import { createClient, createDispatcher, errorCodes, isRpcError, RpcError, type Client, type RpcRequest } from "@hermes/protocol";
import { describe, expect, expectTypeOf, it } from "vitest";
import { createHandlers, delivery } from "./handlers.ts";

/** A client that talks to a dispatcher as over a wire: only text passes. */
function connected(): { readonly client: Client; readonly sent: RpcRequest[] } {
  const sent: RpcRequest[] = [];
  const dispatcher = createDispatcher({ handlers: createHandlers().handlers, onFault: () => undefined });
  const client = createClient({
    async send(request) {
      sent.push(request);
      return JSON.parse((await dispatcher.dispatch(JSON.stringify(request), { scope: "admin" })) ?? "null");
    },
  });
  return { client, sent };
}

const answering = (answer: unknown): Client => createClient({ send: async () => answer });

describe("a client", () => {
  it("gives what the gateway answers, typed by the table", async () => {
    const { client } = connected();
    const page = await client.call("deliveries.list", { state: "troubled", limit: 1 });
    expectTypeOf(page.rows[0]?.state).toEqualTypeOf<
      "running" | "queued" | "sending" | "parked" | "sent" | "unknown" | "failed" | "empty" | undefined
    >();
    expect(page).toEqual({ rows: [delivery], next: "turn_1" });
    expect(await client.call("health")).toEqual({ status: "ok", ready: true });
  });

  it("gives every request an id of its own", async () => {
    const { client, sent } = connected();
    await Promise.all([client.call("health"), client.call("health"), client.call("events.list")]);
    expect(sent.map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it("throws what the gateway refuses, with its kind and the field that is wrong", async () => {
    const { client } = connected();
    const error: unknown = await client.call("deliveries.show", { replyId: "turn_9" }).catch((thrown: unknown) => thrown);
    expect(isRpcError(error)).toBe(true);
    expect(error).toMatchObject({ kind: "not-found", code: -32003, field: "replyId", message: "There is no delivery turn_9." });
  });

  it("passes on what its transport throws", async () => {
    const client = createClient({ send: () => Promise.reject(new Error("no way there")) });
    await expect(client.call("health")).rejects.toThrow("no way there");
  });

  it.each([
    ["nothing", undefined, "no JSON-RPC"],
    ["a list", [], "no JSON-RPC"],
    ["another version", { jsonrpc: "1.0", id: 1, result: {} }, "no JSON-RPC"],
    ["the answer to something else", { jsonrpc: "2.0", id: 2, result: { status: "ok", ready: true } }, "another request"],
    ["a result of another shape", { jsonrpc: "2.0", id: 1, result: { status: "ok", ready: 1 } }, "`result.ready`"],
    ["a result that is missing", { jsonrpc: "2.0", id: 1 }, "Expected `result` to be an object"],
    ["an error that is none", { jsonrpc: "2.0", id: 1, error: "no" }, "no code"],
  ])("does not believe %s", async (_what, answer, message) => {
    await expect(answering(answer).call("health")).rejects.toMatchObject({
      kind: "invalid-answer",
      message: expect.stringContaining(message) as unknown,
    });
  });

  it("takes a code it does not know for a fault, and leaves out what a newer gateway adds", async () => {
    const failed = answering({ jsonrpc: "2.0", id: 1, error: { code: -32099, message: "Something new." } });
    await expect(failed.call("health")).rejects.toMatchObject({ kind: "internal", message: "Something new." });
    const more = answering({ jsonrpc: "2.0", id: 1, result: { status: "ok", ready: true, mood: "fine" } });
    expect(await more.call("health")).toEqual({ status: "ok", ready: true });
  });
});

it("Error codes are unique, and the numbers of JSON-RPC or of its range for servers", () => {
  const codes = Object.values(errorCodes);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes)
    expect((code <= -32000 && code >= -32099) || [-32700, -32600, -32601, -32602, -32603].includes(code)).toBe(true);
  expect(new RpcError("not-found", "x").code).toBe(-32003);
});
