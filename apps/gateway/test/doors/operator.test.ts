import { describe, expect, it } from "vitest";
import { adminToken, bearer, connect, openHouse, readToken, rpc, writeToken, type Answer, type Talk } from "./house.ts";

const outcomeOf = ({ result }: Answer) => (result as { readonly done: boolean }).done;

async function sayHello(talk: Talk, text = "hello"): Promise<string> {
  const { result } = await talk.ask("chat.send", { text });
  return (result as { readonly session_key: string }).session_key;
}

describe("An operator at the door", () => {
  it("pauses and resumes a platform, and never a door that they come by", async () => {
    const { url } = await openHouse();
    const talk = await connect(url, bearer(adminToken));
    expect(outcomeOf(await talk.ask("platforms.pause", { id: "scripted" }))).toBe(true);
    expect(outcomeOf(await talk.ask("platforms.pause", { id: "scripted" }))).toBe(false);
    expect(await talk.ask("platforms.status", { id: "scripted" })).toMatchObject({ result: { state: "paused" } });
    expect(outcomeOf(await talk.ask("platforms.resume", { id: "scripted" }))).toBe(true);
    expect(await talk.ask("platforms.pause", { id: "web" })).toMatchObject({
      error: { data: { kind: "conflict", field: "id" } },
    });
    expect(await talk.ask("platforms.pause", { id: "nobody" })).toMatchObject({ error: { data: { kind: "not-found" } } });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  it("sees who is let in, asks what would be decided, and takes a claim back", async () => {
    const { url, chat, composition } = await openHouse();
    const { gateway } = composition;
    const talk = await connect(url, bearer(adminToken));
    await chat.says(gateway.openOwnerClaim().code, { userId: "1" });
    await gateway.idle();
    expect(await talk.ask("access.list")).toMatchObject({
      result: { entries: [{ platform: "scripted", userId: "1", by: "owner" }], open: [] },
    });
    expect(await talk.ask("access.check", { platform: "scripted", userId: "1" })).toMatchObject({
      result: { letIn: true, rule: "owner" },
    });
    expect(await talk.ask("access.check", { platform: "scripted", userId: "2" })).toMatchObject({ result: { letIn: false } });
    expect(outcomeOf(await talk.ask("access.revoke", { platform: "scripted", userId: "1" }))).toBe(true);
    expect(outcomeOf(await talk.ask("access.revoke", { platform: "scripted", userId: "1" }))).toBe(false);
    expect(await talk.ask("access.check", { platform: "scripted", userId: "1" })).toMatchObject({ result: { letIn: false } });
  });

  it("changes what is their own, and what is somebody else's only where they may do everything", async () => {
    const { url } = await openHouse();
    const owner = await connect(url, bearer(adminToken));
    const writer = await connect(url, bearer(writeToken));
    const session_key = await sayHello(owner);
    const own = await sayHello(writer);
    for (const [method, params] of [
      ["session.delete", {}],
      ["session.title", { title: "mine now" }],
    ] as const) {
      expect(await writer.ask(method, { session_key, ...params })).toMatchObject({ error: { data: { kind: "forbidden" } } });
    }
    expect(outcomeOf(await writer.ask("session.title", { session_key: own, title: "mine" }))).toBe(true);
    expect(outcomeOf(await writer.ask("session.delete", { session_key: own }))).toBe(true);
    expect(await owner.ask("session.list")).toMatchObject({ result: { sessions: [{ session_key, title: "hello" }] } });
  });

  it("sees how the gateway is", async () => {
    const { url } = await openHouse();
    const talk = await connect(url, bearer(readToken));
    expect(await talk.ask("gateway.status")).toMatchObject({
      result: { ready: true, reasons: [], connections: 1, runningTurns: 0, agent: "echo" },
    });
    expect(await talk.ask("commands.list")).toMatchObject({
      result: { rows: expect.arrayContaining([{ name: "help", description: "this list" }]) as unknown },
    });
  });

  it("names, finds, reads and deletes a conversation, and whoever follows it hears of it", async () => {
    const { url } = await openHouse();
    const talk = await connect(url, bearer(adminToken));
    const watcher = await connect(url, bearer(readToken));
    const session_key = await sayHello(talk, "the quick brown fox");
    await watcher.ask("session.subscribe", { session_key });
    expect(outcomeOf(await talk.ask("session.title", { session_key, title: "Foxes" }))).toBe(true);
    expect(await watcher.event("session.changed")).toMatchObject({ session_key });
    expect(await talk.ask("session.list")).toMatchObject({
      result: { sessions: [{ session_key, title: "Foxes", running: false }] },
    });
    expect(await talk.ask("session.search", { text: "QUICK" })).toMatchObject({
      result: { hits: [{ session_key, title: "Foxes" }, {}] },
    });
    expect(await talk.ask("chat.history", { session_key })).toMatchObject({
      result: {
        messages: expect.arrayContaining([expect.objectContaining({ role: "user", text: "the quick brown fox" })]) as unknown,
      },
    });
    expect(outcomeOf(await talk.ask("session.delete", { session_key }))).toBe(true);
    expect(await talk.ask("session.list")).toMatchObject({ result: { sessions: [] } });
    expect(outcomeOf(await talk.ask("session.delete", { session_key }))).toBe(false);
    expect(await talk.ask("session.title", { session_key, title: "x".repeat(201) })).toMatchObject({
      error: { data: { kind: "invalid-params" } },
    });
  });

  it("hears what happens in conversations of other platforms", async () => {
    const { url, chat, composition } = await openHouse({ rest: "" });
    const talk = await connect(url, bearer(adminToken));
    await chat.says(composition.gateway.openOwnerClaim().code, { userId: "1", chatId: "1" });
    await composition.gateway.idle();
    await talk.ask("session.subscribe", { session_key: "agent:main:scripted:dm:1" });
    await chat.says("hello", { userId: "1", chatId: "1" });
    expect(await talk.event("session.changed")).toMatchObject({ session_key: "agent:main:scripted:dm:1" });
  });

  it("makes a code that signs a browser in", async () => {
    const { url } = await openHouse();
    const { result } = await rpc(url, adminToken, "console.code");
    const { code } = result as { readonly code: string };
    const signedIn = await fetch(`${url}/console/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url },
      body: JSON.stringify({ code }),
    });
    expect(signedIn.status).toBe(204);
  });
});

describe("A gateway that ends", () => {
  it("tells two hundred sockets so, and does not wait for those who do not answer", async () => {
    const house = await openHouse();
    const { url, doors } = house;
    const talks = await Promise.all(Array.from({ length: 200 }, () => connect(url, bearer(readToken))));
    expect(doors.web.connectionCount).toBe(200);
    // These hear nothing any more.
    for (const { socket } of talks.slice(0, 20)) socket.pause();
    const startedMs = performance.now();
    await house.stop();
    expect(performance.now() - startedMs).toBeLessThan(4000);
    const codes = await Promise.all(talks.slice(20).map(async ({ closed }) => (await closed)[0]));
    expect(new Set(codes)).toEqual(new Set([1012]));
    expect(doors.web.connectionCount).toBe(0);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it("tells those who wait for an answer that they wait in vain, and hangs on nobody", async () => {
    const house = await openHouse({
      agent: async function* (turn) {
        yield { type: "text-delta", text: "thinking" };
        await new Promise((resolve) => turn.signal.addEventListener("abort", resolve));
      },
    });
    const talk = await connect(house.url, bearer(adminToken));
    await talk.ask("chat.send_stream", { text: "hello" });
    await talk.event("chat.delta");
    void talk.ask("chat.send", { text: "and more" });
    await house.stop();
    expect((await talk.closed)[0]).toBe(1012);
  });
});
