import { describe, expect, it } from "vitest";
import type { Agent } from "@hermes/core";
import { settle } from "@hermes/runtime/testing";
import { createHeldAgent, echo, startGateway } from "./set-up.ts";

describe("A command", () => {
  it("is never given to the agent", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat } = await startGateway({ agent });
    for (const text of ["/help", "/start", "/status", "/whoami", "/new", "/reset", "/stop", "/HELP", "/help me please"])
      await chat.says(text);
    await gateway.idle();
    expect(turns).toHaveLength(0);
    expect(chat.texts()).toHaveLength(9);
    await gateway.stop();
  });

  it("runs by its exact name only", async () => {
    const { gateway, chat } = await startGateway();
    await chat.says("hello");
    await gateway.idle();
    for (const text of ["/ne", "/neww", "/n", "/s"]) await chat.says(text);
    await gateway.idle();
    expect(chat.texts().slice(1)).toEqual(
      ["/ne", "/neww", "/n", "/s"].map((name) => expect.stringContaining(`I do not know ${name}.`)),
    );
    await gateway.stop();
  });

  it("is not what looks like a path", async () => {
    const { gateway, chat } = await startGateway();
    for (const text of ["/etc/hosts is odd", "/", "//", "/ new", "/1"]) await chat.says(text);
    await gateway.idle();
    expect(chat.texts()).toEqual(["/etc/hosts is odd", "/", "//", "/ new", "/1"].map((text) => `echo: ${text}`));
    await gateway.stop();
  });

  it("of a stranger does nothing", async () => {
    const { gateway, chat } = await startGateway({ access: { allow: ["scripted:7"] } });
    expect(await chat.says("/status", { userId: "8" })).toBe("refused");
    await settle();
    expect(chat.texts()).toEqual([]);
    await gateway.stop();
  });
});

describe("/stop", () => {
  it("ends the running turn, keeps what was said, and drops what waits", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat, clock, store } = await startGateway({ agent });
    await chat.says("one");
    await settle();
    turns[0]?.say("Half an answer");
    await clock.advance(500);
    await chat.says("two");
    await chat.says("three");
    await chat.says("/stop");
    await clock.advance(3000);
    await gateway.idle();
    expect(turns[0]?.signal.reason).toBe("stop");
    expect(turns).toHaveLength(1);
    expect(chat.texts()).toEqual(["Half an answer", "Stopped. 2 waiting messages were dropped."]);
    const [session] = await store.listSessions({ limit: 1 });
    const history = await store.history({ sessionId: session?.id ?? "", limit: 10 });
    expect(history.map((entry) => entry.text)).toEqual(["one", "Half an answer"]);
    await gateway.stop();
  });

  it("ends an agent that does not listen", async () => {
    let started = false;
    const { gateway, chat } = await startGateway({
      agent: async function* () {
        started = true;
        await new Promise(() => undefined);
        yield { type: "text-delta", text: "never" };
      },
    });
    await chat.says("one");
    await settle();
    expect(started).toBe(true);
    await chat.says("/stop");
    await gateway.idle();
    expect(chat.texts()).toEqual(["Stopped."]);
    await gateway.stop();
  });

  it("says so when nothing runs", async () => {
    const { gateway, chat } = await startGateway();
    await chat.says("/stop");
    await gateway.idle();
    expect(chat.texts()).toEqual(["Nothing was running."]);
    await gateway.stop();
  });

  it("reaches only the sender's own conversation in a group", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat } = await startGateway({ agent });
    await chat.says("one", { type: "group", userId: "1" });
    await settle();
    await chat.says("/stop", { type: "group", userId: "2" });
    await settle();
    expect(turns[0]?.signal.aborted).toBe(false);
    expect(chat.texts()).toEqual(["Nothing was running."]);
    turns[0]?.end();
    await gateway.stop();
  });
});

describe("/new", () => {
  it("begins a conversation that knows nothing of the one before", async () => {
    const histories: number[] = [];
    const { gateway, chat, store } = await startGateway({
      agent: async function* (turn) {
        histories.push((await turn.history()).length);
        yield { type: "text-delta", text: "ok" };
      },
    });
    for (const text of ["one", "two", "/new", "three"]) {
      await chat.says(text);
      await gateway.idle();
    }
    expect(histories).toEqual([0, 2, 0]);
    const sessionKey = (await store.listSessions({ limit: 1 }))[0]?.key;
    if (sessionKey === undefined) throw new Error("There is no session");
    const { entries } = await store.listSaid({ sessionKey, limit: 10 });
    expect(new Set(entries.map(({ sessionId }) => sessionId)).size).toBe(2);
    expect(await store.search({ text: "two", limit: 5 })).toHaveLength(1);
    await gateway.stop();
  });
});

describe("What comes right behind a command", () => {
  it("belongs to the new conversation where that was /new", async () => {
    const histories: (readonly string[])[] = [];
    const { gateway, chat } = await startGateway({
      agent: async function* (turn) {
        histories.push((await turn.history()).map((entry) => entry.text));
        yield { type: "text-delta", text: "ok" };
      },
    });
    await chat.says("one");
    await gateway.idle();
    await chat.offer([chat.message("/new"), chat.message("two"), chat.message("three")]);
    await gateway.idle();
    expect(histories).toEqual([[], [], ["two", "ok"]]);
    await gateway.stop();
  });

  it("is answered where that was /stop", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat } = await startGateway({ agent });
    await chat.offer([chat.message("one"), chat.message("/stop"), chat.message("two")]);
    await settle();
    expect(turns.map((turn) => [turn.text, turn.signal.aborted])).toEqual([
      ["one", true],
      ["two", false],
    ]);
    turns[1]?.end();
    await gateway.idle();
    await gateway.stop();
  });
});

describe("/status and /whoami", () => {
  it("tell what is going on", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat } = await startGateway({ agent, access: { allow: ["scripted:7"] } });
    await chat.says("one");
    await settle();
    await chat.says("two");
    await chat.says("/status");
    await chat.says("/whoami");
    await settle();
    expect(chat.texts()[0]).toMatch(/Working on an answer\.\nWaiting messages: 1\n/u);
    expect(chat.texts()[1]).toContain("`scripted:7`");
    expect(chat.texts()[1]).toContain("Let in by: allow:scripted:7");
    for (const turn of turns) turn.end();
    await gateway.stop();
  });

  it("speak the language that was chosen", async () => {
    const { gateway, chat } = await startGateway({ language: "zh-CN" });
    await chat.says("/help");
    await gateway.idle();
    expect(chat.texts()[0]).toContain("开始新的对话");
    await gateway.stop();
  });
});

describe("/new", () => {
  it("has the agent forget the conversation that is over", async () => {
    const forgotten: string[] = [];
    const agent: Agent = {
      features: { steer: false, undo: false, resume: "replay" },
      run: echo,
      forget: async (sessionId) => void forgotten.push(sessionId),
    };
    const { gateway, chat, store } = await startGateway({ agent });
    await chat.says("hello");
    await gateway.idle();
    const [session] = await store.listSessions({ limit: 1 });
    await chat.says("/new");
    await gateway.idle();
    expect(forgotten).toEqual([session?.id]);
    await chat.says("/new");
    await gateway.idle();
    expect(forgotten).toHaveLength(1);
    await gateway.stop();
  });
});
