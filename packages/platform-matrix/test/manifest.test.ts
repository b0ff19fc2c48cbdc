import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { matrix } from "../src/index.ts";
import { manifest } from "../src/manifest.ts";
import { never, set } from "./bot.ts";
import { closeAfterEach } from "./closing.ts";

closeAfterEach();

const userId = "@hermes:example.org";
const accessToken = "FAKE-token-for-tests";

async function issues(value: unknown): Promise<readonly string[]> {
  const result = await manifest.configuration["~standard"].validate(value);
  return result.issues?.map(({ path, message }) => `${path?.map(String).join(".") ?? ""}: ${message}`) ?? [];
}

describe("The configuration", () => {
  test.each([
    [{ userId, accessToken }],
    [{ userId, password: "a b c" }],
    [{ userId, accessToken, refreshToken: "FAKE-refresh", deviceId: "ABC" }],
    [{ userId, accessToken, homeserver: "https://matrix.example.org/" }],
    [{ userId, accessToken, homeserver: "example.org:8448", invites: "all", receipts: false, messageType: "text" }],
  ])("%j is taken", async (value) => {
    expect(await issues(value)).toEqual([]);
  });

  test.each([
    [{ accessToken }, "userId: "],
    [{ userId: "hermes", accessToken }, "userId: Expected the bot's full user id"],
    [{ userId }, "accessToken: Expected `accessToken`, or `password`"],
    [{ userId, password: "x", refreshToken: "y" }, "refreshToken: Expected `accessToken` beside it"],
    [{ userId, accessToken: "with space" }, "accessToken: Expected a token without spaces"],
    [{ userId, accessToken, homeserver: "https://user:password@example.org" }, "homeserver: Expected a homeserver's address"],
    [{ userId, accessToken, homeserver: "ftp://example.org" }, "homeserver: Expected a homeserver's address"],
    [{ userId, accessToken, invites: "friends" }, "invites: "],
    [{ userId, accessToken, tokn: "x" }, ': Unrecognized key: "tokn"'],
  ])("%j is refused with an issue that names the key", async (value, expected) => {
    const found = await issues(value);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  test("is checked the same when the platform is made in code, without showing a secret", () => {
    expect(() => matrix({ userId, accessToken: "FAKE secret" })).toThrow(TypeError);
    expect(() => matrix({ userId, accessToken: "FAKE secret" })).toThrow(/`accessToken`: Expected a token(?!.*FAKE)/u);
  });
});

describe("The manifest", () => {
  test("loads neither the SDK nor the Markdown lexer until the platform is wanted", () => {
    const source = (name: string): string => readFileSync(new URL(`../src/${name}`, import.meta.url), "utf8");
    const imported = (name: string, seen = new Set<string>()): Set<string> => {
      for (const [, specifier = ""] of source(name).matchAll(/^import (?!type )[^;]*? from "([^"]+)"/gmu)) {
        const local = specifier.startsWith(".") ? new URL(specifier, new URL(name, "file:///")).pathname.slice(1) : undefined;
        if (local !== undefined && !seen.has(local)) imported(local, seen.add(local));
        seen.add(local ?? specifier);
      }
      return seen;
    };
    expect([...imported("manifest.ts")].toSorted()).toEqual([
      "@hermes/core",
      "capabilities.ts",
      "configuration.ts",
      "identifiers.ts",
      "zod",
    ]);
    expect([...imported("matrix.ts")].filter((name) => name.startsWith("matrix-js-sdk"))).toEqual([]);
  });

  test("makes a platform from what its schema let through, known by its account", async () => {
    const result = await manifest.configuration["~standard"].validate({ userId, accessToken });
    if (result.issues !== undefined) expect.unreachable("the configuration is good");
    const platform = await manifest.load("matrix-work", result.value);
    expect(platform).toMatchObject({ apiVersion: 1, id: "matrix-work", kind: "matrix" });
    expect(platform.claims).toEqual([{ scope: "matrix-user", fingerprint: userId }]);
    expect(platform.capabilities).toEqual(manifest.capabilities);
  });

  test("names every secret, and environment names lead to keys that exist", () => {
    const { properties } = manifest.configurationJsonSchema as { readonly properties: Readonly<Record<string, unknown>> };
    expect(manifest.secrets).toEqual(["accessToken", "refreshToken", "password"]);
    for (const { key } of [...manifest.environment, ...manifest.setup]) expect(Object.keys(properties)).toContain(key);
  });

  test.each([
    [" @ada:example.org ", "@ada:example.org"],
    ["https://matrix.to/#/@ada:example.org", "@ada:example.org"],
    ["@a=b/c:[::1]:8448", "@a=b/c:[::1]:8448"],
    ["ada", undefined],
    ["@ada", undefined],
    ["!room:example.org", undefined],
    ["@ada:exa mple.org", undefined],
    [`@${"x".repeat(250)}:example.org`, undefined],
    ["", undefined],
  ])("reads %j as a user's id", (text, id) => {
    expect(manifest.parseUserId(text)).toBe(id);
  });

  const hash = "H8QvBzxH4i9U6q5Vb1wDUlJBtR5VRZhMvXcKyNF0aZY";
  test.each([
    ["!room:example.org", { chatId: "!room:example.org" }],
    ["!room:example.org:8448", { chatId: "!room:example.org:8448" }],
    [`!room:example.org:$${hash}`, { chatId: "!room:example.org", threadId: `$${hash}` }],
    ["!room:example.org:8448:$old:other.example:1234", { chatId: "!room:example.org:8448", threadId: "$old:other.example:1234" }],
    [`!${hash}`, { chatId: `!${hash}` }],
    [`!${hash}:$${hash}`, { chatId: `!${hash}`, threadId: `$${hash}` }],
    ["#club:example.org", { chatId: "#club:example.org" }],
    ["https://matrix.to/#/%23club%3Aexample.org", { chatId: "#club:example.org" }],
    ["https://matrix.to/#/!room:example.org?via=example.org&via=other.example", { chatId: "!room:example.org" }],
  ])("reads %j as a target", (text, place) => {
    expect(manifest.parseTarget(text)).toEqual({ ...place, type: "group" });
  });

  test.each([
    "",
    "room",
    "!",
    "!room:",
    "!room:example.org:",
    "!room:example.org:$",
    "@ada:example.org",
    "!room:exa mple",
    "$event",
    "#club",
    "https://matrix.to/#/%ZZ",
    "https://matrix.to/#/",
  ])("reads no target in %j", (text) => {
    expect(manifest.parseTarget(text)).toBeUndefined();
  });
});

describe("The check", () => {
  test("says who answers, where, and in how many rooms, encrypted ones among them", async () => {
    const { server, club } = await set();
    server.world.append(club, {
      type: "m.room.encryption",
      sender: "@ada:example.org",
      stateKey: "",
      content: { algorithm: "x" },
    });
    const result = await manifest.check?.(
      { userId: server.bot.userId, homeserver: server.url, accessToken: server.device.token },
      never,
    );
    expect(result).toEqual({
      ok: true,
      summary: `@hermes:example.org answers as Hermes on ${new URL(server.url).host}; it is in 2 rooms; 1 of them encrypted, where it can neither read nor write`,
    });
  });

  test("logs in with a password and out again, and leaves no device behind", async () => {
    const { server } = await set();
    const before = server.sessions.devicesOf(server.bot.userId).length;
    const result = await manifest.check?.(
      { userId: server.bot.userId, homeserver: server.url, password: "FAKE-password-for-tests" },
      never,
    );
    expect(result?.ok).toBe(true);
    expect(server.sessions.devicesOf(server.bot.userId)).toHaveLength(before);
  });

  test.each([
    [{ accessToken: "FAKE-unknown" }, "Check `userId`"],
    [{ password: "FAKE-wrong" }, "Check `userId`"],
    [{ accessToken: "FAKE", homeserver: "http://127.0.0.1:9" }, "Check that this machine reaches the homeserver"],
  ])("explains what is wrong with %j", async (given, remedy) => {
    const { server } = await set();
    const result = await manifest.check?.({ userId: server.bot.userId, homeserver: server.url, ...given }, never);
    expect(result).toMatchObject({ ok: false, remedy: expect.stringContaining(remedy) });
    expect(JSON.stringify(result)).not.toContain("FAKE-");
  });
});
