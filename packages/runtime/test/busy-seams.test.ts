import { describe, expect, it } from "vitest";
import { createMemoryStore, type Store } from "@hermes/runtime";
import { settle } from "@hermes/runtime/testing";
import { startHeld } from "./held-conversation.ts";

const windows = { windowMs: 600, splitWindowMs: 2000, splitLength: 4000 };
const common = {
  version: 1,
  chat: { ref: { platform: "scripted", chatId: "c1" }, type: "dm" },
  origin: { author: { id: "7", isBot: false, assurance: "platform" }, lifetime: "durable" },
  at: "2026-01-01T00:00:01.000Z",
} as const;

/** A store that answers for events a little later than for other writes, as one may that commits many at once. */
function answersLate(inner: Store, isLate: () => boolean): Store {
  return new Proxy(inner, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (name !== "acceptEvents") return value.bind(target) as unknown;
      return async (batch: Parameters<Store["acceptEvents"]>[0]) => {
        const accepted = await target.acceptEvents(batch);
        if (isLate()) await settle();
        return accepted;
      };
    },
  });
}

describe("A message that its turn has taken before anybody knew that it is stored", () => {
  it("does not cut off that turn", async () => {
    let isLate = false;
    const store = answersLate(createMemoryStore(), () => isLate);
    const { say, turns, clock, chat, endAll } = await startHeld({ store, busy: {}, scripted: { burst: windows } });
    await say("one");
    await clock.advance(599);
    isLate = true;
    const offered = chat.says("two");
    await clock.advance(1);
    await offered;
    await settle();
    expect(turns.map(({ text, signal }) => [text, signal.aborted])).toEqual([["one\ntwo", false]]);
    expect(await endAll()).toEqual(["one\ntwo"]);
  });
});

describe("A change of a message that is being answered", () => {
  const group = { chatId: "g", type: "group" } as const;
  const inGroup = { ...common, chat: { ref: { platform: "scripted", chatId: "g" }, type: "group" } } as const;

  it("reaches the turn whoever removed it, and also where its platform does not say who that was", async () => {
    for (const [index, id] of ["99", ""].entries()) {
      const { say, offer, turns, heard, endAll } = await startHeld({}, { steer: true });
      await say("one", { ...group, userId: "7", eventId: "m1" });
      const origin = { ...common.origin, author: { ...common.origin.author, id } };
      await offer({ ...inGroup, origin, eventId: `d${index}`, type: "delete", messageIds: ["m1"] });
      expect((await turns[0]?.turn.takeSteering())?.map(({ change }) => change)).toEqual([{ kind: "deleted", before: "one" }]);
      expect(heard.map(({ of }) => of)).toEqual(["running"]);
      await endAll();
    }
  });

  it("reaches it also while others of the same event wait", async () => {
    const { say, offer, turns, heard, endAll } = await startHeld({}, { steer: true });
    await say("one", { eventId: "m1" });
    await say("two", { eventId: "m2" });
    await offer({ ...common, eventId: "d1", type: "delete", messageIds: ["m1", "m2"] });
    expect((await turns[0]?.turn.takeSteering())?.map(({ change }) => change?.before)).toEqual(["one"]);
    expect(heard.map(({ of, before }) => [of, before.length])).toEqual([["queued", 1]]);
    expect(await endAll()).toEqual(["one"]);
  });

  it("reaches it where the message was taken while the turn ran", async () => {
    const { say, offer, turns, heard, endAll } = await startHeld({ busy: { mode: "steer" } }, { steer: true });
    await say("one");
    await say("two", { eventId: "m2" });
    expect(await turns[0]?.turn.takeSteering()).toHaveLength(1);
    await offer({ ...common, eventId: "edit1", type: "edit", messageId: "m2", text: "two, corrected" });
    expect((await turns[0]?.turn.takeSteering())?.map(({ text, change }) => [text, change?.before])).toEqual([
      ["two, corrected", "two"],
    ]);
    expect(heard.map(({ of }) => of)).toEqual(["running"]);
    expect(await endAll()).toEqual(["one"]);
  });

  it("is nobody else's in a shared thread", async () => {
    const { say, offer, turns, heard, endAll } = await startHeld({}, { steer: true });
    const thread = { ref: { platform: "scripted", chatId: "g", threadId: "t" }, type: "group" } as const;
    await say("one", { chatId: "g", threadId: "t", type: "group", userId: "7", eventId: "m1" });
    const origin = { ...common.origin, author: { ...common.origin.author, id: "8" } };
    await offer({ ...common, chat: thread, origin, eventId: "edit1", type: "edit", messageId: "m1", text: "mine" });
    expect(await turns[0]?.turn.takeSteering()).toEqual([]);
    expect(heard.map(({ of }) => of)).toEqual(["past"]);
    await endAll();
  });

  it("does not fill the memory where its agent takes nothing", async () => {
    const { say, offer, turns, endAll } = await startHeld({}, { steer: true });
    await say("one", { eventId: "m1" });
    for (let index = 0; index < 300; index += 1)
      await offer({ ...common, eventId: `edit${index}`, type: "edit", messageId: "m1", text: `one, ${index}` });
    const taken = (await turns[0]?.turn.takeSteering()) ?? [];
    expect([taken.length, taken.at(-1)?.text]).toEqual([200, "one, 299"]);
    await endAll();
  });
});

describe("An agent that was cut off", () => {
  it("is not given what waits: it is answered next", async () => {
    const { say, turns, clock, endAll } = await startHeld({ busy: { mode: "steer" } }, { steer: true });
    await say("one");
    await say("two");
    const given: string[] = [];
    turns[0]?.signal.addEventListener("abort", () => {
      void turns[0]?.turn.takeSteering().then((inputs) => given.push(...inputs.map(({ text }) => text)));
    });
    await say("/busy interrupt");
    await clock.advance(1000);
    await say("three");
    await clock.advance(5000);
    expect(given).toEqual([]);
    expect(await endAll()).toEqual(["one", "two\nthree"]);
  });
});

describe("A message by `/queue`", () => {
  it("that waits is changed by an edit of what was written", async () => {
    const { say, offer, endAll } = await startHeld();
    await say("one");
    await say("/queue two", { eventId: "m2" });
    await say("/steer three", { eventId: "m3" });
    const edit = (messageId: string, text: string) =>
      offer({ ...common, eventId: `edit of ${messageId}`, type: "edit", messageId, text });
    await edit("m2", "/queue two, but better");
    await edit("m3", "/queue drop all");
    expect(await endAll()).toEqual(["one", "two, but better"]);
  });

  it("answers no question: it is asked next", async () => {
    const { say, turns, clock, endAll } = await startHeld();
    await say("one");
    const question = { key: "q", kind: "text", prompt: "How?", expiresAfterMs: 3_600_000, onExpiry: "" } as const;
    const answer = turns[0]?.turn.ask(question);
    await clock.advance(1000);
    await say("/queue two");
    await say("this way");
    expect(await answer).toEqual({ by: "7", text: "this way" });
    expect(await endAll()).toEqual(["one", "two"]);
  });

  it("is no command: one that is to wait does nothing", async () => {
    const { say, turns, clock, chat, endAll } = await startHeld();
    await say("one");
    for (const text of ["/queue /stop", "/steer /stop", "/queue /queue drop all", "/queue two"]) await say(text);
    await clock.advance(1000);
    expect([turns[0]?.signal.aborted, chat.texts().some((text) => text.includes("Stopped"))]).toEqual([false, false]);
    expect(await endAll()).toEqual(["one", "two"]);
  });
});

describe("/retry", () => {
  it("asks again all that the turn was given", async () => {
    const { chat, turns, clock, say, endAll } = await startHeld(
      { busy: { mode: "steer" }, scripted: { burst: windows } },
      { steer: true },
    );
    await say("one");
    await say("two");
    await clock.advance(600);
    await say("three");
    expect(await turns[0]?.turn.takeSteering()).toHaveLength(1);
    await say("/stop");
    await clock.advance(1000);
    await chat.says("/retry");
    await clock.advance(2000);
    expect(await endAll()).toEqual(["one\ntwo", "one\ntwo\nthree"]);
  });
});

describe("/queue drop", () => {
  it("drops nothing that was said after it", async () => {
    const { chat, say, clock, endAll } = await startHeld();
    await say("one");
    await chat.offer([chat.message("/queue drop 1"), chat.message("two")]);
    await clock.advance(1000);
    expect(await endAll()).toEqual(["one", "two"]);
  });
});

describe("An answer that was given twice", () => {
  it("does not cut off what it brought on: the second one waits", async () => {
    let isLate = false;
    const { chat, say, turns, clock, endAll } = await startHeld({
      store: answersLate(createMemoryStore(), () => isLate),
      busy: {},
    });
    await say("one");
    const question = { key: "q", kind: "approval", prompt: "Shall I?", expiresAfterMs: 3_600_000, onExpiry: "" } as const;
    const answer = turns[0]?.turn.ask(question);
    await clock.advance(1000);
    isLate = true;
    const first = chat.says("approve");
    await new Promise((resolve) => setImmediate(resolve));
    const second = chat.says("approve");
    await Promise.all([first, second]);
    isLate = false;
    await settle();
    expect(await answer).toEqual({ by: "7", option: "approve" });
    expect(turns[0]?.signal.aborted).toBe(false);
    expect(await endAll()).toEqual(["one", "approve"]);
  });
});
