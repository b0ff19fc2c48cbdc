import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createFakeClock, settle } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { FailureLimit } from "../../src/credentials/failure-limit.ts";
import { cookieNameOf } from "../../src/http/cookie-name.ts";
import { adminToken, bearer, configure, connect, openHouse, readToken, rpc, writeToken, type Answer } from "./house.ts";

const kindOf = ({ error }: Answer): string => error?.data.kind ?? "done";

describe("A scope", () => {
  const asked = [
    ["session.list", {}, "read"],
    ["access.check", { platform: "scripted", userId: "1" }, "read"],
    ["chat.send", { text: "hello" }, "write"],
    ["messages.send", { target: "web:owner", text: "hello" }, "write"],
    ["access.list", {}, "admin"],
    ["console.code", {}, "admin"],
    ["platforms.pause", { id: "nobody" }, "admin"],
    ["tokens.rotate", {}, "admin"],
  ] as const;
  const tokens = { read: readToken, write: writeToken, admin: adminToken } as const;
  const ranks = { read: 1, write: 2, admin: 3 } as const;

  it.each(["read", "write", "admin"] as const)(
    "%s is enough for what needs it and for nothing else, over both doors",
    async (held) => {
      const house = await openHouse();
      const talk = await connect(house.url, bearer(tokens[held]));
      for (const [method, params, needed] of asked) {
        const isRefused = ranks[held] < ranks[needed];
        expect([method, kindOf(await talk.ask(method, params)) === "forbidden"]).toEqual([method, isRefused]);
        expect([method, kindOf(await rpc(house.url, tokens[held], method, params)) === "forbidden"]).toEqual([method, isRefused]);
      }
    },
  );

  it("read opens no door that writes", async () => {
    const { url } = await openHouse();
    const post = { method: "POST", headers: { ...bearer(readToken), "content-type": "application/json" }, body: "{}" };
    for (const path of ["/v1/messages", "/v1/files?name=a.txt"]) expect((await fetch(`${url}${path}`, post)).status).toBe(403);
    expect((await fetch(`${url}/metrics`, { headers: bearer(readToken) })).status).toBe(200);
  });

  it("comes from the credential, whatever somebody says of themselves", async () => {
    const { url, home } = await openHouse();
    const cookie = `${cookieNameOf(home)}=${adminToken}`;
    const claims = { ...bearer(readToken), "x-scope": "admin", "x-user": "owner", cookie };
    const talk = await connect(url, claims);
    expect(kindOf(await talk.ask("access.list", { scope: "admin" }))).toBe("forbidden");
    expect(kindOf(await rpc(url, readToken, "access.list", { scope: "admin" }))).toBe("forbidden");
    const response = await fetch(`${url}/rpc`, {
      method: "POST",
      headers: { ...claims, "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "access.list", scope: "admin", caller: { scope: "admin" } }),
    });
    expect(await response.json()).toMatchObject({ error: expect.anything() as unknown });
  });

  it("write reaches one's own conversations and nobody else's", async () => {
    const { url } = await openHouse();
    const other = { text: "hello", session_key: "agent:main:web:dm:owner" };
    expect(kindOf(await rpc(url, writeToken, "chat.send", other))).toBe("forbidden");
    expect(kindOf(await rpc(url, writeToken, "chat.stop", { session_key: other.session_key }))).toBe("forbidden");
    expect(await rpc(url, writeToken, "chat.send", { text: "hello" })).toMatchObject({ result: { text: "echo: hello" } });
    expect(await rpc(url, adminToken, "chat.send", other)).toMatchObject({ result: { text: "echo: hello" } });
  });
});

describe("Guessing", () => {
  it("a token ends after ten tries of an address, over sockets and requests together, for a minute", async () => {
    const clock = createFakeClock();
    const { url } = await openHouse({ clock });
    for (let tries = 0; tries < 5; tries += 1) {
      await expect(connect(url, bearer(`wrong-${tries}`))).rejects.toThrow("401");
      expect((await fetch(`${url}/metrics`, { headers: bearer(`wrong-${tries}`) })).status).toBe(401);
    }
    await expect(connect(url, bearer(adminToken))).rejects.toThrow("429");
    expect((await fetch(`${url}/readyz`)).status).toBe(429);
    await clock.advance(60_000);
    await connect(url, bearer(adminToken));
  });

  it("from one network of IPv6 counts as one", () => {
    let nowMs = 0;
    const limit = new FailureLimit(() => nowMs);
    for (let host = 1; host <= 10; host += 1) limit.add(`2001:db8:1:2:${host}::${host}`);
    expect(limit.isBlocked("2001:db8:1:2:ffff:ffff:ffff:ffff")).toBe(true);
    expect(limit.isBlocked("2001:db8:1:3::1")).toBe(false);
    expect(limit.isBlocked("192.0.2.1")).toBe(false);
    for (let count = 0; count < 10; count += 1) limit.add("::1");
    expect(limit.isBlocked("::1")).toBe(true);
    nowMs = 60_000;
    expect(limit.isBlocked("2001:db8:1:2::1")).toBe(false);
  });

  it("remembers no more addresses than there is room for", () => {
    const limit = new FailureLimit(() => 0);
    for (let count = 0; count < 10; count += 1) limit.add("192.0.2.1");
    for (let index = 0; index < 10_000; index += 1) limit.add(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
    expect(limit.isBlocked("192.0.2.1")).toBe(false);
  });
});

describe("A token that is replaced", () => {
  const server = "host: 127.0.0.1";
  const tokenOf = async (home: string): Promise<string> => (await readFile(join(home, "gateway", "token"), "utf8")).trim();

  it("is good beside the new one until its time is over, and its sockets are closed then", async () => {
    const clock = createFakeClock();
    const { url, home, logged } = await openHouse({ server, clock });
    const old = await tokenOf(home);
    const first = await connect(url, bearer(old));
    expect(await first.ask("tokens.rotate", { keepMs: 60_000 })).toMatchObject({
      result: { oldGoodUntilMs: clock.now() + 60_000 },
    });
    const now = await tokenOf(home);
    expect(now).not.toBe(old);
    const second = await connect(url, bearer(now));
    const third = await connect(url, bearer(old));
    expect(await first.ask("gateway.status")).toMatchObject({ result: { connections: 3 } });
    await clock.advance(60_000);
    expect([(await first.closed)[0], (await third.closed)[0]]).toEqual([4401, 4401]);
    expect(await second.ask("gateway.status")).toMatchObject({ result: { connections: 1 } });
    await expect(connect(url, bearer(old))).rejects.toThrow("401");
    expect(logged.join("\n")).not.toContain(now);
  });

  it("at once takes who asked for it along, and every token that was made meanwhile", async () => {
    const { url, home } = await openHouse({ server });
    const first = await connect(url, bearer(await tokenOf(home)));
    void first.ask("tokens.rotate", { keepMs: 1_000_000 });
    void first.ask("tokens.rotate", { keepMs: 1_000_000 });
    void first.ask("tokens.rotate");
    expect((await first.closed)[0]).toBe(4401);
    const newest = await tokenOf(home);
    const second = await connect(url, bearer(newest));
    expect(await second.ask("gateway.status")).toMatchObject({ result: { connections: 1 } });
  });

  it("is still good after a restart, as long as was said", async () => {
    const clock = createFakeClock();
    const house = await openHouse({ server, clock });
    const old = await tokenOf(house.home);
    await rpc(house.url, old, "tokens.rotate", { keepMs: 3_600_000 });
    await house.stop();
    const { url } = await openHouse({ clock, after: house });
    const [before, now] = [await connect(url, bearer(old)), await connect(url, bearer(await tokenOf(house.home)))];
    await clock.advance(3_600_000);
    expect((await before.closed)[0]).toBe(4401);
    expect(await now.ask("gateway.status")).toHaveProperty("result");
  });

  it("stands in the configuration, and is replaced there", async () => {
    const { url } = await openHouse();
    expect(kindOf(await rpc(url, adminToken, "tokens.rotate"))).toBe("conflict");
    const clock = createFakeClock();
    const until = new Date(clock.now() + 60_000).toISOString();
    const rotated = `token: ${adminToken}, previousToken: the-token-before-that-one, previousTokenUntil: "${until}"`;
    const house = await openHouse({ server: rotated, clock });
    const talk = await connect(house.url, bearer("the-token-before-that-one"));
    await clock.advance(60_000);
    expect((await talk.closed)[0]).toBe(4401);
    await settle();
    await expect(connect(house.url, bearer("the-token-before-that-one"))).rejects.toThrow("401");
  });

  it("is never half of the configuration", async () => {
    await expect(configure({ "config.yaml": `server: { token: ${adminToken}, readToken: ${adminToken} }` })).rejects.toThrow(
      "server.readToken: is the same token as `server.token`",
    );
    for (const until of ["", ", previousTokenUntil: soon", ", previousTokenUntil: 12/31/2026"])
      await expect(configure({ "config.yaml": `server: { previousToken: ${adminToken}${until} }` })).rejects.toThrow(
        "server.previousTokenUntil",
      );
  });
});
