import { describe, expect, it } from "vitest";
import type { Agent, AgentEvent, Answer, Question, Turn } from "@hermes/core";
import { text } from "@hermes/core";
import { createMemoryStore, type Store } from "@hermes/runtime";
import {
  createScriptedPlatform,
  settle,
  type FakeClock,
  type ScriptedPlatform,
  type ScriptedStyle,
} from "@hermes/runtime/testing";
import { forever, mortal } from "./mortal.ts";
import { startGateway } from "./set-up.ts";

interface Scene {
  readonly style?: ScriptedStyle;
  readonly resume?: "replay" | "continue";
  /** What the agent does, by run: the first in the process that ends, the next in the one after it. */
  readonly runs: readonly ((turn: Turn) => AsyncIterable<AgentEvent>)[];
}

interface After {
  readonly chat: ScriptedPlatform;
  readonly clock: FakeClock;
  readonly turns: readonly Turn[];
  readonly gateway: Awaited<ReturnType<typeof startGateway>>["gateway"];
  readonly store: Store;
}

/** Somebody says "hello" to a process that ends after a while, and another takes its place. */
async function crash({ style = "edit", resume = "replay", runs }: Scene): Promise<After> {
  const store = createMemoryStore();
  const chat = createScriptedPlatform({ style });
  const turns: Turn[] = [];
  const agent: Agent = {
    features: { steer: false, undo: false, resume },
    run(turn) {
      turns.push(turn);
      return (runs[turns.length - 1] ?? runs.at(-1) ?? nothing)(turn);
    },
  };
  const first = mortal(store);
  const before = await startGateway({ chat, agent, store: first.store });
  await chat.says("hello");
  await before.clock.advance(3000);
  first.end();
  const after = await startGateway({ chat, agent, store, clock: before.clock });
  await after.clock.advance(5000);
  return { chat, turns, store, gateway: after.gateway, clock: before.clock };
}

async function* nothing(): AsyncGenerator<AgentEvent> {}

async function* says(...events: readonly AgentEvent[]): AsyncGenerator<AgentEvent> {
  yield* events;
}

/** Says this, and never comes to an end. */
async function* stuckAfter(...events: readonly AgentEvent[]): AsyncGenerator<AgentEvent> {
  yield* events;
  await forever();
}

const breakHere: AgentEvent = { type: "segment-end" };
const tool = (effect: "none" | "repeatable" | "once", callId = "call"): AgentEvent => ({
  type: "tool-start",
  callId,
  title: callId,
  effect,
});
const toolEnd: AgentEvent = { type: "tool-end", callId: "call", outcome: "done" };
const checkpoint = (state: string): AgentEvent => ({ type: "checkpoint", transcript: [{ kept: state }], state });

describe("A turn that ran when its process ended", () => {
  it("with nothing closed runs again, and an open part is replaced by an edit", async () => {
    const { chat, gateway } = await crash({
      runs: [() => stuckAfter(text("The begin")), () => says(text("The beginning and the end."))],
    });
    await gateway.idle();
    expect(chat.texts()).toEqual(["The beginning and the end."]);
  });

  it("with something closed goes on behind it where the agent can", async () => {
    const { chat, gateway, turns } = await crash({
      resume: "continue",
      runs: [() => stuckAfter(text("One."), breakHere, text("Half of tw")), () => says(text("Two."))],
    });
    await gateway.idle();
    expect(turns[1]?.resume).toEqual({ after: "crash", shown: "One.", open: [] });
    expect(chat.texts()).toEqual(["One.", "Two."]);
  });

  it("with something closed is not begun a second time by an agent that can only start over; /retry does that", async () => {
    const { chat, gateway, turns } = await crash({
      runs: [() => stuckAfter(text("One."), breakHere, text("Half of tw")), () => says(text("One and two."))],
    });
    await gateway.idle();
    expect(turns).toHaveLength(1);
    expect(chat.texts()).toEqual(["One.", "Half of tw", "I was restarted while I was answering. /retry lets me answer again."]);
    await chat.says("/retry");
    await gateway.idle();
    expect(chat.texts().slice(3).toSorted()).toEqual(["Once more, then.", "One and two."]);
  });

  it("with only repeatable tools goes on from its checkpoint", async () => {
    const { chat, gateway, turns, store } = await crash({
      resume: "continue",
      runs: [
        () =>
          stuckAfter(
            text("Looking."),
            tool("repeatable"),
            toolEnd,
            checkpoint("after look"),
            text("Unkept"),
            tool("none", "read"),
          ),
        () => says(text("Found it.")),
      ],
    });
    await gateway.idle();
    expect(turns[1]?.resume).toEqual({ after: "crash", state: "after look", shown: "Looking.\nUnkept", open: [] });
    const transcript: unknown[] = [];
    for await (const entry of turns[1]?.transcript() ?? []) transcript.push(entry);
    expect(transcript).toEqual([{ kept: "after look" }]);
    // What was said after the checkpoint had been closed by the tool behind it: it has been read.
    expect(chat.texts()).toEqual(["Looking.", "Unkept", "Found it."]);
    const [session] = await store.listSessions({ limit: 1 });
    const history = await store.history({ sessionId: session?.id ?? "", limit: 10 });
    expect(history.map((entry) => entry.text)).toEqual(["hello", "Looking.\n\nFound it."]);
  });

  it("with an open repeatable tool tells the agent of it", async () => {
    const { gateway, turns } = await crash({
      resume: "continue",
      runs: [() => stuckAfter(checkpoint("begun"), tool("repeatable")), () => says(text("Done."))],
    });
    await gateway.idle();
    expect(turns[1]?.resume).toMatchObject({ state: "begun", open: [{ callId: "call", effect: "repeatable" }] });
  });

  it.each(["replay", "continue"] as const)(
    "with a tool of lasting effects does not run by itself; the next message goes on from what is open (%s)",
    async (resume) => {
      const { chat, gateway, turns } = await crash({
        resume,
        runs: [() => stuckAfter(text("Paying."), tool("once")), () => says(text("It was paid."))],
      });
      await gateway.idle();
      expect(turns).toHaveLength(1);
      expect(chat.texts()).toEqual(["Paying.", expect.stringContaining("did not repeat what I had begun")]);
      await chat.says("go on");
      await gateway.idle();
      expect(turns[1]?.resume).toMatchObject({ after: "restart", open: [{ callId: "call", effect: "once" }] });
      expect(turns[1]?.resume?.shown).toContain("Paying.");
      expect(chat.texts().at(-1)).toBe("It was paid.");
      await chat.says("and then?");
      await gateway.idle();
      expect(turns[2]?.resume).toBeUndefined();
    },
  );

  it("with a tool of lasting effects that is over is cut off too, unless a checkpoint knows of it", async () => {
    const unknown = await crash({
      resume: "continue",
      runs: [() => stuckAfter(tool("once"), toolEnd), () => says(text("Again."))],
    });
    await unknown.gateway.idle();
    expect(unknown.turns).toHaveLength(1);
    const known = await crash({
      resume: "continue",
      runs: [() => stuckAfter(tool("once"), toolEnd, checkpoint("paid")), () => says(text("Paid."))],
    });
    await known.gateway.idle();
    expect(known.turns[1]?.resume).toMatchObject({ state: "paid", open: [] });
    expect(known.chat.texts()).toEqual(["Paid."]);
  });
});

describe.each(["edit", "final", "live"] as const)("A question, on a platform of style %s", (style) => {
  const question: Question = {
    key: "q1",
    kind: "choice",
    prompt: "Tea or coffee?",
    options: [
      { id: "t", label: "Tea" },
      { id: "c", label: "Coffee" },
    ],
    expiresAfterMs: 60_000,
    onExpiry: "Never mind, then.",
  };
  const asked = "Tea or coffee?\n\n1. Tea\n2. Coffee\n\nAnswer with a number or a name from this list.";

  function asking(answers: Answer[]) {
    return async function* (turn: Turn): AsyncGenerator<AgentEvent> {
      yield text("Let me see.");
      const answer = await turn.ask(question);
      answers.push(answer);
      yield text("by" in answer ? `You get ${answer.option ?? ""}.` : "Nothing.");
    };
  }

  /** What was said, however it was cut into messages. */
  const said = (chat: ScriptedPlatform): string => chat.texts().join("\n\n");
  const answered = (last: string): string => `Let me see.\n\n${asked}\n\n${last}`;

  it("is answered by the one who was asked, and what is no answer waits for its turn", async () => {
    const answers: Answer[] = [];
    const chat = createScriptedPlatform({ style });
    const { gateway, clock } = await startGateway({ chat, agent: asking(answers) });
    await chat.says("hello", { type: "group", eventId: "e0" });
    await clock.advance(3000);
    expect(said(chat)).toBe(`Let me see.\n\n${asked}`);
    await chat.says("neither, what is the weather?", { type: "group" });
    expect(answers).toEqual([]);
    await chat.says("2", { type: "group" });
    await clock.advance(3000);
    expect(answers).toEqual([{ by: "7", option: "c" }]);
    expect(said(chat)).toContain(answered("You get c."));
    const stopped = gateway.stop();
    await clock.advance(10_000);
    await stopped;
  });

  it("stays valid over a restart, and its answer brings the turn on", async () => {
    const answers: Answer[] = [];
    const run = asking(answers);
    const { chat, clock, gateway, turns } = await crash({ style, runs: [run, run] });
    expect(turns).toHaveLength(1);
    expect(said(chat)).toBe(`Let me see.\n\n${asked}`);
    await chat.says("tea");
    await clock.advance(3000);
    await gateway.idle();
    expect(answers).toEqual([{ by: "7", option: "t" }]);
    expect(said(chat)).toBe(answered("You get t."));
  });

  it("that was answered while nobody listened is not asked again", async () => {
    const answers: Answer[] = [];
    const run = asking(answers);
    const { chat, clock, gateway, turns } = await crash({
      style,
      runs: [
        async function* (turn) {
          yield text("Let me see.");
          await turn.ask(question);
          await forever();
        },
        run,
      ],
    });
    await chat.says("coffee");
    await clock.advance(3000);
    await gateway.idle();
    expect(turns).toHaveLength(2);
    expect(said(chat)).toBe(answered("You get c."));
  });

  it("expires, also over a restart", async () => {
    const answers: Answer[] = [];
    const run = asking(answers);
    const { chat, clock, gateway } = await crash({ style, runs: [run, run] });
    await clock.advance(60_000);
    await gateway.idle();
    expect(answers).toEqual([{ expired: true }]);
    expect(said(chat)).toBe(answered("Never mind, then.\n\nNothing."));
  });

  it("ends with /stop", async () => {
    const answers: Answer[] = [];
    const run = asking(answers);
    const { chat, clock, gateway, store } = await crash({ style, runs: [run, run] });
    await chat.says("/stop");
    await clock.advance(3000);
    await gateway.idle();
    expect(answers).toEqual([]);
    expect(chat.texts().at(-1)).toBe("Stopped.");
    expect(await store.listInterruptedTurns({ limit: 10 })).toEqual([]);
  });
});

describe("An agent that starts over and takes another way", () => {
  it("is heard all the same", async () => {
    const question: Question = { key: "q1", kind: "text", prompt: "Your name?", expiresAfterMs: 60_000, onExpiry: "" };
    const { chat, clock, gateway } = await crash({
      runs: [
        async function* (turn) {
          yield text("First.");
          await turn.ask(question);
          await forever();
        },
        () => says(text("I know you.")),
      ],
    });
    await chat.says("Ada");
    await clock.advance(3000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["First.", "Your name?", "I know you."]);
  });

  it("may ask for approval in words of its own language, and no by default is no approval", async () => {
    const answers: Answer[] = [];
    const question: Question = { key: "a", kind: "approval", prompt: "Delete it?", expiresAfterMs: 1000, onExpiry: "" };
    const { gateway, chat, clock } = await startGateway({
      async *agent(turn) {
        answers.push(await turn.ask(question));
        yield text("Thanks.");
      },
    });
    await chat.says("hello");
    await settle();
    expect(chat.texts()).toEqual(["Delete it?\n\n1. Yes\n2. No\n\nAnswer with a number or a name from this list."]);
    await chat.says("no");
    await clock.advance(500);
    await gateway.idle();
    expect(answers).toEqual([{ by: "7", option: "deny" }]);
    await gateway.stop();
  });
});
