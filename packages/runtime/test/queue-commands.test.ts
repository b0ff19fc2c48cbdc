import { describe, expect, it } from "vitest";
import type { CommandEvent } from "@hermes/core";
import { settle } from "@hermes/runtime/testing";
import { parseQueueCall } from "../src/commands/queue.ts";
import { createHeldAgent, startGateway, type BenchOptions } from "./set-up.ts";

async function start(options: BenchOptions = {}, features: Parameters<typeof createHeldAgent>[0] = {}) {
  const { agent, turns } = createHeldAgent(features);
  const bench = await startGateway({ agent, busy: { acknowledge: false }, ...options });
  const say = async (text: string, more: Parameters<typeof bench.chat.says>[1] = {}) => {
    const before = bench.chat.standing.length;
    await bench.chat.says(text, more);
    await bench.clock.advance(1000);
    return bench.chat.standing
      .slice(before)
      .map((each) => each.text)
      .join("\n");
  };
  const endAll = async () => {
    for (let index = 0; index < turns.length; index += 1) {
      turns[index]?.end();
      await bench.clock.advance(1000);
    }
    await bench.gateway.stop();
    return turns.map(({ text }) => text);
  };
  return { ...bench, turns, say, endAll };
}

describe("/queue", () => {
  it("with a text is a message that waits for its turn, whatever the mode", async () => {
    const { say, endAll, turns } = await start();
    await say("one");
    expect(await say("/queue two")).toBe("");
    expect(await say("/q three")).toBe("");
    expect(turns[0]?.signal.aborted).toBe(false);
    expect(await endAll()).toEqual(["one", "two", "three"]);
  });

  it("where nothing runs is answered at once", async () => {
    const { say, endAll } = await start();
    await say("/queue hello");
    expect(await endAll()).toEqual(["hello"]);
  });

  it("refuses honestly what is too much", async () => {
    const { say, endAll, chat } = await start({ limits: { maxQueuedPerSession: 2 } });
    await say("one");
    await say("/queue two");
    await say("/queue three");
    expect(await chat.says("/queue four")).toBe("refused");
    expect(await endAll()).toEqual(["one", "two", "three"]);
  });

  it("lists what waits, changes it and drops it", async () => {
    const { say, endAll } = await start();
    expect(await say("/queue")).toMatch(/^Nothing waits\./u);
    await say("one");
    await say(`/queue ${"long ".repeat(40)}`);
    await say("/queue three");
    await say("/queue four");
    expect(await say("/queue")).toMatch(/^3 messages wait:\n\n1\. (?:long ){15}long…\n2\. three\n3\. four\n/u);
    expect(await say("/queue edit 2 three, but better")).toBe("Message 2 is changed.");
    expect(await say("/queue drop 1")).toBe("Dropped.");
    expect(await say("/queue drop 9")).toBe("There is no waiting message 9. /queue lists what waits.");
    expect(await say("/queue list")).toMatch(/^2 messages wait:\n\n1\. three, but better\n2\. four\n/u);
    expect(await say("/queue drop all")).toBe("Dropped 2 messages.");
    expect(await say("/queue drop all")).toBe("There was nothing to drop.");
    expect(await endAll()).toEqual(["one"]);
  });

  it("in a shared thread lets each change their own", async () => {
    const access = { allow: ["scripted:7", "scripted:8"], admins: ["scripted:9"] };
    const thread = { chatId: "g", type: "group", threadId: "t" } as const;
    const { say, endAll } = await start({ access });
    await say("one", { ...thread, userId: "7" });
    await say("/queue two", { ...thread, userId: "7" });
    expect(await say("/queue drop 1", { ...thread, userId: "8" })).toMatch(/^Somebody else is being answered here/u);
    expect(await say("/queue edit 1 gotcha", { ...thread, userId: "8" })).toMatch(/^Somebody else is being answered here/u);
    expect(await endAll()).toEqual(["one", "two"]);
  });

  it("given as the platform's own command is the same", async () => {
    const { say, chat, clock, endAll } = await start();
    await say("one");
    const {
      type: _type,
      text: _text,
      messageId: _id,
      addressed: _addressed,
      attachments: _attachments,
      ...common
    } = chat.message("");
    const command: CommandEvent = { ...common, type: "command", name: "queue", arguments: "two" };
    await chat.offer([command]);
    await clock.advance(1000);
    expect(await endAll()).toEqual(["one", "two"]);
  });

  it("is read as one of four things", () => {
    expect(
      ["", "list", "LIST", "drop 3", "drop ALL", "edit 2 a\nb", "drop it", "edit 2", "drop 3 now", "hello"].map(parseQueueCall),
    ).toEqual([
      { kind: "list" },
      { kind: "list" },
      { kind: "list" },
      { kind: "drop", place: 3 },
      { kind: "drop", place: "all" },
      { kind: "edit", place: 2, text: "a\nb" },
      { kind: "add", text: "drop it" },
      { kind: "add", text: "edit 2" },
      { kind: "add", text: "drop 3 now" },
      { kind: "add", text: "hello" },
    ]);
  });
});

describe("/steer", () => {
  it("says something to the turn that runs, whatever the mode", async () => {
    const { say, endAll, turns } = await start({}, { steer: true });
    await say("one");
    await say("/steer mind the gap");
    expect((await turns[0]?.turn.takeSteering())?.map(({ text }) => text)).toEqual(["mind the gap"]);
    expect(await endAll()).toEqual(["one"]);
  });

  it("waits for its turn where the agent takes nothing in", async () => {
    const { say, endAll } = await start();
    await say("one");
    await say("/steer mind the gap");
    expect(await endAll()).toEqual(["one", "mind the gap"]);
  });

  it("alone says how it is written", async () => {
    const { say, endAll } = await start();
    expect(await say("/steer")).toMatch(/^Write `\/steer`/u);
    await endAll();
  });
});

describe("What an agent took before its process ended", () => {
  it("is offered to it again, or becomes the next turn", async () => {
    for (const takesAgain of [true, false]) {
      const first = await start({ busy: { mode: "steer", acknowledge: false } }, { steer: true });
      await first.say("one");
      await first.say("more");
      await first.turns[0]?.turn.takeSteering();
      const stopping = first.gateway.stop();
      await first.clock.advance(10_000);
      await stopping;
      const { store, chat } = first;
      const next = await start({ busy: { mode: "steer", acknowledge: false }, store, chat }, { steer: true });
      await settle();
      if (takesAgain) expect((await next.turns[0]?.turn.takeSteering())?.map(({ text }) => text)).toEqual(["more"]);
      expect(await next.endAll()).toEqual(takesAgain ? ["one"] : ["one", "more"]);
    }
  });
});
