import { text, type AgentFunction, type SessionKey } from "@hermes/core";
import { describe, expect, it } from "vitest";
import { createHeldAgent, startGateway } from "./set-up.ts";
import { settle } from "@hermes/runtime/testing";

const key = "agent:main:scripted:dm:c1" as SessionKey;

describe("Conversations", () => {
  it("are read as they went, commands and what the gateway said included", async () => {
    const { gateway, chat, clock } = await startGateway();
    for (const said of ["hello", "/whoami", "bye"]) {
      await chat.says(said);
      await gateway.idle();
      await clock.advance(1000);
    }
    const { rows, next } = await gateway.conversations.history({ sessionKey: key, limit: 50 });
    expect(rows.map(({ role, text: what }) => `${role}: ${what.split("\n")[0]}`)).toEqual([
      "user: hello",
      "assistant: echo: hello",
      "user: /whoami",
      expect.stringMatching(/^notice: /u),
      "user: bye",
      "assistant: echo: bye",
    ]);
    expect(rows[0]?.id).toBe(rows[1]?.id);
    expect(next).toBeUndefined();
    await gateway.stop();
  });

  it("are read page by page without anything missing or twice", async () => {
    const { gateway, chat, clock } = await startGateway();
    const said = ["1", "2", "/whoami", "3", "/status", "4"];
    for (const each of said) {
      await chat.says(each);
      await gateway.idle();
      await clock.advance(10);
    }
    const read: string[] = [];
    for (let before: string | undefined; ;) {
      const page = await gateway.conversations.history({
        sessionKey: key,
        limit: 2,
        ...(before === undefined ? {} : { before }),
      });
      read.unshift(...page.rows.filter(({ role }) => role === "user").map(({ text: what }) => what));
      before = page.next;
      if (before === undefined) break;
    }
    expect(read).toEqual(said);
    await gateway.stop();
  });

  it("show what runs and what waits", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat } = await startGateway({ agent });
    await chat.says("one");
    await settle();
    await chat.says("two");
    await settle();
    const { rows } = await gateway.conversations.history({ sessionKey: key, limit: 50 });
    expect(rows.map(({ text: what, state }) => [what, state])).toEqual([
      ["one", "running"],
      ["two", "waiting"],
    ]);
    expect((await gateway.conversations.list({ limit: 5 })).rows).toMatchObject([{ title: "one", isRunning: true }]);
    expect(await gateway.conversations.delete(key)).toBe("busy");
    for (const turn of turns) turn.end();
    await gateway.stop();
  });

  it("keep the tools an answer took", async () => {
    const agent: AgentFunction = async function* () {
      yield { type: "tool-start", callId: "c1", title: "Search", effect: "none" };
      yield { type: "tool-end", callId: "c1", outcome: "done", summary: "3 hits" };
      yield { type: "tool-start", callId: "c2", title: "Read", effect: "none" };
      yield text("found");
    };
    const { gateway, chat } = await startGateway({ agent });
    await chat.says("look");
    await gateway.idle();
    const { rows } = await gateway.conversations.history({ sessionKey: key, limit: 50 });
    expect(rows[1]?.steps).toEqual([
      { callId: "c1", title: "Search", state: "done", summary: "3 hits" },
      { callId: "c2", title: "Read", state: "failed" },
    ]);
    await gateway.stop();
  });

  it("are found, named, listed by platform, and deleted for good", async () => {
    const { gateway, chat } = await startGateway();
    const { conversations } = gateway;
    await chat.says("a needle in hay");
    await gateway.idle();
    expect(await conversations.search({ text: "needle", limit: 5 })).toMatchObject([
      { title: "a needle in hay" },
      { title: "a needle in hay" },
    ]);
    expect(await conversations.title(key, "  Sewing ")).toBe(true);
    expect((await conversations.list({ limit: 5, platform: "scripted" })).rows).toMatchObject([{ title: "Sewing" }]);
    expect((await conversations.list({ limit: 5, platform: "another" })).rows).toEqual([]);
    expect(await conversations.delete(key)).toBe("done");
    expect(await conversations.delete(key)).toBe("absent");
    expect((await conversations.list({ limit: 5 })).rows).toEqual([]);
    expect(await conversations.search({ text: "needle", limit: 5 })).toEqual([]);
    await gateway.stop();
  });

  it("are listed page by page", async () => {
    const { gateway, chat, clock } = await startGateway();
    for (const chatId of ["a", "b", "c"]) {
      await chat.says("hi", { chatId });
      await gateway.idle();
      await clock.advance(10);
    }
    const first = await gateway.conversations.list({ limit: 2 });
    expect(first.rows.map(({ chat: { ref } }) => ref.chatId)).toEqual(["c", "b"]);
    const rest = await gateway.conversations.list({ limit: 2, after: first.next ?? "" });
    expect(rest.rows.map(({ chat: { ref } }) => ref.chatId)).toEqual(["a"]);
    expect(rest.next).toBeUndefined();
    await gateway.stop();
  });

  it("tell whoever watches when somebody is asked something in the middle of an answer", async () => {
    const agent: AgentFunction = async function* (turn) {
      await turn.ask({ key: "q", kind: "text", prompt: "When?", expiresAfterMs: 60_000, onExpiry: "" });
      yield text("so be it");
    };
    const { gateway, chat } = await startGateway({ agent });
    const read: string[][] = [];
    const readAll = async (sessionKey: SessionKey): Promise<void> => {
      const { rows } = await gateway.conversations.history({ sessionKey, limit: 10 });
      read.push(rows.map(({ text: what }) => what));
    };
    gateway.watch((sessionKey) => void readAll(sessionKey));
    await chat.says("book");
    await settle();
    expect(read.at(-1)).toEqual(["book", "When?"]);
    await chat.says("at two");
    await gateway.idle();
    await settle();
    expect(read.at(-1)).toEqual(["book", "When?", "at two", "so be it"]);
    await gateway.stop();
  });

  it("tell whoever watches when something is said or answered", async () => {
    const { gateway, chat } = await startGateway();
    const changed: SessionKey[] = [];
    const stopWatching = gateway.watch((sessionKey) => changed.push(sessionKey));
    await chat.says("hello");
    await gateway.idle();
    expect(changed).toEqual([key, key]);
    stopWatching();
    await chat.says("again");
    await gateway.idle();
    expect(changed).toHaveLength(2);
    await gateway.stop();
  });
});
