import { createDispatcher, errorCodes, isMethodName, methods, type Scope } from "@hermes/protocol";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createHandlers } from "./handlers.ts";

const names = fc.oneof(
  fc.constantFrom(...Object.keys(methods)),
  fc.constantFrom("constructor", "__proto__", "toString", "", "event"),
  fc.string(),
);
const keys = fc.oneof(fc.constantFrom("replyId", "seq", "id", "limit", "after", "__proto__", "constructor"), fc.string());
const params = fc.oneof(
  fc.constantFrom({ replyId: "turn_1" }, { seq: 1 }, { id: "x" }, {}),
  fc.dictionary(keys, fc.jsonValue()),
  fc.jsonValue(),
);
const ids = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.constant(null), fc.jsonValue());
const wellFormed = fc.record(
  { jsonrpc: fc.constant("2.0"), id: ids, method: names, params },
  { requiredKeys: ["jsonrpc", "method"] },
);
const requests = fc.oneof(wellFormed, fc.dictionary(keys, fc.jsonValue()), fc.jsonValue());
const bodies = fc.oneof(
  requests.map((value) => JSON.stringify(value)),
  fc.array(requests, { maxLength: 40 }).map((value) => JSON.stringify(value)),
  fc.string({ maxLength: 100 }),
  requests.map((value) => JSON.stringify(value).slice(1)),
);
const scopes = fc.constantFrom<Scope | undefined>(undefined, "read", "write", "admin");
const codes: ReadonlySet<unknown> = new Set(Object.values(errorCodes));

function isAnswer(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { jsonrpc, id, result, error, ...rest } = value as Readonly<Record<string, unknown>>;
  const isId = id === null || typeof id === "string" || typeof id === "number";
  if (jsonrpc !== "2.0" || !isId || Object.keys(rest).length > 0) return false;
  if (error === undefined) return result !== undefined;
  const { code, message, data } = error as { readonly code: unknown; readonly message: unknown; readonly data: unknown };
  return result === undefined && codes.has(code) && typeof message === "string" && message !== "" && typeof data === "object";
}

it("Whatever comes in, every answer is valid JSON-RPC and nothing is thrown", async () => {
  const { handlers } = createHandlers();
  const dispatcher = createDispatcher({ handlers, onFault: () => undefined });
  await fc.assert(
    fc.asyncProperty(bodies, scopes, async (body, scope) => {
      const answer = await dispatcher.dispatch(body, { scope });
      if (answer === undefined) return;
      const parsed: unknown = JSON.parse(answer);
      const all: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
      expect(all.length).toBeGreaterThan(0);
      for (const one of all) expect(isAnswer(one), answer).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

it("Each request of a batch that has an id is answered once, with that id, in order", async () => {
  const { handlers } = createHandlers();
  const dispatcher = createDispatcher({ handlers, onFault: () => undefined });
  const identified = fc.record({
    jsonrpc: fc.constant("2.0"),
    id: fc.oneof(fc.string({ maxLength: 20 }), fc.integer()),
    method: fc.oneof(fc.constantFrom(...Object.keys(methods)), fc.string({ minLength: 1, maxLength: 20 })),
    params,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(identified, { minLength: 1, maxLength: 32 }), scopes, async (batch, scope) => {
      const answers = JSON.parse((await dispatcher.dispatch(JSON.stringify(batch), { scope })) ?? "[]") as { id: unknown }[];
      expect(answers.map(({ id }) => id)).toEqual(batch.map(({ id }) => id));
    }),
  );
});

it("Without a credential no handler but that of a method for everybody is ever reached", async () => {
  const { handlers, calls } = createHandlers();
  const dispatcher = createDispatcher({ handlers, onFault: () => undefined });
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      await dispatcher.dispatch(body, { scope: undefined });
      for (const [name] of calls) expect(isMethodName(name) && methods[name].scope === "none").toBe(true);
    }),
    { numRuns: 500 },
  );
});
