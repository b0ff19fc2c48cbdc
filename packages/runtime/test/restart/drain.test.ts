import { describe, expect, it } from "vitest";
import type { AgentFunction, Question } from "@hermes/core";
import { text } from "@hermes/core";
import { createMemoryStore } from "@hermes/runtime";
import { createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { createHeldAgent, startGateway } from "../set-up.ts";

const drain = { mode: "drain", drainMs: 10_000, purpose: "restart" } as const;
const kept = "I am restarting. Your message is kept, and answered after that.";

/** Whether it has resolved by now. */
function watch(work: Promise<unknown>): { readonly isOver: boolean } {
  const state = { isOver: false };
  void work.then(() => (state.isOver = true));
  return state;
}

describe("A gateway that drains", () => {
  it("lets the running turn end, begins none, and leaves what waits to the next process", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    const { agent, turns } = createHeldAgent();
    const first = await startGateway({ chat, store, agent });
    await chat.says("one");
    await chat.says("two");
    await settle();
    const stopped = first.gateway.stop(drain);
    await first.clock.advance(1000);
    expect(first.gateway.status().phase).toBe("draining");
    turns[0]?.say("First.");
    turns[0]?.end();
    await first.clock.advance(3000);
    await stopped;
    expect(turns.map((turn) => turn.text)).toEqual(["one"]);
    expect(chat.texts()).toEqual(["First."]);
    const { gateway, clock } = await startGateway({ chat, store, clock: first.clock });
    await clock.advance(1000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["First.", "echo: two"]);
    await gateway.stop();
  });

  it("keeps what comes in, and tells each conversation of that once", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    const { agent, turns } = createHeldAgent();
    const first = await startGateway({ chat, store, agent });
    await chat.says("one");
    await settle();
    const stopped = first.gateway.stop(drain);
    await settle();
    expect(await chat.says("two")).toBe("stored");
    expect(await chat.says("three")).toBe("stored");
    expect(await chat.says("other", { chatId: "c2", userId: "8" })).toBe("stored");
    await first.clock.advance(1000);
    expect([chat.texts(), chat.texts("c2")]).toEqual([[kept], [kept]]);
    turns[0]?.say("First.");
    turns[0]?.end();
    await first.clock.advance(3000);
    await stopped;
    const { gateway, clock } = await startGateway({ chat, store, clock: first.clock });
    await clock.advance(1000);
    await gateway.idle();
    expect(chat.texts()).toEqual([kept, "First.", "echo: two", "echo: three"]);
    expect(chat.texts("c2")).toEqual([kept, "echo: other"]);
    await gateway.stop();
  });

  it("interrupts what is not over within its time, and the next process takes it up", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    const held = createHeldAgent();
    const first = await startGateway({ chat, store, agent: held.agent });
    await chat.says("hello");
    await settle();
    held.turns[0]?.say("The begin");
    await first.clock.advance(2000);
    const stopping = watch(first.gateway.stop(drain));
    await first.clock.advance(9000);
    expect(held.turns[0]?.signal.aborted).toBe(false);
    await first.clock.advance(5000);
    expect([stopping.isOver, held.turns[0]?.signal.reason]).toEqual([true, "shutdown"]);
    expect(first.clock.pending).toBe(0);
    const { gateway, clock } = await startGateway({ chat, store, clock: first.clock });
    await clock.advance(5000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("that is told to interrupt after all does so at once", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat, clock } = await startGateway({ agent });
    await chat.says("hello");
    await settle();
    const stopping = watch(gateway.stop(drain));
    await clock.advance(1000);
    const second = watch(gateway.stop({ mode: "interrupt" }));
    await clock.advance(100);
    expect(turns[0]?.signal.reason).toBe("shutdown");
    await clock.advance(1500);
    expect([stopping.isOver, second.isOver]).toEqual([true, true]);
  });

  it("still answers commands: whoever stops their turn brings the end nearer", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat, clock } = await startGateway({ agent });
    await chat.says("hello");
    await settle();
    const stopping = watch(gateway.stop(drain));
    await settle();
    await chat.says("/stop");
    await clock.advance(2000);
    expect(turns[0]?.signal.reason).toBe("stop");
    expect(chat.texts()).toEqual(["Stopped."]);
    expect(stopping.isOver).toBe(true);
  });

  it("does not wait for an answer of a person: the question stays valid", async () => {
    const question: Question = { key: "q", kind: "text", prompt: "Your name?", expiresAfterMs: 3_600_000, onExpiry: "" };
    const agent: AgentFunction = async function* (turn) {
      const answer = await turn.ask(question);
      yield text(`Hello, ${"text" in answer ? (answer.text ?? "") : ""}.`);
    };
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    const first = await startGateway({ chat, store, agent });
    await chat.says("hello");
    await first.clock.advance(1000);
    const stopping = watch(first.gateway.stop(drain));
    await first.clock.advance(200);
    expect(stopping.isOver).toBe(true);
    const { gateway, clock } = await startGateway({ chat, store, agent, clock: first.clock });
    await chat.says("Ada");
    await clock.advance(1000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["Your name?", "Hello, Ada."]);
    await gateway.stop();
  });

  it("does not wait for a platform that is away", async () => {
    const chat = createScriptedPlatform({ style: "edit" });
    chat.fail(...Array.from({ length: 20 }, () => ({ on: "connect", failure: { kind: "unavailable" } }) as const));
    const { gateway, clock } = await startGateway({ chat });
    await gateway.fetch(new Request("http://host/webhooks/scripted", { method: "POST", body: "hello" }));
    await clock.advance(500);
    expect([chat.texts(), gateway.status().busyLanes]).toEqual([[], 1]);
    const stopping = watch(gateway.stop(drain));
    await clock.advance(1500);
    expect(stopping.isOver).toBe(true);
  });

  it("waits a moment only for a chat that takes no calls for a while: the next process shows what is complete", async () => {
    const { gateway, chat, clock } = await startGateway();
    chat.fail({ on: "send", failure: { kind: "rate-limited", retryAfterMs: 600_000 } });
    await chat.says("hello");
    await clock.advance(1000);
    const stopping = watch(gateway.stop(drain));
    await clock.advance(2900);
    expect(stopping.isOver).toBe(false);
    await clock.advance(1700);
    expect(stopping.isOver).toBe(true);
  });

  it("refuses what nobody could be answered: whoever asks by a request is gone before the next process", async () => {
    const { agent } = createHeldAgent();
    const { gateway, chat, clock } = await startGateway({ agent });
    await chat.says("hello");
    await settle();
    const stopped = gateway.stop(drain);
    await settle();
    await expect(chat.says("quick", { chatId: "api", lifetime: "request" })).rejects.toThrow("The gateway is ending");
    expect(await chat.says("/status", { chatId: "api", lifetime: "request" })).toBe("stored");
    await clock.advance(15_000);
    await stopped;
  });

  it("takes webhooks until it stops", async () => {
    const { agent } = createHeldAgent();
    const { gateway, chat, clock } = await startGateway({ agent });
    await chat.says("hello");
    const stopped = gateway.stop(drain);
    await settle();
    const ask = () => gateway.fetch(new Request("http://host/webhooks/scripted", { method: "POST", body: "hook" }));
    expect((await ask()).status).toBe(200);
    await clock.advance(15_000);
    await stopped;
    expect((await ask()).status).toBe(503);
  });

  it("that is not to start again by itself says so in other words", async () => {
    const { agent } = createHeldAgent();
    const { gateway, chat, clock } = await startGateway({ agent });
    await chat.says("hello");
    await settle();
    const stopped = gateway.stop({ mode: "drain", drainMs: 3000 });
    await settle();
    await chat.says("two");
    await clock.advance(5000);
    await stopped;
    expect(chat.texts()).toEqual(["I am being stopped. Your message is kept, and answered once I run again."]);
  });
});
