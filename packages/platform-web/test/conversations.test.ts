import { createFakeClock } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { Conversations } from "../src/conversations.ts";
import type { Frame } from "../src/encode.ts";
import { completeLimits } from "../src/options.ts";
import type { Listener } from "../src/tap.ts";

const notice = (text: string) => ({ type: "chat.notice", message_id: "n", text, timestamp: "2026-01-01T00:00:00.000Z" }) as const;
const delta = { type: "chat.delta", message_id: "m", delta: "x", part: 0 } as const;
const done = {
  type: "chat.done",
  message_id: "m",
  outcome: "finished",
  text: "x",
  timestamp: "2026-01-01T00:00:00.000Z",
} as const;

function listener() {
  const heard: string[] = [];
  const self: Listener & { readonly heard: string[] } = {
    heard,
    maxUnsentBytes: 1000,
    isGone: false,
    send: ({ text }: Frame) => void heard.push(text),
    fallBehind: () => undefined,
  };
  return self;
}

function open(limits: Parameters<typeof completeLimits>[0] = {}) {
  const clock = createFakeClock();
  return { clock, conversations: new Conversations({ clock, limits: completeLimits(limits), running: () => [] }) };
}

describe("What is kept of conversations", () => {
  it("stays within its bounds: events and bytes of one, bytes of all, the oldest given up first", () => {
    const { conversations } = open({ keptEvents: 50, keptBytes: 20_000, keptBytesInAll: 100_000 });
    for (let index = 0; index < 1000; index += 1) conversations.publish(`s${index % 400}`, notice("x".repeat(index % 2000)));
    expect(conversations.kept.bytes).toBeLessThanOrEqual(100_000);
    expect(conversations.kept.bytes).toBeGreaterThan(20_000);
    expect(conversations.kept.conversations).toBeLessThan(400);
  });

  it("is given up where somebody listens too, but not their place in it", () => {
    const { conversations } = open({ keptBytesInAll: 10_000 });
    const ear = listener();
    const { tap } = conversations.subscribe(ear, { session_key: "followed" });
    tap.release();
    conversations.publish("followed", notice("before"));
    for (let index = 0; index < 50; index += 1) conversations.publish(`s${index}`, notice("x".repeat(1000)));
    conversations.publish("followed", notice("after"));
    expect(ear.heard.map((text) => (JSON.parse(text) as { params: { seq: number } }).params.seq)).toEqual([1, 2]);
    const { stream } = conversations;
    expect(conversations.subscribe(listener(), { session_key: "followed", stream, since: 0 }).answer.resumed).toBe(false);
  });

  it("is dropped ten minutes after it was last of use to anybody, with one timer for all", async () => {
    const { conversations, clock } = open();
    const ear = listener();
    conversations.publish("idle", notice("x"));
    conversations.subscribe(ear, { session_key: "followed" });
    expect(clock.pending).toBe(1);
    await clock.advance(9 * 60_000);
    expect(conversations.kept.conversations).toBe(2);
    await clock.advance(2 * 60_000);
    expect(conversations.kept.conversations).toBe(1);
    conversations.leave(ear);
    await clock.advance(12 * 60_000);
    expect(conversations.kept).toEqual({ conversations: 0, bytes: 0 });
    expect(clock.pending).toBe(0);
  });

  it("is never taken for what it was once it was dropped: nobody resumes over a gap", async () => {
    const { conversations, clock } = open();
    for (let index = 0; index < 5; index += 1) conversations.publish("s", notice("before"));
    await clock.advance(12 * 60_000);
    const { stream } = conversations;
    conversations.publish("s", { type: "session.changed" });
    for (let index = 0; index < 8; index += 1) conversations.publish("s", notice("after"));
    for (const since of [3, 5]) {
      expect(conversations.subscribe(listener(), { session_key: "s", stream, since }).answer.resumed).toBe(false);
    }
    expect(conversations.subscribe(listener(), { session_key: "s", stream, since: 10 }).answer).toMatchObject({
      resumed: true,
      seq: 14,
    });
  });

  it("is nothing where something merely changed that nobody follows", () => {
    const { conversations } = open();
    for (let index = 0; index < 1000; index += 1) conversations.publish(`s${index}`, { type: "session.changed" });
    expect(conversations.kept).toEqual({ conversations: 0, bytes: 0 });
  });
});

describe("Whoever follows one message", () => {
  it("hears of it until its answer is over, and of nothing else", () => {
    const { conversations } = open();
    const ear = listener();
    conversations.follow(ear, "s", "m");
    conversations.publish("s", delta);
    conversations.publish("s", { ...delta, message_id: "another" });
    conversations.publish("s", { type: "session.changed" });
    conversations.publish("s", done);
    conversations.publish("s", delta);
    expect(ear.heard.map((text) => (JSON.parse(text) as { params: { type: string } }).params.type)).toEqual([
      "chat.delta",
      "chat.done",
    ]);
  });

  it("and then subscribes is told everything once", () => {
    const { conversations } = open();
    const ear = listener();
    conversations.follow(ear, "s", "m");
    conversations.publish("s", delta);
    conversations.subscribe(ear, { session_key: "s" }).tap.release();
    conversations.publish("s", done);
    expect(ear.heard).toHaveLength(2);
  });

  it("is refused once it has gone, and leaves nothing behind", () => {
    const { conversations } = open();
    const ear = { ...listener(), isGone: true };
    expect(() => conversations.follow(ear, "s", "m")).toThrow("gone");
    expect(() => conversations.subscribe(ear, { session_key: "s" })).toThrow("gone");
  });
});
