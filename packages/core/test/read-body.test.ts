import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBody } from "../src/index.ts";

function request(chunks: readonly Uint8Array[], headers: Readonly<Record<string, string>> = {}): Request {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  return new Request("http://door.test/", { method: "POST", body, duplex: "half", headers });
}

describe("The body of a request", () => {
  it("is read whole, wherever it is cut on its way", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.nat(20), async (text, at) => {
        const bytes = new TextEncoder().encode(text);
        expect(await readBody(request([bytes.subarray(0, at), bytes.subarray(at)]), 10_000)).toEqual({ kind: "text", text });
      }),
    );
  });

  it("is not read beyond its limit", async () => {
    expect(await readBody(request([new Uint8Array(6), new Uint8Array(6)]), 10)).toEqual({ kind: "too-large" });
    expect(await readBody(request([], { "content-length": "11" }), 10)).toEqual({ kind: "too-large" });
    expect(await readBody(request([new Uint8Array(10)]), 10)).toEqual({ kind: "text", text: "\0".repeat(10) });
  });

  it("is given up at its limit, also when whoever sends it never stops", async () => {
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(6)),
      cancel: () => new Promise(() => undefined),
    });
    const body = new Request("http://door.test/", { method: "POST", body: endless, duplex: "half" });
    expect(await readBody(body, 10)).toEqual({ kind: "too-large" });
  });

  it("keeps every character, a byte order mark at its beginning included", async () => {
    expect(await readBody(request([new TextEncoder().encode("\uFEFF{}")]), 10)).toEqual({ kind: "text", text: "\uFEFF{}" });
  });

  it("may be broken, or no text", async () => {
    expect(await readBody(request([new Uint8Array([0xff, 0xfe])]), 10)).toEqual({ kind: "broken" });
    const leaving = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("gone")) });
    const body = new Request("http://door.test/", { method: "POST", body: leaving, duplex: "half" });
    expect(await readBody(body, 10)).toEqual({ kind: "broken" });
  });

  it("may be missing", async () => {
    expect(await readBody(new Request("http://door.test/", { method: "POST" }), 10)).toEqual({ kind: "text", text: "" });
  });
});
