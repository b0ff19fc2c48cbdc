import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { telegram } from "../src/index.ts";
import { manifest } from "../src/manifest.ts";

const token = "123456:FAKE-TOKEN-FOR-TESTS";

async function issues(value: unknown): Promise<readonly string[]> {
  const result = await manifest.configuration["~standard"].validate(value);
  return result.issues?.map(({ path, message }) => `${path?.map(String).join(".") ?? ""}: ${message}`) ?? [];
}

describe("the configuration", () => {
  test.each([
    [{ token }],
    [{ token, mode: "polling", apiRoot: "https://telegram.example.com/" }],
    [{ token, mode: "webhook", webhook: { secret: "s3cret" } }],
    [{ token, mode: "webhook", webhook: { secret: "s3cret", url: "https://example.com/hook" } }],
    [{ token, mode: "polling", webhook: { secret: "s3cret" } }],
    [{ token, richMessages: false, drafts: false }],
    [{ token, apiRoot: "http://127.0.0.1:8081", localFiles: "/var/lib/telegram-bot-api" }],
  ])("%j is taken", async (value) => {
    expect(await issues(value)).toEqual([]);
  });

  test.each([
    [{}, "token: "],
    [{ token: "nonsense" }, "token: Expected a bot token as @BotFather gives it"],
    [{ token: 5 }, "token: "],
    [{ token, tokn: "x" }, ': Unrecognized key: "tokn"'],
    [{ token, mode: "push" }, "mode: "],
    [{ token, mode: "webhook" }, "webhook.secret: Expected a secret"],
    [{ token, webhook: { secret: "s3cret" } }, "mode: Expected `mode: webhook`"],
    [{ token, mode: "webhook", webhook: { secret: "no spaces" } }, "webhook.secret: Expected 1 to 256"],
    [{ token, mode: "webhook", webhook: { secret: "" } }, "webhook.secret: Expected 1 to 256"],
    [{ token, mode: "webhook", webhook: { secret: "x".repeat(257) } }, "webhook.secret: Expected 1 to 256"],
    [{ token, mode: "webhook", webhook: { secret: "s", url: "ftp://example.com" } }, "webhook.url: Expected the https address"],
    [{ token, mode: "webhook", webhook: { secret: "s", sekret: "s" } }, 'webhook: Unrecognized key: "sekret"'],
    [{ token, apiRoot: "https://user:password@example.com" }, "apiRoot: Expected the address of a Bot API server"],
    [{ token, proxy: "socks5://127.0.0.1:1080" }, "proxy: Expected the address of an http or https proxy"],
    [{ token, localFiles: "/var/lib/telegram-bot-api" }, "localFiles: Expected the absolute path of a folder, beside `apiRoot`"],
    [{ token, apiRoot: "http://127.0.0.1:8081", localFiles: "files" }, "localFiles: Expected the absolute path"],
    [{ token, drafts: "yes" }, "drafts: "],
    [{ token, apiRoot: "example.com" }, "apiRoot: Expected the address of a Bot API server"],
  ])("%j is refused with an issue that names the key", async (value, expected) => {
    const found = await issues(value);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  test("never shows the token in an issue", async () => {
    const found = await issues({
      token: "123456 :FAKE-TOKEN-FOR-TESTS",
      mode: "push",
      apiRoot: token,
      webhook: { secret: "bad FAKE-TOKEN" },
    });
    expect(found.length).toBeGreaterThan(2);
    expect(found.join("\n")).not.toContain("FAKE-TOKEN");
  });

  test("has a JSON schema that names every key", () => {
    expect(manifest.configurationJsonSchema).toMatchObject({
      type: "object",
      required: ["token"],
      additionalProperties: false,
      properties: { token: {}, apiRoot: {}, mode: {}, webhook: { required: ["secret"], properties: { secret: {}, url: {} } } },
    });
    expect(JSON.parse(JSON.stringify(manifest.configurationJsonSchema))).toEqual(manifest.configurationJsonSchema);
  });

  test("is checked the same when the platform is made in code, without showing the token", () => {
    expect(() => telegram({ token: "FAKE nonsense" })).toThrow(TypeError);
    expect(() => telegram({ token: "FAKE nonsense" })).toThrow(/`token`: Expected a bot token(?!.*FAKE nonsense)/u);
    expect(() => telegram({ token, mode: "webhook" })).toThrow("`webhook.secret`: Expected a secret");
  });
});

describe("the manifest", () => {
  test("loads neither grammY nor the Markdown lexer until the platform is wanted", () => {
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
      "capabilities/reaction-emojis.ts",
      "configuration.ts",
      "node:path",
      "zod",
    ]);
    expect([...imported("index.ts")]).not.toContain("grammy");
  });

  test("makes a platform from what its schema let through", async () => {
    const result = await manifest.configuration["~standard"].validate({ token, apiRoot: "http://127.0.0.1:1/" });
    if (result.issues !== undefined) expect.unreachable("the configuration is good");
    const platform = await manifest.load("telegram-work", result.value);
    expect(platform).toMatchObject({ apiVersion: 1, id: "telegram-work", kind: "telegram" });
    expect(platform.claims).toEqual([{ scope: "telegram-bot", fingerprint: "123456" }]);
    expect(platform.capabilities).toEqual(manifest.capabilities);
  });

  test("names every secret, and environment names lead to keys that exist", () => {
    expect(manifest.secrets).toEqual(["token", "webhook.secret", "proxy"]);
    expect(manifest.environment.map(({ name, key }) => [name, key])).toEqual([
      ["TELEGRAM_BOT_TOKEN", "token"],
      ["TELEGRAM_MODE", "mode"],
      ["TELEGRAM_WEBHOOK_URL", "webhook.url"],
      ["TELEGRAM_WEBHOOK_SECRET", "webhook.secret"],
      ["TELEGRAM_BASE_URL", "apiRoot"],
      ["TELEGRAM_PROXY", "proxy"],
    ]);
  });

  test("reads a person's number and nothing that people can change", () => {
    expect(manifest.parseUserId(" 123456789 ")).toBe("123456789");
    expect(manifest.parseUserId("tg://user?id=5")).toBe("5");
    for (const text of ["@ada", "ada", "", "0", "-1001234567890", "12.5", "1e5"])
      expect(manifest.parseUserId(text)).toBeUndefined();
  });

  test("reads a target as chat and topic", () => {
    expect(manifest.parseTarget("42")).toEqual({ chatId: "42", type: "dm" });
    expect(manifest.parseTarget("-1001234567890:12")).toEqual({ chatId: "-1001234567890", threadId: "12", type: "group" });
    for (const text of ["@channel", "42:", ":1", "x", ""]) expect(manifest.parseTarget(text)).toBeUndefined();
  });

  test("links to the bot with a code, and only with one that Telegram carries", () => {
    const link = (name: string, code: string): string | undefined => manifest.claimLink?.({ id: "1", name }, code);
    expect(link("hermes_bot", "A1b2-C3_")).toBe("https://t.me/hermes_bot?start=A1b2-C3_");
    expect(link("hermes_bot", "a b")).toBeUndefined();
    expect(link("hermes_bot", "x".repeat(65))).toBeUndefined();
    expect(link("no name", "abc")).toBeUndefined();
  });
});
