import { describe, expect, it } from "vitest";
import type { ChatRef } from "@hermes/core";
import { startHeld } from "./held-conversation.ts";
import type { BenchOptions } from "./set-up.ts";

let count = 0;

async function start(options: BenchOptions = {}, features: Parameters<typeof startHeld>[1] = {}) {
  const held = await startHeld(options, features);
  const common = (chatId: string, userId: string) => {
    const ref: ChatRef = { platform: "scripted", chatId };
    return {
      version: 1,
      eventId: `change-${(count += 1)}`,
      chat: { ref, type: chatId === "g" ? "group" : "dm" },
      origin: { author: { id: userId, isBot: false, assurance: "platform" }, lifetime: "durable" },
      at: "2026-01-01T00:00:01.000Z",
    } as const;
  };
  const edit = (messageId: string, text: string, { chatId = "c1", userId = "7" } = {}) =>
    held.offer({ ...common(chatId, userId), type: "edit", messageId, text });
  const remove = (messageIds: string[], { chatId = "c1", userId = "7" } = {}) =>
    held.offer({ ...common(chatId, userId), type: "delete", messageIds });
  return { ...held, edit, remove };
}

describe("A message that waits", () => {
  it("is answered as its author changed it", async () => {
    const { say, edit, endAll, heard } = await start();
    await say("one");
    await say("two", { eventId: "m2" });
    await say("three");
    expect(await edit("m2", "two, but better")).toEqual(["stored"]);
    expect(await endAll()).toEqual(["one", "two, but better", "three"]);
    expect(heard.map(({ of, before }) => [of, before.map(({ text }) => text)])).toEqual([["queued", ["two"]]]);
  });

  it("is not answered once it is gone, empty, or a command", async () => {
    const { say, edit, remove, endAll } = await start();
    await say("one");
    for (const id of ["m2", "m3", "m4"]) await say(id, { eventId: id });
    await remove(["m2"]);
    await edit("m3", "  ");
    await edit("m4", "/new");
    expect(await endAll()).toEqual(["one"]);
  });

  it("is changed by its author alone, in its own chat; whoever may remove it there removes it", async () => {
    const { say, edit, remove, endAll } = await start({ access: { allow: ["scripted:7", "scripted:8"] } });
    const group = { chatId: "g", type: "group" } as const;
    await say("one", { ...group, userId: "7" });
    await say("two", { ...group, userId: "7", eventId: "m2" });
    await say("three", { ...group, userId: "7", eventId: "m3" });
    await edit("m2", "mine", { chatId: "g", userId: "8" });
    await edit("m2", "elsewhere", { chatId: "c1", userId: "7" });
    expect(await edit("m2", "a stranger's", { chatId: "g", userId: "99" })).toEqual(["refused"]);
    await remove(["m3"], { chatId: "g", userId: "99" });
    expect(await endAll()).toEqual(["one", "two"]);
  });

  it("that whoever asks is waiting for ends as dropped when it is gone", async () => {
    const { say, remove, endAll, chat } = await start({ scripted: { style: "own" } });
    await say("one", { eventId: "m1" });
    await say("two", { eventId: "m2" });
    await remove(["m2"]);
    expect(chat.endings.map(({ messageId, ending }) => [messageId, ending])).toEqual([["m2", "dropped"]]);
    expect(await endAll()).toEqual(["one"]);
  });
});

describe("A message that is being answered", () => {
  it("is told to an agent that takes it in, as what it was and what it is", async () => {
    const { say, edit, remove, endAll, turns, heard } = await start({}, { steer: true });
    await say("one", { eventId: "m1" });
    await edit("m1", "one, corrected");
    await remove(["m1"]);
    const steering = await turns[0]?.turn.takeSteering();
    expect(steering?.map(({ text, change }) => [text, change])).toEqual([
      ["one, corrected", { kind: "edited", before: "one" }],
      ["", { kind: "deleted", before: "one" }],
    ]);
    expect(await endAll()).toEqual(["one"]);
    expect(heard.map(({ of }) => of)).toEqual(["running", "running"]);
  });

  it("is let be where its agent takes nothing in", async () => {
    const { say, edit, endAll, turns, heard } = await start();
    await say("one", { eventId: "m1" });
    await edit("m1", "one, corrected");
    expect(await turns[0]?.turn.takeSteering()).toEqual([]);
    expect(await endAll()).toEqual(["one"]);
    expect(heard.map(({ of }) => of)).toEqual(["running"]);
  });
});

describe("A message that was answered", () => {
  it("is told to hooks when it changes, and to nobody else", async () => {
    const { say, edit, endAll, turns, clock, heard, gateway } = await start();
    await say("one", { eventId: "m1" });
    turns[0]?.end();
    await clock.advance(1000);
    await edit("m1", "one, corrected");
    expect(heard.map(({ of, event }) => [of, event.type])).toEqual([["past", "edit"]]);
    const [noted] = (await gateway.ledger.listEvents({ limit: 1 })).rows;
    expect(noted).toMatchObject({ verdict: "run", state: "recorded" });
    expect(await endAll()).toEqual(["one"]);
  });
});

describe("A hook", () => {
  it("that fails, or never ends, holds up nothing", async () => {
    const { say, edit, endAll, clock, log } = await start({
      hooks: [
        () => {
          throw new Error("out of order");
        },
        () => new Promise(() => undefined),
      ],
    });
    await say("one", { eventId: "m1" });
    await edit("m1", "better");
    await clock.advance(11_000);
    expect(log.filter((line) => line.includes("hook"))).toEqual([
      "warn: A hook failed over a message-change: out of order",
      "warn: A hook took too long over a message-change and is not waited for",
    ]);
    expect(await endAll()).toEqual(["one"]);
    expect(clock.pending).toBe(0);
  });
});
