import { describe, expect, it } from "vitest";
import { completeCapabilities, type AgentEvent, type Chat, type Connection, type Platform } from "@hermes/core";
import { createFakeClock, createScriptedPlatform, settle, type FakeClock } from "@hermes/runtime/testing";
import { Connections } from "../src/connections.ts";
import { Penalties } from "../src/outbox/penalties.ts";
import { startTyping, type Typing } from "../src/turn/typing.ts";
import { startGateway } from "./set-up.ts";

const chat: Chat = { ref: { platform: "scripted", chatId: "c1" }, type: "dm" };
const minuteMs = 60_000;
const sign: AgentEvent = { type: "text-delta", text: "…" };

interface Bench {
  readonly typing: Typing;
  readonly clock: FakeClock;
  readonly penalties: Penalties;
  /** What was shown, in order. */
  readonly shown: boolean[];
  /** Calls from now on come back only when this is called. */
  readonly hang: () => () => void;
}

/** A sign of life that is refreshed every four seconds. */
function createBench(): Bench {
  const clock = createFakeClock();
  const connections = new Connections();
  const penalties = new Penalties(clock);
  const shown: boolean[] = [];
  let waiting: Promise<void> | undefined;
  const { platform } = createScriptedPlatform({ style: "edit" });
  const setTyping: Connection["setTyping"] = async (_chat, { active }) => {
    shown.push(active);
    await waiting;
  };
  // Nothing else of it is called.
  connections.set("scripted", { setTyping } as unknown as Connection);
  const typing = startTyping(chat, { platform, connections, clock, penalties });
  return {
    typing,
    clock,
    penalties,
    shown,
    hang() {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting = promise;
      return () => {
        waiting = undefined;
        resolve();
      };
    },
  };
}

const count = (shown: readonly boolean[], active: boolean): number => shown.filter((each) => each === active).length;

describe("The sign of life", () => {
  it("stays as long as the agent is heard", async () => {
    const { typing, clock, shown } = createBench();
    for (let minute = 0; minute < 30; minute += 1) {
      typing.hear(sign);
      await clock.advance(minuteMs);
    }
    expect(count(shown, true)).toBe(450);
    typing.stop();
    await settle();
    expect([shown.at(-1), count(shown, false), clock.pending]).toEqual([false, 1, 0]);
  });

  it("ends when nothing is heard for five minutes, and is there again with the next event", async () => {
    const { typing, clock, shown } = createBench();
    await clock.advance(6 * minuteMs);
    expect(shown.at(-1)).toBe(false);
    const before = shown.length;
    await clock.advance(10 * minuteMs);
    expect([shown.length, clock.pending]).toEqual([before, 0]);
    typing.hear(sign);
    await clock.advance(4000);
    expect(shown.slice(before)).toEqual([true, true]);
    typing.stop();
  });

  it("ends after an hour, whatever is heard", async () => {
    const { typing, clock, shown } = createBench();
    for (let minute = 0; minute < 62; minute += 1) {
      typing.hear(sign);
      await clock.advance(minuteMs);
    }
    expect([shown.at(-1), clock.pending]).toEqual([false, 0]);
    const before = shown.length;
    typing.hear(sign);
    typing.pause();
    typing.resume();
    await clock.advance(minuteMs);
    expect(shown).toHaveLength(before);
  });

  it("rests while a person is waited for, also for two things at once", async () => {
    const { typing, clock, shown } = createBench();
    await clock.advance(1000);
    typing.pause();
    typing.pause();
    typing.hear(sign);
    await clock.advance(10 * minuteMs);
    typing.resume();
    await clock.advance(minuteMs);
    expect(shown).toEqual([true, false]);
    typing.resume();
    await clock.advance(5000);
    expect(shown).toEqual([true, false, true, true]);
    typing.stop();
    await settle();
    expect(shown.at(-1)).toBe(false);
  });

  it("makes no call while one has not come back", async () => {
    const { typing, clock, shown, hang } = createBench();
    const comeBack = hang();
    await clock.advance(20 * minuteMs);
    expect(shown).toEqual([true]);
    typing.hear(sign);
    comeBack();
    await clock.advance(5000);
    expect(count(shown, true)).toBeGreaterThan(1);
    typing.stop();
  });

  it("is ended behind the call in flight, and not at all where that hangs", async () => {
    const late = createBench();
    const comeBack = late.hang();
    await late.clock.advance(600);
    late.typing.stop();
    await late.clock.advance(1000);
    expect(late.shown).toEqual([true]);
    comeBack();
    await settle();
    expect(late.shown).toEqual([true, false]);
    const stuck = createBench();
    stuck.hang();
    await stuck.clock.advance(600);
    stuck.typing.stop();
    await stuck.clock.advance(1500);
    expect([stuck.shown, stuck.clock.pending]).toEqual([[true], 0]);
  });

  it("asks nothing of a chat that takes no calls for now", async () => {
    const { typing, clock, penalties, shown } = createBench();
    await clock.advance(1000);
    penalties.note(chat.ref, { kind: "rate-limited", retryAfterMs: minuteMs });
    await clock.advance(minuteMs - 1000);
    expect(shown).toEqual([true]);
    await clock.advance(5000);
    expect(shown.length).toBeGreaterThan(1);
    typing.stop();
  });

  it("is nothing where the platform shows none", async () => {
    const clock = createFakeClock();
    const { platform } = createScriptedPlatform({ style: "edit" });
    const mute: Platform = {
      ...platform,
      capabilities: completeCapabilities({ ...platform.capabilities, typing: false }),
    };
    const typing = startTyping(chat, { platform: mute, connections: new Connections(), clock, penalties: new Penalties(clock) });
    typing.hear(sign);
    typing.pause();
    typing.resume();
    typing.stop();
    expect(clock.pending).toBe(0);
  });
});

describe("While a question waits for a person", () => {
  it("nobody is shown to be at work", async () => {
    const {
      gateway,
      chat: there,
      clock,
    } = await startGateway({
      async *agent(turn) {
        await turn.ask({ key: "q", kind: "text", prompt: "Name?", expiresAfterMs: 60 * minuteMs, onExpiry: "" });
        await new Promise<void>((resolve) => void clock.wakeAt(clock.now() + 10_000, resolve));
        yield { type: "text-delta", text: "Thanks." };
      },
    });
    await there.says("hello");
    await clock.advance(20 * minuteMs);
    expect(there.typing).toEqual([]);
    await there.says("Ada");
    await clock.advance(9000);
    expect(there.typing).toEqual([{ active: true }, { active: true }, { active: true }]);
    await clock.advance(2000);
    await gateway.idle();
    expect(there.typing.at(-1)).toEqual({ active: false });
    await gateway.stop();
  });
});
