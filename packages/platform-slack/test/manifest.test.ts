import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { slack, slackAppManifest } from "../src/index.ts";
import { manifest } from "../src/manifest.ts";

const token = "xoxb-1111-2222-FAKETOKENFORTESTS";
const appToken = "xapp-1-A0HERMES01-3333-fakeapptokenfortests";
const signingSecret = "fake0signing0secret0for0tests000";

async function issues(value: unknown): Promise<readonly string[]> {
  const result = await manifest.configuration["~standard"].validate(value);
  return result.issues?.map(({ path, message }) => `${path?.map(String).join(".") ?? ""}: ${message}`) ?? [];
}

describe("the configuration", () => {
  test.each([
    [{ token, appToken }],
    [{ tokens: [token, `${token}2`], appToken }],
    [{ tokens: `${token}, ${token}2`, signingSecret }],
    [{ token, appToken, signingSecret, mode: "http" }],
    [{ token, signingSecret, apiRoot: "https://slack-gov.com/api/" }],
    [{ token, appToken, replyInThread: false, streaming: false, unfurlLinks: true, commandName: "bot" }],
    [{ token, appToken, suggestedPrompts: ["a", { title: "b", message: "c" }] }],
  ])("%j is taken", async (value) => {
    expect(await issues(value)).toEqual([]);
  });

  test.each([
    [{ appToken }, "token: Expected a bot token (or several"],
    [{ token, tokens: [token], appToken }, "tokens: Expected either"],
    [{ token }, "appToken: Expected an app token (Socket Mode) or a signing secret (HTTP)"],
    [{ token, mode: "http" }, "signingSecret: Expected the signing secret"],
    [{ token, mode: "socket", signingSecret }, "appToken: Expected an app token: Socket Mode"],
    [{ token: appToken, appToken }, "token: Expected a bot token as Slack gives it"],
    [{ token, appToken: token }, "appToken: Expected an app-level token"],
    [{ token, appToken, tokn: 1 }, ': Unrecognized key: "tokn"'],
    [{ token, appToken, apiRoot: "https://user:password@slack.com" }, "apiRoot: Expected the address of a Web API"],
    [{ token, appToken, commandName: "/hermes" }, "commandName: Expected the name of a slash command"],
    [{ token, appToken, suggestedPrompts: ["1", "2", "3", "4", "5"] }, "suggestedPrompts: Expected at most four"],
    [{ tokens: " , ", appToken }, "tokens: Expected at least one"],
  ])("%j is refused with an issue that names the key", async (value, expected) => {
    const found = await issues(value);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  test("never shows a token in an issue", async () => {
    const found = await issues({ token: "FAKE token", appToken: "FAKE token", signingSecret: "FAKE token", mode: "push" });
    expect(found.length).toBeGreaterThan(2);
    expect(found.join("\n")).not.toContain("FAKE");
  });

  test("is checked the same when the platform is made in code", () => {
    expect(() => slack({ token: "FAKE nonsense", appToken })).toThrow(/`token`: Expected a bot token(?!.*FAKE)/u);
    expect(slack({ token, appToken }).claims).toEqual([{ scope: "slack-app", fingerprint: "A0HERMES01" }]);
    expect(slack({ token, signingSecret }).claims).toEqual([{ scope: "slack-bot", fingerprint: "1111-2222" }]);
  });
});

describe("the manifest", () => {
  test("loads neither Bolt nor the Markdown lexer until the platform is wanted", () => {
    const script = `await import(${JSON.stringify(new URL("../src/manifest.ts", import.meta.url).href)});
      const { createRequire } = await import("node:module");
      const loaded = Object.keys(createRequire(import.meta.url).cache);
      console.log(loaded.filter((path) => /bolt|marked|undici/u.test(path)).length);`;
    const args = ["--conditions=@hermes/source", "--input-type=module", "--eval", script];
    const cwd = fileURLToPath(new URL("..", import.meta.url));
    expect(execFileSync(process.execPath, args, { cwd, encoding: "utf8" }).trim()).toBe("0");
  });

  test.each([
    ["U0ADA", "U0ADA"],
    ["W0ADA", "W0ADA"],
    ["<@U0ADA>", "U0ADA"],
    ["<@U0ADA|ada>", "U0ADA"],
    ["@ada", undefined],
    ["u0ada", undefined],
    ["C0CLUB", undefined],
  ])("reads %s as the user %s", (text, id) => {
    expect(manifest.parseUserId(text)).toBe(id);
  });

  test.each([
    ["T1/C2", { chatId: "T1/C2", type: "channel" }],
    [" T1/D2 ", { chatId: "T1/D2", type: "dm" }],
    ["T1/G2:1767225600.000100", { chatId: "T1/G2", threadId: "1767225600.000100", type: "group" }],
    ["C2", undefined],
    ["T1/C2:5", undefined],
    ["T1/../C2", undefined],
  ])("reads %s as the target %j", (text, target) => {
    expect(manifest.parseTarget(text)).toEqual(target);
  });

  test("can be loaded, under a name of its own", async () => {
    const result = await manifest.configuration["~standard"].validate({ token, appToken });
    if (!("value" in result)) return expect.unreachable("the configuration is refused");
    expect(await manifest.load("work", result.value)).toMatchObject({
      id: "work",
      kind: "slack",
      capabilities: manifest.capabilities,
    });
  });
});

describe("the app's manifest", () => {
  test("asks for what the adapter uses, by socket or at an address", () => {
    const bySocket = JSON.stringify(slackAppManifest({ name: "Ada", commands: [{ name: "status", description: "How it is" }] }));
    for (const part of ['"chat:write"', '"message.im"', '"/hermes"', '"/status"', '"socket_mode_enabled":true', '"Ada"'])
      expect(bySocket).toContain(part);
    const byHttp = JSON.stringify(slackAppManifest({ url: "https://gateway.example/webhooks/slack" }));
    expect(byHttp.match(/https:\/\/gateway\.example/gu)).toHaveLength(3);
    expect(byHttp).toContain('"socket_mode_enabled":false');
  });
});
