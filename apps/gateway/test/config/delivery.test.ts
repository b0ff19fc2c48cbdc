import { describe, expect, it } from "vitest";
import { loadConfiguration } from "../../src/config/configuration.ts";
import { createFindManifest } from "../../src/platforms/find-manifest.ts";
import { temporaryHome } from "../temporary-home.ts";
import { acme } from "./acme-manifest.ts";
import { load, loadFailure, outcomeOf, warningsOf } from "./load.ts";

const both = "platforms: { acme: { token: x }, other: { token: y } }\n";
const homesOf = (configuration: Awaited<ReturnType<typeof load>>) =>
  configuration.platforms.map((platform) => (platform.state === "usable" ? platform.homeChannel : platform.state));

describe("a platform's home channel", () => {
  it("is written as the platform writes its chats, in the file or in the environment", async () => {
    const file = await load({ "config.yaml": "platforms: { acme: { token: x, homeChannel: room-7 } }" });
    expect(homesOf(file)).toEqual(["room-7"]);
    const environment = await load({ "config.yaml": both }, { ACME_HOME_CHANNEL: " room-8 " });
    expect(homesOf(environment)).toEqual(["room-8", undefined]);
  });

  it("may be a number to whoever writes it", async () => {
    const numbers = {
      acme: async () => ({ ...acme, parseTarget: (text: string) => (/^-\d+$/u.test(text) ? { chatId: text } : undefined) }),
    };
    const home = await temporaryHome({ "config.yaml": "platforms: { acme: { token: x, homeChannel: -1001234567890 } }" });
    const configuration = await loadConfiguration({
      environment: { HERMES_HOME: home },
      findManifest: (directory) => createFindManifest(numbers, directory),
      officialKinds: ["acme"],
    });
    expect(homesOf(configuration)).toEqual(["-1001234567890"]);
  });

  it("is understood in the spelling of earlier gateways", async () => {
    const json = '{"platforms":{"acme":{"token":"x","home_channel":{"chat_id":"room-9"}}}}';
    expect(homesOf(await load({ "gateway.json": json }))).toEqual(["room-9"]);
  });

  it("that is no chat switches off that platform alone, and says how it is written", async () => {
    const configuration = await load({
      "config.yaml": "platforms: { acme: { token: x, homeChannel: '#ops' }, other: { token: y } }",
    });
    expect(outcomeOf(configuration, "acme")).toBe(
      'platforms.acme.homeChannel: expected a chat of Acme, got "#ops" (config.yaml:1:32). Write what stands behind `acme:` in a target, or send /sethome in the chat. See https://example.com/acme.',
    );
    expect(outcomeOf(configuration, "other")).toBe("usable");
  });

  it("alone switches no platform on", async () => {
    expect((await load({}, { ACME_HOME_CHANNEL: "room-7" })).platforms).toEqual([]);
  });
});

describe("those who look after the gateway", () => {
  it("are named by id, for all platforms or for one", async () => {
    const configuration = await load({
      "config.yaml":
        'platforms: { acme: { token: x, access: { admins: [5] } }, other: { token: y } }\naccess: { admins: ["acme:7", anna, "*:8"] }',
    });
    expect(configuration.admins).toEqual(["acme:7", "other:anna", "acme:8", "acme:5"]);
    expect(configuration.allow).toEqual([]);
  });

  it("are never everybody", async () => {
    expect(await loadFailure({ "config.yaml": `${both}access: { admins: ["*"] }` })).toBe(
      'access.admins: `*` is not a user id, got "*" (config.yaml:2:11). Name those who may look after the gateway by their user ids.',
    );
    const configuration = await load({ "config.yaml": 'platforms: { acme: { token: x, access: { admins: "*" } } }' });
    expect(outcomeOf(configuration, "acme")).toContain("`*` is not a user id");
  });
});

describe("aliases of targets", () => {
  it("are names with a target each", async () => {
    const { settings, warnings } = await load({
      "config.yaml": `${both}delivery: { aliases: { team: "acme:1,other:2", me: acme } }`,
    });
    expect([...settings.delivery.aliases].map(([name, { value }]) => [name, value])).toEqual([
      ["team", "acme:1,other:2"],
      ["me", "acme"],
    ]);
    expect(warnings).toEqual([]);
  });

  it.each([
    [
      "acme: 'other:1'",
      'delivery.aliases.acme: this is no alias, got "other:1" (config.yaml:2:24). `acme` means something else already. Choose another name.',
    ],
    ["'a b': 'other:1'", "An alias is one word"],
    ["team: 'other:'", 'delivery.aliases.team: this is no alias, got "other:" (config.yaml:2:24). "other:" is no target.'],
    ["team: [1, 2]", "delivery.aliases.team: expected a text, got [1,2]"],
  ])("that lead nowhere keep the gateway from starting: %s", async (alias, message) => {
    expect(await loadFailure({ "config.yaml": `${both}delivery: { aliases: { ${alias} } }` })).toContain(message);
  });

  it("are a section", async () => {
    expect(await loadFailure({ "config.yaml": "delivery: { aliases: team }" })).toContain(
      "delivery.aliases: expected a section of keys",
    );
    expect(warningsOf(await load({ "config.yaml": "delivery: { alias: { team: acme } }" }))).toEqual([
      expect.stringContaining("Did you mean"),
    ]);
  });
});
