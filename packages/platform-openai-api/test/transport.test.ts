import type { Clock } from "@hermes/core";
import { describe, expect, test } from "vitest";
import { ApiError } from "../src/api-error.ts";
import { createEventStream } from "../src/transport/event-stream.ts";
import { KeyRing } from "../src/transport/keys.ts";
import { routeOf } from "../src/transport/route.ts";
import { sessionOf } from "../src/transport/session.ts";
import { WrongKeys } from "../src/transport/wrong-keys.ts";

const caller = { name: "ada", key: "FAKE-KEY-FOR-TESTS-0001" };

/** A clock that stands still until it is told to go on. */
class TestClock implements Clock {
  #nowMs = 1_767_225_600_000;
  readonly #wakes = new Map<() => void, number>();

  now(): number {
    return this.#nowMs;
  }

  wakeAt(atMs: number, callback: () => void): () => void {
    this.#wakes.set(callback, atMs);
    return () => void this.#wakes.delete(callback);
  }

  get waiting(): number {
    return this.#wakes.size;
  }

  pass(durationMs: number): void {
    this.#nowMs += durationMs;
    for (const [callback, atMs] of this.#wakes) {
      if (atMs > this.#nowMs) continue;
      this.#wakes.delete(callback);
      callback();
    }
  }
}

describe("A stream of events", () => {
  const reading = (maxQueuedBytes = 1000) => {
    const clock = new TestClock();
    let gone = 0;
    const stream = createEventStream({ clock, maxQueuedBytes, onGone: () => void (gone += 1) });
    const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
    return { clock, stream, reader, gone: () => gone };
  };

  test("says something every fifteen seconds, until it is closed", async () => {
    const { clock, stream, reader, gone } = reading();
    clock.pass(14_999);
    clock.pass(1);
    expect((await reader.read()).value).toBe(": keep-alive\n\n");
    clock.pass(15_000);
    expect((await reader.read()).value).toBe(": keep-alive\n\n");
    stream.close("data: end\n\n");
    expect((await reader.read()).value).toBe("data: end\n\n");
    expect((await reader.read()).done).toBe(true);
    expect([clock.waiting, gone()]).toEqual([0, 0]);
  });

  test("gives a reader up for whom too much waits, once", async () => {
    const clock = new TestClock();
    let gone = 0;
    const stream = createEventStream({ clock, maxQueuedBytes: 1000, onGone: () => void (gone += 1) });
    stream.write("x".repeat(900));
    stream.write("x".repeat(900));
    expect(gone).toBe(0);
    stream.write("x");
    stream.write("x");
    stream.close("x");
    expect([gone, clock.waiting]).toEqual([1, 0]);
    await expect(new Response(stream.body).text()).rejects.toThrow("The reader is too slow");
  });

  test("carries one event larger than what may wait, and the end behind it", async () => {
    const { stream, reader, gone } = reading();
    stream.write("x".repeat(5000));
    stream.close("end");
    let said = "";
    for (let next = await reader.read(); next.value !== undefined; next = await reader.read()) said += next.value;
    expect([said.length, gone()]).toEqual([5003, 0]);
  });

  test("tells when its reader goes away, and says nothing more", async () => {
    const clock = new TestClock();
    let gone = 0;
    const stream = createEventStream({ clock, maxQueuedBytes: 1000, onGone: () => void (gone += 1) });
    await stream.body.cancel();
    stream.write("x");
    stream.close();
    expect([gone, clock.waiting]).toEqual([1, 0]);
  });
});

describe("Wrong keys", () => {
  test("block an address for the rest of the minute, and no other", () => {
    const clock = new TestClock();
    const wrong = new WrongKeys(clock);
    for (let tries = 0; tries < 10; tries += 1) {
      expect(wrong.blockedSeconds("a")).toBeUndefined();
      wrong.note("a");
      clock.pass(1000);
    }
    expect([wrong.blockedSeconds("a"), wrong.blockedSeconds("b"), wrong.blockedSeconds(undefined)]).toEqual([
      50,
      undefined,
      undefined,
    ]);
    clock.pass(50_000);
    expect(wrong.blockedSeconds("a")).toBeUndefined();
  });

  test("from everywhere are too many above six hundred a minute, which blocks nobody", () => {
    const clock = new TestClock();
    const wrong = new WrongKeys(clock);
    for (let tries = 0; tries < 600; tries += 1) expect(wrong.note(`address ${tries}`)).toBeUndefined();
    expect(wrong.note(undefined)).toBe(60);
    expect(wrong.blockedSeconds("address 1")).toBeUndefined();
    clock.pass(60_000);
    expect(wrong.note(undefined)).toBeUndefined();
  });

  test("are remembered of a bounded number of addresses", () => {
    const wrong = new WrongKeys(new TestClock());
    for (let tries = 0; tries < 10; tries += 1) wrong.note("first");
    for (let other = 0; other < 10_000; other += 1) wrong.note(`address ${other}`);
    expect(wrong.blockedSeconds("first")).toBeUndefined();
  });
});

describe("A key ring", () => {
  test("finds the caller of each key, and nobody for what only resembles one", () => {
    const ring = new KeyRing([caller, { name: "bob", key: "FAKE-KEY-FOR-TESTS-0002" }]);
    expect(ring.find("FAKE-KEY-FOR-TESTS-0002")?.name).toBe("bob");
    for (const wrong of ["", "FAKE-KEY-FOR-TESTS-000", "FAKE-KEY-FOR-TESTS-00022", "fake-key-for-tests-0002"])
      expect(ring.find(wrong)).toBeUndefined();
  });
});

describe("The headers of a session", () => {
  const refused = (headers: Record<string, string>): unknown => {
    try {
      return sessionOf(new Headers(headers), caller);
    } catch (error) {
      return error instanceof ApiError ? error.code : error;
    }
  };

  test("name a chat that shows neither the key nor the name", () => {
    const session = sessionOf(new Headers({ "x-hermes-session-id": "kitchen" }), caller);
    expect(session).toEqual({ chatId: expect.stringMatching(/^session-[0-9a-f]{64}$/u) as unknown, sessionId: "kitchen" });
    expect(sessionOf(new Headers(), caller)).toBeUndefined();
  });

  test("cannot carry what cannot be seen, and not two names", () => {
    for (const control of ["a\u0001b", "a\tb", "a\u007fb", "a\u0085b"])
      expect(refused({ "x-hermes-session-key": control })).toBe("invalid_session");
    expect(() => new Headers({ "x-hermes-session-id": "a\r\nx-evil: 1" })).toThrow(TypeError);
    expect(refused({ "x-hermes-session-id": "a", "x-hermes-session-key": "b" })).toBe("ambiguous_session");
  });
});

describe("A path", () => {
  const at = (path: string, method = "GET") => routeOf({ url: `http://x${path}`, method });

  test("is read from its end", () => {
    expect(at("/v1/models")).toEqual({ kind: "models" });
    expect(at("/p/home/v1/models/")).toEqual({ kind: "models" });
    expect(at("/v1/models/house%2Fagent?x=1")).toEqual({ kind: "model", id: "house/agent" });
    expect(at("/v1/responses/resp_1", "DELETE")).toEqual({ kind: "response", id: "resp_1" });
    expect(at("/v1/responses", "POST")).toEqual({ kind: "responses" });
    for (const path of [
      "/",
      "/v1",
      "/xv1/models",
      "/v1/models/a/b",
      "/v1/models/%ff",
      "/v1/chat/completions/x",
      "/v1/models/../x",
    ])
      expect(() => at(path)).toThrow(ApiError);
  });
});
