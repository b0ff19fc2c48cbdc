import { completeCapabilities } from "@hermes/core";
import { describe, expect, test } from "vitest";
import { capabilityTable } from "../src/capabilities.ts";
import { discord } from "../src/discord.ts";
import { manifest } from "../src/manifest.ts";

const id = "1001000000000000101";
const thread = "1001000000000000110";
const token = `${Buffer.from("1001000000000000001").toString("base64url")}.FAKE00.FAKE-TOKEN-FOR-TESTS-0000000000`;

function issues(configuration: unknown): readonly (readonly [unknown, string])[] {
  const result = manifest.configuration["~standard"].validate(configuration);
  if (result instanceof Promise) return expect.unreachable("it is checked at once");
  return (result.issues ?? []).map(({ path = [], message }) => [path.map(String).join("."), message] as const);
}

describe("The manifest", () => {
  test("says what the platform can do", () => {
    expect(manifest.capabilities).toEqual(completeCapabilities(capabilityTable));
    expect(JSON.parse(JSON.stringify(manifest.configurationJsonSchema))).toEqual(manifest.configurationJsonSchema);
  });

  test.each([
    [id, { chatId: id, type: "group" }],
    [`<#${id}>`, { chatId: id, type: "group" }],
    [` ${id}:${thread} `, { chatId: id, threadId: thread, type: "group" }],
    [`https://discord.com/channels/${thread}/${id}`, { chatId: id, type: "group" }],
    [`https://discord.com/channels/@me/${id}`, { chatId: id, type: "dm" }],
    [`https://ptb.discord.com/channels/${thread}/${id}/${thread}`, { chatId: id, type: "group" }],
    ["#general", undefined],
    ["42", undefined],
    [`https://discord.com.evil.example/channels/${thread}/${id}`, undefined],
    ["", undefined],
  ])("reads the target %j", (text, place) => {
    expect(manifest.parseTarget(text)).toEqual(place);
  });

  test.each([
    [id, id],
    [`<@${id}>`, id],
    [`<@!${id}>`, id],
    [`discord:${id}`, id],
    ["Ada", undefined],
    [`<@&${id}>`, undefined],
    [`${id}1234`, undefined],
  ])("reads the person %j", (text, person) => {
    expect(manifest.parseUserId(text)).toBe(person);
  });

  test.each([
    [id, id],
    [` <@&${id}> `, id],
    [`discord:${id}`, id],
    ["Tea makers", undefined],
    [`<@${id}>`, undefined],
    [`${id}:${id}`, undefined],
  ])("reads the role %j", (text, role) => {
    expect(manifest.parseRoleId?.(text)).toBe(role);
  });

  test("makes the platform from its configuration", async () => {
    const platform = await manifest.load("work", { token });
    expect([platform.id, platform.kind, platform.claims]).toEqual([
      "work",
      "discord",
      [{ scope: "discord-bot", fingerprint: "1001000000000000001" }],
    ]);
  });

  test("takes a token with the word in front of it that some write", async () => {
    expect((await manifest.load("work", { token: `Bot ${token}` })).claims[0]?.fingerprint).toBe("1001000000000000001");
  });

  test.each([
    [{}, "token"],
    [{ token: "abc" }, "token"],
    [{ token: "not.a.token" }, "token"],
    [{ token: `${Buffer.from("no number at all").toString("base64url")}.FAKE00.FAKE-TOKEN-FOR-TESTS-0000000000` }, "token"],
    [{ token, apiRoot: "ftp://discord.example" }, "apiRoot"],
    [{ token, apiRoot: "https://me:you@discord.example" }, "apiRoot"],
    [{ token, mediaHosts: ["https://cdn.example/"] }, "mediaHosts.0"],
    [{ token, tokens: 1 }, ""],
  ])("refuses %j, naming the key", (configuration, key) => {
    expect(issues(configuration).map(([path]) => path)).toEqual([key]);
  });

  test("names no secret when options cannot work", () => {
    const wrong = "FAKE-SECRET-THAT-IS-NO-TOKEN";
    expect(() => discord({ token: wrong })).toThrow(/`token`: Expected a bot token/u);
    expect(() => discord({ token: wrong })).not.toThrow(new RegExp(wrong, "u"));
  });

  test("explains every environment name by a key that there is", () => {
    const known = Object.keys((manifest.configurationJsonSchema as { readonly properties: object }).properties);
    for (const { key } of manifest.environment) expect(known).toContain(key);
  });
});
