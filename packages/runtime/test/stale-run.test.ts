import { describe, expect, it } from "vitest";
import type { AgentEvent, AgentFunction, Question, Turn } from "@hermes/core";
import { text } from "@hermes/core";
import { createFakeClock, createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { watchStaleRun } from "../src/turn/stale-run.ts";
import { forever } from "./mortal.ts";
import { createHeldAgent, startGateway } from "./set-up.ts";

const minuteMs = 60_000;
const gaveUp = "I gave up: there was no sign of life for 30 min. /retry lets me try again.";
const quiet = "I am still at work, with no sign of life for 22 min. /stop ends it.";

/** Says and does this, and then nothing more, without an end. */
function stuckAfter(...events: readonly AgentEvent[]) {
  const turns: Turn[] = [];
  const agent: AgentFunction = async function* (turn) {
    turns.push(turn);
    yield* events;
    await forever();
  };
  return { agent, turns };
}

describe("A turn whose agent gives no sign of life", () => {
  it("is ended after half an hour: people are told, and what was said stays in the history", async () => {
    const { agent, turns } = stuckAfter(text("Let me see."));
    const { gateway, chat, clock, store } = await startGateway({ agent });
    await chat.says("hello");
    await clock.advance(22 * minuteMs);
    expect(chat.texts()).toEqual(["Let me see."]);
    await clock.advance(minuteMs);
    expect(chat.texts()).toEqual(["Let me see.", quiet]);
    await clock.advance(8 * minuteMs);
    await gateway.idle();
    expect(turns[0]?.signal.reason).toBe("timeout");
    expect(chat.texts()).toEqual(["Let me see.", quiet, gaveUp]);
    const [session] = await store.listSessions({ limit: 1 });
    const history = await store.history({ sessionId: session?.id ?? "", limit: 10 });
    expect(history.map((entry) => entry.text)).toEqual(["hello", "Let me see."]);
    expect((await store.reply(turns[0]?.id ?? ""))?.state).toBe("interrupted");
    await gateway.stop();
    expect(clock.pending).toBe(0);
  });

  it("may be tried again, and the conversation goes on", async () => {
    const held = createHeldAgent();
    const { gateway, chat, clock } = await startGateway({ agent: held.agent });
    await chat.says("hello");
    await clock.advance(31 * minuteMs);
    await chat.says("/retry");
    await clock.advance(1000);
    expect(held.turns.map((turn) => turn.text)).toEqual(["hello", "hello"]);
    held.turns[1]?.say("Hi.");
    held.turns[1]?.end();
    await clock.advance(1000);
    await gateway.idle();
    expect(chat.texts()).toEqual(expect.arrayContaining(["Hi."]));
    await gateway.stop();
  });

  it("goes on as long as there is any: each kind of event counts", async () => {
    const signs: readonly AgentEvent[] = [
      text("One."),
      { type: "reasoning-delta", text: "…" },
      { type: "tool-start", callId: "a", title: "Look", effect: "none" },
      { type: "tool-end", callId: "a", outcome: "done" },
      { type: "usage", usage: { inputTokens: 1, outputTokens: 1 } },
      { type: "checkpoint", transcript: [] },
    ];
    let next = (): void => undefined;
    const agent: AgentFunction = async function* () {
      for (const sign of signs) {
        await new Promise<void>((resolve) => (next = resolve));
        yield sign;
      }
    };
    const { gateway, chat, clock } = await startGateway({ agent });
    await chat.says("hello");
    for (const _ of signs) {
      await clock.advance(20 * minuteMs);
      next();
    }
    await clock.advance(1000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["One."]);
    await gateway.stop();
  });

  it("is not ended while a person is asked, and has its time again after the answer", async () => {
    const question: Question = { key: "q", kind: "text", prompt: "Name?", expiresAfterMs: 48 * 60 * minuteMs, onExpiry: "" };
    const agent: AgentFunction = async function* (turn) {
      await turn.ask(question);
      await forever();
      yield text("never");
    };
    const { gateway, chat, clock } = await startGateway({ agent });
    await chat.says("hello");
    await clock.advance(24 * 60 * minuteMs);
    expect(chat.texts()).toEqual(["Name?"]);
    await chat.says("Ada");
    await clock.advance(29 * minuteMs);
    expect(chat.texts()).toEqual(["Name?", quiet]);
    await clock.advance(2 * minuteMs);
    await gateway.idle();
    expect(chat.texts()).toEqual(["Name?", quiet, gaveUp]);
    await gateway.stop();
  });

  it("is warned of once, and not at all to a caller who waits for the answer itself", async () => {
    let next = (): void => undefined;
    const agent: AgentFunction = async function* () {
      for (let round = 0; round < 3; round += 1) {
        await new Promise<void>((resolve) => (next = resolve));
        yield { type: "usage", usage: { inputTokens: 1, outputTokens: 1 } };
      }
      yield text("Done.");
    };
    const { gateway, chat, clock } = await startGateway({ agent });
    for (const lifetime of ["durable", "request"] as const) {
      await chat.says("hello", { lifetime, chatId: lifetime });
      for (let round = 0; round < 3; round += 1) {
        await clock.advance(25 * minuteMs);
        next();
        await settle();
      }
      await clock.advance(1000);
    }
    await gateway.idle();
    expect([chat.texts("durable"), chat.texts("request")]).toEqual([[quiet, "Done."], ["Done."]]);
    await gateway.stop();
  });

  it("goes on for ever where that is wanted", async () => {
    const { agent, turns } = stuckAfter();
    const { gateway, chat, clock } = await startGateway({ agent, limits: { inactivityMs: 0 } });
    await chat.says("hello");
    await clock.advance(7 * 24 * 60 * minuteMs);
    expect([chat.texts(), turns[0]?.signal.aborted]).toEqual([[], false]);
    const stopped = gateway.stop();
    await clock.advance(10_000);
    await stopped;
  });

  it("gives its place and its lane to others when it is ended", async () => {
    const chat = createScriptedPlatform({ style: "edit" });
    const agent: AgentFunction = async function* (turn) {
      if (turn.input[0].text === "stuck") await forever();
      yield text(`echo: ${turn.input[0].text}`);
    };
    const { gateway, clock } = await startGateway({ chat, agent, limits: { maxTurns: 1, inactivityMs: minuteMs } });
    await chat.says("stuck");
    await chat.says("behind it");
    await chat.says("elsewhere", { chatId: "c2" });
    await clock.advance(2 * minuteMs);
    await gateway.idle();
    expect([chat.texts().at(-1), chat.texts("c2")]).toEqual(["echo: behind it", ["echo: elsewhere"]]);
    await gateway.stop();
  });
});

describe("Watching a run", () => {
  it("leaves nothing behind", async () => {
    const clock = createFakeClock();
    const turn = new AbortController();
    const watch = watchStaleRun({ clock, signal: turn.signal, inactivityMs: 1000, onQuiet: () => undefined });
    watch.pause();
    watch.pause();
    watch.resume();
    expect(clock.pending).toBe(0);
    watch.resume();
    expect(clock.pending).toBe(1);
    watch.stop();
    watch.resume();
    turn.abort("stop");
    await clock.advance(5000);
    expect([clock.pending, watch.signal.aborted]).toEqual([0, false]);
  });

  it("follows the turn's own signal, also one that is aborted already", () => {
    const clock = createFakeClock();
    const turn = new AbortController();
    const options = { clock, signal: turn.signal, inactivityMs: 1000, onQuiet: () => undefined };
    const before = watchStaleRun(options);
    turn.abort("stop");
    const after = watchStaleRun(options);
    expect([before.signal.reason, after.signal.reason]).toEqual(["stop", "stop"]);
    before.stop();
    after.stop();
  });
});
