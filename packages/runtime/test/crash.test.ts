import { describe, expect, it } from "vitest";
import type { AgentFunction } from "@hermes/core";
import { createMemoryStore, type Store } from "@hermes/runtime";
import {
  createFakeClock,
  createScriptedPlatform,
  settle,
  type ScriptedPlatform,
  type ScriptedStyle,
} from "@hermes/runtime/testing";
import { crashing, type CrashPoint } from "./crashing.ts";
import { createHeldAgent, echo, startGateway } from "./set-up.ts";

/** One message's life in a process that ends at `point`, and what the next process makes of it. */
async function liveTwice(style: ScriptedStyle, point: CrashPoint, idempotentSend: boolean, text: string, agent: AgentFunction) {
  const store = createMemoryStore();
  const chat = createScriptedPlatform({ style, idempotentSend });
  const first = crashing(store, point);
  const before = await startGateway({ chat, store: first.store, agent });
  void chat.says(text, { eventId: "e1" });
  await before.clock.advance(3000);
  if (!first.crashed()) return { chat, finished: true };
  const after = await startGateway({ chat, store, agent, clock: before.clock });
  // Whatever was not acknowledged is offered again.
  await chat.says(text, { eventId: "e1" });
  await after.clock.advance(10_000);
  await after.gateway.idle();
  await after.gateway.stop();
  return { chat, finished: false };
}

/** Every end of the process in a message's life, until one is reached that it lives to see. */
async function atEveryPoint(run: (point: CrashPoint) => Promise<{ readonly finished: boolean }>): Promise<number> {
  for (let write = 1; write < 100; write += 1) {
    for (const after of [false, true]) {
      if ((await run({ write, after })).finished) return write - 1;
    }
  }
  throw new Error("The life of one message took more than 100 writes");
}

const slow: AgentFunction = async function* (turn) {
  yield { type: "text-delta", text: "First half." };
  await turn.history();
  yield { type: "segment-end" };
  yield { type: "text-delta", text: `echo: ${turn.input[0].text}` };
};

describe.each(["edit", "final", "live"] as const)(
  "A process that ends at any write, on a platform of style %s",
  (style: ScriptedStyle) => {
    it("answers exactly once where the platform drops a second send", async () => {
      const points = await atEveryPoint(async (point) => {
        const { chat, finished } = await liveTwice(style, point, true, "hello", echo);
        expect(chat.texts(), `write ${point.write} ${point.after ? "done" : "not done"}`).toEqual(["echo: hello"]);
        return { finished };
      });
      expect(points).toBeGreaterThanOrEqual(4);
    });

    it("answers once elsewhere, or twice with a mark", async () => {
      await atEveryPoint(async (point) => {
        const { chat, finished } = await liveTwice(style, point, false, "hello", echo);
        const [first, second, ...more] = chat.texts();
        expect(more).toEqual([]);
        if (second === undefined) expect(first).toMatch(/^(?:\(This may be a repetition\.\)\n\n)?echo: hello$/u);
        else expect([first, second]).toEqual(["echo: hello", "(This may be a repetition.)\n\necho: hello"]);
        return { finished };
      });
    });

    it("loses nothing of an answer in several parts", async () => {
      await atEveryPoint(async (point) => {
        const { chat, finished } = await liveTwice(style, point, true, "hello", slow);
        const all = chat.texts().join("\n");
        expect(all, `write ${point.write} ${point.after ? "done" : "not done"}: ${JSON.stringify(chat.texts())}`).toContain(
          "First half.",
        );
        // Beside what is seen already the turn does not begin a second time, and says so.
        if (!all.includes("I was restarted")) expect(all).toContain("echo: hello");
        expect(all.split("First half.").length - 1).toBe(1);
        return { finished };
      });
    });

    it("answers a command", async () => {
      await atEveryPoint(async (point) => {
        const { chat, finished } = await liveTwice(style, point, true, "/stop", echo);
        expect(chat.texts()).toEqual(["Nothing was running."]);
        return { finished };
      });
    });
  },
);

describe("A process that ends in the middle of an answer", () => {
  /** Shows the beginning of an answer, and ends. */
  async function endMidway(style: ScriptedStyle): Promise<{
    readonly chat: ScriptedPlatform;
    readonly store: Store;
    readonly clock: Awaited<ReturnType<typeof startGateway>>["clock"];
  }> {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style });
    const { agent, turns } = createHeldAgent();
    const first = crashing(store, { write: 1000, after: false });
    const { clock } = await startGateway({ chat, store: first.store, agent });
    await chat.says("hello");
    await settle();
    turns[0]?.say("The beginning of an answer");
    await clock.advance(500);
    return { chat, store, clock };
  }

  it("replaces what it had shown where messages can be edited", async () => {
    const { chat, store, clock } = await endMidway("edit");
    expect(chat.texts()).toEqual(["The beginning of an answer"]);
    const { gateway } = await startGateway({ chat, store, clock });
    await clock.advance(5000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("does not begin again beside a stream that only grows, and says so", async () => {
    const { chat, store, clock } = await endMidway("live");
    const { gateway } = await startGateway({ chat, store, clock });
    await clock.advance(5000);
    await gateway.idle();
    expect(chat.texts().join("\n")).toContain("I was restarted while I was answering. /retry");
    expect(chat.texts().join("\n")).not.toContain("echo: hello");
    await gateway.stop();
  });

  it("does not run a tool with lasting effects twice, and says so", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    let runs = 0;
    const agent: AgentFunction = async function* () {
      yield { type: "tool-start", callId: "1", title: "pay", effect: "once" };
      runs += 1;
      await new Promise(() => undefined);
    };
    const first = await startGateway({ chat, store: crashing(store, { write: 1000, after: false }).store, agent });
    await chat.says("pay");
    await settle();
    expect(runs).toBe(1);
    const { gateway, clock } = await startGateway({ chat, store, agent, clock: first.clock });
    await clock.advance(5000);
    await gateway.idle();
    expect(runs).toBe(1);
    expect(chat.texts()).toEqual([expect.stringContaining("I was restarted")]);
    await gateway.stop();
  });

  it("drops what a caller asked who is gone", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    const { agent } = createHeldAgent();
    const first = await startGateway({ chat, store: crashing(store, { write: 1000, after: false }).store, agent });
    await chat.says("running", { lifetime: "request" });
    await chat.says("waiting", { lifetime: "request" });
    await settle();
    const { gateway, clock } = await startGateway({ chat, store, clock: first.clock });
    await clock.advance(5000);
    await gateway.idle();
    expect(chat.texts()).toEqual([]);
    const [session] = await store.listSessions({ limit: 1 });
    const history = await store.history({ sessionId: session?.id ?? "", limit: 10 });
    expect(history.map((entry) => entry.text)).toEqual(["running", "waiting"]);
    await gateway.stop();
  });
});

describe("A process that ends while an answer waits to be sent", () => {
  async function endWaiting(options: { readonly unknownSends?: "leave" }) {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "final" });
    const later = { on: "send", failure: { kind: "rate-limited", retryAfterMs: 5000 } } as const;
    chat.fail(later, later);
    const first = await startGateway({ chat, store: crashing(store, { write: 1000, after: false }).store, ...options });
    await chat.says("one");
    await chat.says("two");
    await first.clock.advance(1000);
    // As the machine has it that is switched off: nothing of the first process goes on.
    const clock = createFakeClock(first.clock.now());
    const { gateway } = await startGateway({ chat, store, clock, ...options });
    await clock.advance(60_000);
    await gateway.idle();
    await gateway.stop();
    return chat.texts();
  }

  it("leaves it before what was asked after it", async () => {
    const texts = await endWaiting({});
    expect(texts).toEqual(["echo: one", "echo: two"]);
  });

  it("leaves known that it was not sent", async () => {
    const texts = await endWaiting({ unknownSends: "leave" });
    expect(texts).toEqual(["echo: one", "echo: two"]);
  });
});
