import { describe, expect, it } from "vitest";
import { doorLimits } from "../../src/compose.ts";
import { describeProblem } from "../../src/config/problem.ts";
import { doorPaths } from "../../src/http/door-paths.ts";
import { acme } from "../config/acme-manifest.ts";
import { adminToken, bearer, configure, connect, openHouse, threeTokens } from "./house.ts";
import { temporaryHome } from "../temporary-home.ts";
import { startHermes } from "../cli/hermes.ts";
import { createScriptedPlatform } from "@hermes/runtime/testing";

const key = "an-api-key-for-tests-only";

/** What is wrong with a platform's section, or its state. */
async function outcome(id: string, section: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const { platforms } = await configure({ "config.yaml": `platforms: { ${section} }\n` }, environment);
  const found = platforms.find((platform) => platform.id === id);
  return found?.state === "broken" ? found.problems.map(describeProblem).join("\n") : (found?.state ?? "absent");
}

describe("The gateway's own door", () => {
  it("is bounded by its section", async () => {
    const { url } = await openHouse({ rest: "platforms: { web: { maxConnections: 2, messagesPerMinute: 5 } }" });
    const talk = await connect(url, bearer(adminToken));
    await connect(url, bearer(adminToken));
    await expect(connect(url, bearer(adminToken))).rejects.toThrow("503");
    for (let count = 0; count < 5; count += 1) expect(await talk.ask("health")).toHaveProperty("result");
    expect(await talk.ask("health")).toMatchObject({ error: { data: { kind: "rate-limited" } } });
  });

  it("takes no other platform's place, is not switched off, and has no credential of its own", async () => {
    expect(await outcome("web", "web: { use: telegram }")).toContain("platforms.web.use: this name is the gateway's own door");
    expect(await outcome("page", "page: { use: web }")).toContain("platforms.page.use: the gateway has one door of this kind");
    expect(await outcome("web", "web: { enabled: false }")).toContain(
      "platforms.web.enabled: the gateway's own door is always open",
    );
    const { warnings } = await configure({ "config.yaml": `platforms: { web: { token: ${key} } }\n` });
    expect(warnings.map(describeProblem).join()).toMatch(/platforms\.web\.token: this key means nothing/u);
    expect(await outcome("web", "web: { maxConnections: 0 }")).toContain("platforms.web.maxConnections");
    expect(await outcome("web", "web: { use: web, maxConnections: 5 }")).toBe("usable");
    const { platforms } = await configure({}, { WEB_TOKEN: "x".repeat(32) });
    expect(platforms).toEqual([]);
  });

  it("has its defaults where its section cannot be read", async () => {
    expect(doorLimits(await configure({ "config.yaml": "platforms: { web: { maxConnections: many } }" }))).toEqual({});
    expect(doorLimits(await configure({}))).toEqual({});
  });
});

describe("A door of another platform", () => {
  it("is switched on by its key in the environment", async () => {
    const { platforms, secrets } = await configure({}, { API_SERVER_KEY: key });
    expect(platforms).toMatchObject([{ id: "openai-api", state: "usable" }]);
    expect(secrets).toContain(key);
  });

  it("does not lie where the gateway or another one answers, and that is said", () => {
    const logged: string[] = [];
    const logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (line: string) => void logged.push(line),
    };
    const at = (id: string, ...paths: readonly string[]) => ({
      platform: createScriptedPlatform({ style: "edit", id }).platform,
      manifest: { ...acme, paths },
    });
    const doors = doorPaths(
      [
        at("one", "/v1/models", "/v1/models/"),
        at("two", "/v1/models", "/v1/other"),
        at("three", "/rpc", "/", "/v1/", "/ws", "/console/sign-in", "/v1/files/", "/webhooks/x", "//x", "/../x", "x"),
      ],
      logger,
    );
    expect([...doors]).toEqual([
      ["/ws", "web"],
      ["/v1/models", "one"],
      ["/v1/models/", "one"],
      ["/v1/other", "two"],
    ]);
    expect(logged).toHaveLength(11);
    expect(logged[0]).toBe("[two] Is not reached at /v1/models: that is one. Remove one of the two.");
  });
});

describe("The keys of the server", () => {
  it("are read with everything that is beside the host and the port", async () => {
    const { settings, warnings } = await configure({
      "config.yaml": `server: { ${threeTokens}, publicUrl: "https://hermes.example.org", trustedProxies: [10.0.0.0/8], allowAddresses: "192.0.2.7, 2001:db8::/32" }\n`,
    });
    expect(settings.server).toMatchObject({
      host: "127.0.0.1",
      port: 8642,
      token: adminToken,
      trustedProxies: ["10.0.0.0/8"],
      allowAddresses: ["192.0.2.7", "2001:db8::/32"],
    });
    expect(settings.server.publicUrl?.href).toBe("https://hermes.example.org/");
    expect(warnings).toEqual([]);
  });

  it.each([
    ["trustedProxies: [everybody]", "server.trustedProxies: expected addresses or networks"],
    ["allowAddresses: [10.0.0.0/33]", "server.allowAddresses: expected addresses or networks"],
    ["publicUrl: hermes.example.org", "server.publicUrl: expected the address that people use"],
    ['publicUrl: "https://hermes.example.org/path"', "server.publicUrl: expected the address that people use"],
    ['publicUrl: "ftp://hermes.example.org"', "server.publicUrl: expected the address that people use"],
    ['writeToken: "two words of a token"', "server.writeToken: expected letters"],
    [`readToken: ${"x".repeat(1025)}`, "server.readToken: expected at most 1024 characters"],
  ])("are refused in a sentence: %s", async (line, sentence) => {
    await expect(configure({ "config.yaml": `server: { ${line} }\n` })).rejects.toThrow(sentence);
  });

  it("never show a password that stands in the address", async () => {
    const failed = configure({ "config.yaml": 'server: { publicUrl: "https://ada:hunter2-password@hermes.example.org" }\n' });
    await expect(failed).rejects.toThrow("server.publicUrl");
    await expect(failed).rejects.not.toThrow("hunter2-password");
  });

  it("warn of tokens that can be guessed", async () => {
    const { warnings } = await configure({ "config.yaml": "server: { writeToken: short }\n" });
    expect(warnings.map(describeProblem).join()).toContain(
      "server.writeToken: a token shorter than 16 characters can be guessed",
    );
  });

  it("are explained without any of their secrets", async () => {
    const home = await temporaryHome({
      "config.yaml": `server: { ${threeTokens}, previousToken: the-token-before-that-one, previousTokenUntil: "2026-12-31T12:00:00Z" }\nplatforms: { openai-api: { key: ${key} } }\n`,
    });
    const hermes = startHermes(["config", "explain"], { home, input: "" });
    expect(await hermes.ended()).toBe(0);
    for (const secret of [...threeTokens.matchAll(/: ([\w-]+)/gu)].map(([, token]) => token))
      expect(hermes.output()).not.toContain(secret);
    expect(hermes.output()).not.toContain("the-token-before-that-one");
    expect(hermes.output()).not.toContain(key);
    expect(hermes.output()).toContain('server.previousTokenUntil = "2026-12-31T12:00:00Z"');
  });
});
