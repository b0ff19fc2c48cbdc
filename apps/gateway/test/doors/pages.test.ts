import { createFakeClock } from "@hermes/runtime/testing";
import { createMemoryStore, StoreError, type Store } from "@hermes/runtime";
import { describe, expect, it } from "vitest";
import { pageSessionLifetimeMs, PageSessions } from "../../src/credentials/page-sessions.ts";
import { SignInCodes } from "../../src/credentials/sign-in-codes.ts";
import { adminToken, connect, openHouse, rpc, signedIn, threeTokens } from "./house.ts";

const json = { "content-type": "application/json" };

async function signIn(url: string, code: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return await fetch(`${url}/console/sign-in`, {
    method: "POST",
    headers: { ...json, ...headers },
    body: JSON.stringify({ code }),
  });
}

async function codeOf(url: string): Promise<string> {
  const { result } = await rpc(url, adminToken, "console.code");
  return (result as { readonly code: string }).code;
}

async function openStore(): Promise<Store> {
  const store = createMemoryStore();
  await store.open();
  return store;
}

/** The cookie as a browser sends it back. */
const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]?.split(";")[0] ?? "";

describe("A browser", () => {
  it("signs in with a code, once, however it is written", async () => {
    const { url } = await openHouse();
    const code = await codeOf(url);
    expect(code).toMatch(/^[A-Z2-9]{5}-[A-Z2-9]{5}$/u);
    const response = await signIn(url, ` ${code.toLowerCase().replace("-", " ")} `);
    expect(response.status).toBe(204);
    expect((await signIn(url, code)).status).toBe(401);
    const session = await fetch(`${url}/console/session`, { headers: { cookie: cookieOf(response) } });
    expect(await session.json()).toEqual({ user: "owner", scope: "admin" });
  });

  it("gets a cookie that no script reads and no other site sends; where the way is encrypted, only there", async () => {
    const { url } = await openHouse();
    const [plain = ""] = (await signIn(url, await codeOf(url))).headers.getSetCookie();
    expect(plain).toMatch(/^hermes-[\da-f]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/u);
    const proxied = await openHouse({ server: `${threeTokens}, trustedProxies: [127.0.0.1]` });
    const forwarded = { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" };
    const [secure = ""] = (await signIn(proxied.url, proxied.doors.codes.make().code, forwarded)).headers.getSetCookie();
    expect(secure).toMatch(/; Secure$/u);
    // Cookies know no ports: these two gateways share the name of their machine.
    expect(secure.split("=")[0]).not.toBe(plain.split("=")[0]);
  });

  it("that signs out loses its sockets, and others keep theirs", async () => {
    const house = await openHouse();
    const { url } = house;
    const [one, two] = [{ cookie: await signedIn(house) }, { cookie: await signedIn(house) }];
    const [first, second, other] = [
      await connect(url, { ...one }),
      await connect(url, { ...one }),
      await connect(url, { ...two }),
    ];
    const response = await fetch(`${url}/console/sign-out`, { method: "POST", headers: { ...one } });
    expect([response.status, response.headers.getSetCookie()[0]]).toEqual([204, expect.stringContaining("Max-Age=0")]);
    expect([(await first.closed)[0], (await second.closed)[0]]).toEqual([4401, 4401]);
    expect(await other.ask("gateway.status")).toMatchObject({ result: { connections: 1 } });
    expect((await fetch(`${url}/console/session`, { headers: { ...one } })).status).toBe(401);
    expect((await fetch(`${url}/console/session`, { headers: { ...two } })).status).toBe(200);
  });

  it("is known after a restart", async () => {
    const house = await openHouse();
    const cookie = await signedIn(house);
    await house.stop();
    const { url } = await openHouse({ after: house });
    expect((await fetch(`${url}/console/session`, { headers: { cookie } })).status).toBe(200);
    const talk = await connect(url, { cookie });
    expect(await talk.ask("console.code")).toHaveProperty("result");
  });
});

describe("A page's session", () => {
  it("ends with its time, in the same moment for whoever holds it", async () => {
    const clock = createFakeClock();
    const pages = new PageSessions(await openStore(), clock);
    const credential = await pages.find(await pages.begin());
    expect(credential?.ended.aborted).toBe(false);
    await clock.advance(pageSessionLifetimeMs - 1);
    expect(credential?.ended.aborted).toBe(false);
    await clock.advance(1);
    expect(credential?.ended.aborted).toBe(true);
  });

  it("that is used is put off", async () => {
    const clock = createFakeClock();
    const pages = new PageSessions(await openStore(), clock);
    const secret = await pages.begin();
    for (let month = 0; month < 4; month += 1) {
      await clock.advance(pageSessionLifetimeMs - 1);
      expect(await pages.find(secret)).toMatchObject({ scope: "admin" });
    }
  });

  it("that was signed out does not come back by what was asked of the store before", async () => {
    const store = await openStore();
    const slow = Promise.withResolvers<void>();
    const first = new PageSessions(store, createFakeClock());
    const secret = await first.begin();
    const second = new PageSessions(
      {
        readMemory: async (...key) => {
          const kept = await store.readMemory(...key);
          await slow.promise;
          return kept;
        },
        writeMemory: (entry) => store.writeMemory(entry),
        deleteMemory: (...key) => store.deleteMemory(...key),
      },
      createFakeClock(),
    );
    const found = second.find(secret);
    await second.end(secret);
    slow.resolve();
    expect(await found).toBeUndefined();
    expect(await second.find(secret)).toBeUndefined();
  });

  it("goes on where the store has no room to put it off", async () => {
    const clock = createFakeClock();
    const store = await openStore();
    let isFull = false;
    const pages = new PageSessions(
      {
        readMemory: (...key) => store.readMemory(...key),
        writeMemory: (entry) => (isFull ? Promise.reject(new StoreError("full", "The disk is full")) : store.writeMemory(entry)),
        deleteMemory: (...key) => store.deleteMemory(...key),
      },
      clock,
    );
    const secret = await pages.begin();
    await clock.advance(2 * 24 * 60 * 60_000);
    isFull = true;
    expect(await pages.find(secret)).toMatchObject({ scope: "admin" });
  });

  it("is written down as a digest, never as its secret", async () => {
    const written: string[] = [];
    const store = await openStore();
    const pages = new PageSessions(
      {
        readMemory: (...key) => store.readMemory(...key),
        writeMemory: async (entry) => void written.push(JSON.stringify(entry)),
        deleteMemory: (...key) => store.deleteMemory(...key),
      },
      createFakeClock(),
    );
    const secret = await pages.begin();
    expect(written).toHaveLength(1);
    expect(written.join()).not.toContain(secret);
  });
});

describe("A code", () => {
  it("is good for ten minutes", async () => {
    const clock = createFakeClock();
    const codes = new SignInCodes(clock);
    const [one, two] = [codes.make().code, codes.make().code];
    await clock.advance(599_999);
    expect(codes.take(one)).toBe(true);
    await clock.advance(1);
    expect(codes.take(two)).toBe(false);
  });

  it("is withdrawn after fifty wrong guesses, from wherever they come", () => {
    const codes = new SignInCodes(createFakeClock());
    const [one, two] = [codes.make().code, codes.make().code];
    for (let guess = 0; guess < 49; guess += 1) expect(codes.take(`AAAAA-${guess}`)).toBe(false);
    expect(codes.take(one)).toBe(true);
    expect(codes.take("AAAAA-AAAAA")).toBe(false);
    expect(codes.take(two)).toBe(false);
    expect(codes.take(codes.make().code)).toBe(true);
  });

  it("is one of ten at most", () => {
    const codes = new SignInCodes(createFakeClock());
    const made = Array.from({ length: 11 }, () => codes.make().code);
    expect(made.map((code) => codes.take(code))).toEqual([false, ...Array.from({ length: 10 }, () => true)]);
  });

  it("that is wrong counts against the address it came from", async () => {
    const { url, doors } = await openHouse({ clock: createFakeClock() });
    for (let guess = 0; guess < 10; guess += 1) expect((await signIn(url, `AAAAA-${guess}`)).status).toBe(401);
    expect((await signIn(url, doors.codes.make().code)).status).toBe(429);
  });

  it.each(["", "{}", "[]", "null", '{"code":5}', `{"code":"${"A".repeat(65)}"}`, `{"code":"${"A".repeat(2000)}"}`])(
    "is not in %s",
    async (body) => {
      const { url } = await openHouse();
      expect((await fetch(`${url}/console/sign-in`, { method: "POST", headers: json, body })).status).toBe(400);
      expect((await fetch(`${url}/console/sign-in`, { method: "POST", body: "code=A" })).status).toBe(415);
    },
  );
});
