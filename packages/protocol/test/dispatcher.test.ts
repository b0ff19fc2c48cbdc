import { createDispatcher, type Caller } from "@hermes/protocol";
import { describe, expect, it } from "vitest";
import { createHandlers } from "./handlers.ts";

function setUp(caller: Caller = { scope: "admin" }, limits: { readonly maxLength?: number; readonly maxBatch?: number } = {}) {
  const faults: unknown[] = [];
  const { calls, handlers } = createHandlers();
  const dispatcher = createDispatcher({ handlers, onFault: (error, method) => faults.push([method, error]), ...limits });
  const raw = (request: string): Promise<string | undefined> => dispatcher.dispatch(request, caller);
  const ask = async (request: unknown): Promise<unknown> => {
    const answer = await raw(JSON.stringify(request));
    return answer === undefined ? undefined : JSON.parse(answer);
  };
  return { calls, faults, raw, ask };
}

const request = (method: string, params?: unknown, id: unknown = 1): object => ({ jsonrpc: "2.0", id, method, params });
const error = (code: number, message: unknown, data: object, id: unknown = 1): object => ({
  jsonrpc: "2.0",
  id,
  error: { code, message, data },
});
const saying = (text: string): unknown => expect.stringContaining(text);

describe("a request", () => {
  it("is answered with the handler's result and its own id", async () => {
    const { ask, calls } = setUp();
    for (const id of ["a", "", 0, -7, 1.5, null]) {
      expect(await ask(request("deliveries.drop", { replyId: "turn_1" }, id))).toEqual({
        jsonrpc: "2.0",
        id,
        result: { done: false, message: "It is shown already." },
      });
    }
    expect(calls[0]).toEqual(["deliveries.drop", { replyId: "turn_1" }]);
  });

  it("may leave out parameters where all of them may be left out", async () => {
    expect(await setUp().ask({ jsonrpc: "2.0", id: 1, method: "health" })).toMatchObject({ result: { status: "ok" } });
  });

  it("without id is done and not answered, whatever comes of it", async () => {
    const { ask, calls } = setUp();
    for (const [method, params] of [
      ["deliveries.retry", { replyId: "turn_1" }],
      ["deliveries.retry", {}],
      ["events.replay", { seq: 1 }],
      ["nothing.here", {}],
    ] as const) {
      expect(await ask({ jsonrpc: "2.0", method, params })).toBeUndefined();
    }
    expect(calls).toEqual([["deliveries.retry", { replyId: "turn_1" }]]);
  });

  it("that a handler refuses is answered with what the handler says", async () => {
    expect(await setUp().ask(request("deliveries.show", { replyId: "turn_9" }))).toEqual(
      error(-32003, "There is no delivery turn_9.", { kind: "not-found", field: "replyId" }),
    );
  });

  it("that meets a fault is answered without a word of it; the fault goes to the log", async () => {
    const { ask, faults } = setUp();
    expect(await ask(request("events.replay", { seq: 1 }))).toEqual(
      error(-32603, "The request failed. The gateway's log says why.", { kind: "internal" }),
    );
    expect(faults).toEqual([["events.replay", expect.any(TypeError)]]);
  });
});

describe("an envelope that is wrong", () => {
  it.each([
    ["1", "to be an object"],
    ['"text"', "to be an object"],
    ["null", "to be an object"],
    ["{}", '`jsonrpc` to be "2.0"'],
    ['{"jsonrpc":"1.0","id":1,"method":"health"}', "`jsonrpc`"],
    ['{"jsonrpc":"2.0","id":{},"method":"health"}', "`id`"],
    ['{"jsonrpc":"2.0","id":1e999,"method":"health"}', "`id`"],
    ['{"jsonrpc":"2.0","id":12345678901234567890,"method":"health"}', "`id`"],
    [`{"jsonrpc":"2.0","id":"${"x".repeat(257)}","method":"health"}`, "`id`"],
    ['{"jsonrpc":"2.0","id":null,"method":7}', "`method`"],
    ['{"jsonrpc":"2.0","id":null,"method":""}', "`method`"],
    ['{"__proto__":{"jsonrpc":"2.0","id":1,"method":"health"}}', "`jsonrpc`"],
  ])("%s is an invalid request", async (text, message) => {
    expect(JSON.parse((await setUp().raw(text)) ?? "")).toEqual(
      error(-32600, saying(message), { kind: "invalid-request" }, text.includes('"id":1,') && !text.includes("proto") ? 1 : null),
    );
  });

  it.each(["", "{", "undefined", "[1,", "\u0000"])("%j is no JSON", async (text) => {
    expect(JSON.parse((await setUp().raw(text)) ?? "")).toEqual(error(-32700, saying("JSON"), { kind: "parse-error" }, null));
  });

  it("that is too large is not even parsed", async () => {
    const { raw } = setUp(undefined, { maxLength: 100 });
    expect(JSON.parse((await raw("{".repeat(101))) ?? "")).toEqual(error(-32004, saying("100"), { kind: "too-large" }, null));
  });
});

describe("a method that is not there", () => {
  it.each(["nothing.here", "constructor", "toString", "__proto__", "hasOwnProperty", "Health", "deliveries", "rpc.discover"])(
    "%s is said to be unknown",
    async (name) => {
      expect(await setUp().ask(request(name))).toEqual(error(-32601, saying(JSON.stringify(name)), { kind: "unknown-method" }));
    },
  );
});

describe("parameters that are wrong", () => {
  it.each([
    ["deliveries.show", {}, "replyId", "Expected `replyId` to be a text of 1 to 256 characters, got nothing"],
    ["deliveries.show", { replyId: 7 }, "replyId", "got 7"],
    ["deliveries.show", { replyId: "x".repeat(257) }, "replyId", "got a text of 257 characters"],
    ["deliveries.show", { replyId: null }, "replyId", "got null"],
    ["deliveries.list", { limit: 0 }, "limit", "a whole number from 1 to 200, got 0"],
    ["deliveries.list", { limit: 201 }, "limit", "got 201"],
    ["deliveries.list", { limit: 1.5 }, "limit", "got 1.5"],
    ["deliveries.list", { state: "lost" }, "state", "one of `pending`, `troubled`, got a text of 4 characters"],
    ["events.list", { platform: ["acme"] }, "platform", "got a list"],
    ["events.show", { seq: "1" }, "seq", "got a text"],
    ["events.show", { seq: 2 ** 53 }, "seq", "got 9007199254740992"],
  ])("of %s: %j names `%s`", async (method, params, field, message) => {
    const { ask, calls } = setUp();
    expect(await ask(request(method, params))).toEqual(error(-32602, saying(message), { kind: "invalid-params", field }));
    expect(calls).toEqual([]);
  });

  it("that nobody declared are refused with their name, cut short", async () => {
    const { ask, raw } = setUp();
    const refused = (message: string): object => error(-32602, saying(message), { kind: "invalid-params", field: "" });
    expect(await ask(request("deliveries.list", { limits: 3 }))).toEqual(
      refused('no parameter "limits"; known are `state`, `platform`, `limit`, `after`'),
    );
    expect(await ask(request("health", { a: 1 }))).toEqual(refused('"a"; nothing is expected'));
    expect(await ask(request("health", { ["k".repeat(500)]: 1 }))).toEqual(refused(`"${"k".repeat(40)}…"`));
    for (const name of ["__proto__", "constructor"]) {
      const text = `{"jsonrpc":"2.0","id":1,"method":"deliveries.show","params":{"replyId":"a","${name}":{"x":1}}}`;
      expect(JSON.parse((await raw(text)) ?? "")).toEqual(refused(`"${name}"`));
    }
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });

  it.each([[[1]], ["text"], [7], [true], [null]])("%j is no object", async (params) => {
    const answer = await setUp().ask(request("deliveries.show", params));
    expect(answer).toMatchObject({ error: { code: -32602, message: saying("Expected") } });
  });

  it("that nest very deep neither break nor slow it down", async () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const text = `{"jsonrpc":"2.0","id":1,"method":"deliveries.show","params":{"replyId":${deep}}}`;
    expect(JSON.parse((await setUp().raw(text)) ?? "")).toMatchObject({ error: { data: { field: "replyId" } } });
  });
});

describe("a batch", () => {
  it("is answered in its order, without its notifications", async () => {
    const { ask } = setUp();
    const answer = await ask([
      request("health", {}, "a"),
      { jsonrpc: "2.0", method: "deliveries.retry", params: { replyId: "r" } },
      7,
      request("nothing.here", {}, "b"),
    ]);
    expect(answer).toEqual([
      { jsonrpc: "2.0", id: "a", result: { status: "ok", ready: true } },
      error(-32600, saying("object"), { kind: "invalid-request" }, null),
      error(-32601, saying("nothing.here"), { kind: "unknown-method" }, "b"),
    ]);
  });

  it("of notifications alone is not answered", async () => {
    expect(await setUp().ask([{ jsonrpc: "2.0", method: "health" }])).toBeUndefined();
  });

  it("that is empty or too large is refused as a whole", async () => {
    const { ask, calls } = setUp(undefined, { maxBatch: 3 });
    for (const size of [0, 4]) {
      const batch = Array.from({ length: size }, (_, id) => request("health", {}, id));
      expect(await ask(batch)).toEqual(error(-32600, saying("1 to 3 requests"), { kind: "invalid-request" }, null));
    }
    expect(calls).toEqual([]);
  });
});

describe("a scope", () => {
  const outcomes = async (caller: Caller): Promise<readonly unknown[]> => {
    const { ask } = setUp(caller);
    const answers = (await ask([
      request("health"),
      request("deliveries.list"),
      request("deliveries.drop", { replyId: "r" }),
    ])) as readonly { readonly error?: { readonly data: { readonly kind: string } } }[];
    return answers.map((answer) => answer.error?.data.kind ?? "answered");
  };

  it.each([
    [undefined, ["answered", "unauthorized", "unauthorized"]],
    ["read", ["answered", "answered", "forbidden"]],
    ["write", ["answered", "answered", "answered"]],
    ["admin", ["answered", "answered", "answered"]],
  ] as const)("%s opens what it should and nothing more", async (scope, expected) => {
    expect(await outcomes({ scope })).toEqual(expected);
  });

  it("is looked at before parameters are: who may not call learns nothing about them", async () => {
    const { ask } = setUp({ scope: undefined });
    expect(await ask(request("deliveries.show", { wrong: 1 }))).toMatchObject({ error: { data: { kind: "unauthorized" } } });
  });
});
