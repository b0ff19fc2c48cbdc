import type { Json, PlatformHost } from "@hermes/core";
import { describe, expect, it, test } from "vitest";
import { openConnection } from "../src/connection.ts";
import { Exchanges } from "../src/exchange/exchanges.ts";
import { Ring } from "../src/exchange/ring.ts";
import { Uploads } from "../src/exchange/uploads.ts";
import { addUsage } from "../src/exchange/usage.ts";

const never = new AbortController().signal;
const chat = { ref: { platform: "openai-api", chatId: "request-1" }, type: "dm" } as const;
const message = { texts: ["hello"], files: [], actions: [] };
const author = { id: "ada", isBot: false, assurance: "platform" } as const;

function memory(): PlatformHost["memory"] & { readonly keys: () => readonly string[] } {
  const values = new Map<string, Parameters<PlatformHost["memory"]["set"]>[1]>();
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
    keys: () => [...values.keys()],
  };
}

function connected(fetch: PlatformHost["fetch"] = () => Promise.reject(new TypeError("Not a public address"))) {
  const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const host: PlatformHost = { logger, accept: async () => ["stored"], memory: memory(), report: () => undefined, fetch };
  const uploads = new Uploads();
  const exchanges = new Exchanges({ now: () => 0, wakeAt: () => () => undefined });
  return { uploads, exchanges, connection: openConnection({ platform: "openai-api", modelName: "m", host, exchanges, uploads }) };
}

describe("What is said", () => {
  const options = { signal: never, idempotencyKey: "k", mentions: [] };

  test("to somebody who does not wait is refused for good", async () => {
    const { connection } = connected();
    const origin = { author, lifetime: "request", message: { ...chat.ref, messageId: "gone" } } as const;
    await expect(connection.send(chat, message, { ...options, origin })).rejects.toMatchObject({
      failure: { kind: "forbidden" },
    });
    await expect(connection.send(chat, message, options)).rejects.toMatchObject({ failure: { kind: "forbidden" } });
    expect(await connection.openLive(chat, { ...options, origin })).toBeNull();
    connection.endAnswer(chat, origin, "finished");
    connection.noteProgress(chat, origin, { type: "reasoning-delta", text: "x" });
  });

  test("can come as long as one connection is open, and a connection is closed once", async () => {
    const { connection, exchanges } = connected();
    expect(exchanges.isConnected).toBe(true);
    exchanges.connect();
    await connection.disconnect();
    await connection.disconnect();
    expect(exchanges.isConnected).toBe(true);
    exchanges.disconnect();
    expect(exchanges.isConnected).toBe(false);
  });
});

describe("A picture", () => {
  const image = (ticket: Json) => ({ kind: "image" as const, ticket });
  const options = { maxBytes: 10, signal: never };
  const bytesOf = async (body: ReadableStream<Uint8Array>) => [...(await new Response(body).bytes())];

  test("that came in the request is there as long as the request is", async () => {
    const { connection, uploads } = connected();
    const id = uploads.add("AQID", 3);
    expect(await bytesOf(await connection.download(image({ upload: id }), options))).toEqual([1, 2, 3]);
    await expect(connection.download(image({ upload: id }), { ...options, maxBytes: 2 })).rejects.toMatchObject({
      failure: { kind: "invalid" },
    });
    uploads.remove(id);
    await expect(connection.download(image({ upload: id }), options)).rejects.toMatchObject({ failure: { kind: "not-found" } });
    await expect(connection.download(image({ path: "/etc/passwd" }), options)).rejects.toMatchObject({
      failure: { kind: "invalid" },
    });
  });

  test("of too many requests at once is not kept", () => {
    const { uploads } = connected();
    expect(() => uploads.add("AQID", 256_000_001)).toThrow("try again later");
  });

  test("at an address is fetched by the guarded way, and no more of it than is allowed", async () => {
    const asked: string[] = [];
    const answering = (response: () => Response) =>
      connected(async ({ url }) => {
        asked.push(url);
        return response();
      }).connection.download(image({ url: "https://example.com/a.png" }), options);
    const type = { "content-type": "image/png" };
    expect(await bytesOf(await answering(() => new Response(new Uint8Array([1, 2]), { headers: type })))).toEqual([1, 2]);
    expect(asked).toEqual(["https://example.com/a.png"]);
    const endless = () => new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(4)) });
    await expect(answering(() => new Response(endless(), { headers: type })).then(bytesOf)).rejects.toMatchObject({
      failure: { kind: "invalid" },
    });
    for (const response of [
      () => new Response("x", { status: 404, headers: type }),
      () => new Response("x", { headers: { "content-type": "text/html" } }),
      () => new Response("x", { headers: { ...type, "content-length": "11" } }),
      () => new Response(null, { headers: type }),
    ])
      await expect(answering(response)).rejects.toMatchObject({ failure: { kind: "invalid" } });
    await expect(answering(() => new Response("x", { status: 503 }))).rejects.toMatchObject({ failure: { kind: "unavailable" } });
  });

  test("at an address that may not be called is refused without naming it", async () => {
    const { connection } = connected();
    const download = connection.download(image({ url: "http://169.254.169.254/secret" }), options);
    await expect(download).rejects.toMatchObject({ failure: { kind: "invalid" } });
    await expect(download).rejects.not.toThrow(/secret/u);
  });
});

describe("What is kept", () => {
  test("is no more than the newest of it", async () => {
    const kept = memory();
    const ring = new Ring("r", 3);
    for (const key of ["a", "b", "c", "d", "e"]) await kept.set(key, true);
    await Promise.all(["a", "b", "c", "d"].map((key) => ring.add(kept, key)));
    // Another process goes on where this one ended.
    await new Ring("r", 3).add(kept, "e");
    expect(kept.keys().filter((key) => key.length === 1)).toEqual(["c", "d", "e"]);
  });
});

it("What an answer took is added up over the calls of its models", () => {
  const one = addUsage(undefined, { inputTokens: 1, outputTokens: 2, model: "a" });
  expect(addUsage(one, { inputTokens: 10, outputTokens: 20, cachedInputTokens: 5 })).toEqual({ input: 11, output: 22 });
});
