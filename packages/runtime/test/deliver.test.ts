import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryStore, isTargetError, type DeliveryOptions, type Gateway } from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { Connections } from "../src/connections.ts";
import { ChannelDirectory } from "../src/delivery/channel-directory.ts";
import { HomeChannels } from "../src/delivery/home-channels.ts";
import { TargetForms } from "../src/delivery/target-form.ts";
import { Targets } from "../src/delivery/targets.ts";
import { openPostOffice, sayIn, type PostOffice, type PostOfficeOptions } from "./post-office.ts";

let office: PostOffice | undefined;

async function open(options: PostOfficeOptions = {}): Promise<PostOffice> {
  office = await openPostOffice(options);
  return office;
}

afterEach(async () => {
  const stopped = office?.gateway.stop();
  await office?.clock.advance(10_000);
  await stopped;
  office = undefined;
});

/** Where it was said, as targets; or what is wrong with the target. */
async function deliver(gateway: Gateway, target: string): Promise<readonly string[] | string> {
  try {
    return (await gateway.deliver({ target, text: "news" })).map(({ target: place, state }) => `${place} ${state}`);
  } catch (error) {
    if (!isTargetError(error)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

const delivery: DeliveryOptions = { homeChannels: { alpha: "ops", beta: "board:7" }, aliases: { Team: "alpha:a1,beta:b1" } };

describe("Something that is delivered", () => {
  it("reaches a chat, a thread, a home channel, and every home channel", async () => {
    const { gateway, alpha, beta } = await open({ delivery });
    expect(await deliver(gateway, "alpha:42")).toEqual(["alpha:42 sent"]);
    expect(await deliver(gateway, "Beta:42:7")).toEqual(["beta:42:7 sent"]);
    expect(await deliver(gateway, "ALPHA")).toEqual(["alpha:ops sent"]);
    expect(await deliver(gateway, "all")).toEqual(["alpha:ops sent", "beta:board:7 sent"]);
    expect([alpha.texts("42"), alpha.texts("ops")]).toEqual([["news"], ["news", "news"]]);
    expect([beta.texts("42"), beta.texts("board")]).toEqual([["news"], ["news"]]);
  });

  it("is said once in a chat that a list means twice", async () => {
    const { gateway, alpha } = await open({ delivery });
    expect(await deliver(gateway, "alpha:ops, alpha, all, alpha:ops:1")).toEqual([
      "alpha:ops sent",
      "beta:board:7 sent",
      "alpha:ops:1 sent",
    ]);
    expect(alpha.texts("ops")).toHaveLength(2);
  });

  it("reaches what an alias stands for", async () => {
    const { gateway } = await open({ delivery });
    expect(await deliver(gateway, "team")).toEqual(["alpha:a1 sent", "beta:b1 sent"]);
    expect(await deliver(gateway, "TEAM,alpha:a1")).toHaveLength(2);
  });

  it("reaches an id that begins with the sign of names, where the platform writes them so", async () => {
    const parseTarget = (text: string) => (/^[#!]\w+:[\w.]+$/u.test(text) ? { chatId: text, type: "group" as const } : undefined);
    const forms = { alpha: { name: "Alpha", documentationUrl: "https://example.org", parseTarget } };
    const { gateway } = await open({ delivery: { forms } });
    expect(await deliver(gateway, "alpha:#room:example.org,alpha:!a:example.org")).toEqual([
      "alpha:#room:example.org sent",
      "alpha:!a:example.org sent",
    ]);
    expect(await deliver(gateway, "alpha:42")).toMatch(/names no chat of Alpha\..*See https:\/\/example\.org$/u);
  });

  it("finds no alias behind an alias, and a platform's home channel where it has one", async () => {
    const { gateway } = await open({
      delivery: { homeChannels: { alpha: "ops" }, aliases: { one: "two", two: "alpha", us: "alpha,alpha:1" } },
    });
    expect(await deliver(gateway, "one")).toMatch(/^unknown-platform: There is no platform "two"\./u);
    expect(await deliver(gateway, "two,us")).toEqual(["alpha:ops sent", "alpha:1 sent"]);
  });

  it("goes back to where the request came from", async () => {
    const { gateway, beta } = await open();
    const origin = { ref: { platform: "beta", chatId: "c9", threadId: "3" }, type: "group" } as const;
    expect(await gateway.deliver({ target: "origin", text: "done", origin })).toMatchObject([
      { state: "sent", target: "beta:c9:3", chat: origin },
    ]);
    expect(beta.texts("c9")).toEqual(["done"]);
    expect(await deliver(gateway, "origin")).toMatch(/^no-origin: .*this one came from none/u);
  });

  it("is said nowhere if one place of a list leads nowhere", async () => {
    const { gateway, alpha, beta } = await open({ delivery });
    for (const wrong of ["gamma:1", "beta:a:b:c", "beta:#nobody", "origin", "alpha:"]) {
      expect(await deliver(gateway, `alpha:42,${wrong},all`)).toEqual(expect.any(String));
    }
    expect([...alpha.calls, ...beta.calls].filter(({ name }) => name === "send")).toEqual([]);
  });

  it.each([
    [
      "gamma:1",
      'unknown-platform: There is no platform "gamma". Configured are `alpha`, `beta`; a target is written `platform:chat`.',
    ],
    [
      "gamma",
      'unknown-platform: There is no platform "gamma". Configured are `alpha`, `beta`; a target is written `platform:chat`.',
    ],
    ["constructor", expect.stringContaining('There is no platform "constructor"')],
    ["alpha:a:b:c", 'no-chat: "alpha:a:b:c" names no chat of alpha. If it is a chat\'s name, write `alpha:#a:b:c`.'],
    [
      "alpha",
      "no-home: alpha has no home channel: send /sethome in the chat that is to be it, or set `platforms.alpha.homeChannel`.",
    ],
    ["all", expect.stringContaining("no-home: No platform has a home channel.")],
    ["alpha:#team", expect.stringMatching(/^unknown-name: .* is called "team"\. No chat is known there by name/u)],
  ])("says what is wrong with %s, and what to do", async (target, expected) => {
    const { gateway } = await open();
    expect(await deliver(gateway, target)).toEqual(expected);
  });

  it("counts as delivered only with the platform's word for it, each chat by itself", async () => {
    const { gateway, clock } = await open();
    await gateway.pause("beta");
    await settle();
    const said = deliver(gateway, "alpha:1,beta:1");
    await settle();
    await clock.advance(10_000);
    expect(await said).toEqual(["alpha:1 sent", "beta:1 queued"]);
  });

  it("is one message per chat for one key", async () => {
    const { gateway, alpha } = await open();
    const ask = () => gateway.deliver({ target: "alpha:1,alpha:2", text: "once", idempotencyKey: "k" });
    const [first, second] = [await ask(), await ask()];
    expect(second).toEqual(first);
    expect([alpha.texts("1"), alpha.texts("2")]).toEqual([["once"], ["once"]]);
  });

  it("carries what is known of a chat that somebody has talked in, also into its threads", async () => {
    const { gateway, alpha } = await open();
    await sayIn(alpha, { chatId: "g1", type: "group", name: "Ops", facts: { tenant: "t" } });
    await gateway.idle();
    const [byName] = await gateway.deliver({ target: "alpha:#ops", text: "news" });
    expect(byName?.chat).toEqual({
      ref: { platform: "alpha", chatId: "g1" },
      type: "group",
      name: "Ops",
      facts: { tenant: "t" },
    });
    const [thread] = await gateway.deliver({ target: "alpha:g1:5", text: "news" });
    expect(thread?.chat).toMatchObject({ ref: { chatId: "g1", threadId: "5" }, type: "group", facts: { tenant: "t" } });
  });
});

describe("A list of targets", () => {
  const one = fc.constantFrom(
    "alpha",
    "beta",
    "all",
    "team",
    "origin",
    "alpha:1",
    "ALPHA:1",
    "alpha:1:2",
    "beta:1",
    "alpha:ops",
    "beta:board:7",
  );

  it("means every chat that one of them means, each once, in the order they are named", async () => {
    const targets = createTargets();
    const origin = { ref: { platform: "beta", chatId: "1" }, type: "dm" } as const;
    const written = async (text: string) => (await targets.resolve(text, origin)).map(({ ref }) => targets.write(ref));
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 6 }), async (list) => {
        const alone = await Promise.all(list.map(written));
        expect(await written(list.join(","))).toEqual([...new Set(alone.flat())]);
      }),
    );
  });
});

/** What targets mean among two platforms with a home channel each. */
function createTargets(): Targets {
  const platforms = new Map(
    [createScriptedPlatform({ id: "alpha", style: "edit" }), createScriptedPlatform({ id: "beta", style: "edit" })].map(
      ({ platform }) => [platform.id, platform],
    ),
  );
  const common = {
    platforms,
    store: createMemoryStore(),
    clock: createFakeClock(),
    connections: new Connections(),
    forms: new TargetForms({}),
  };
  const { homeChannels: configured = {}, aliases = {} } = delivery;
  const directory = new ChannelDirectory(common);
  const homeChannels = new HomeChannels({ ...common, configured, complete: (chat) => directory.complete(chat) });
  return new Targets({ ...common, homeChannels, directory, aliases });
}

describe("What cannot be meant", () => {
  it.each([
    [{ homeChannels: { gamma: "1" } }, "delivery.homeChannels: there is no platform `gamma`"],
    [{ homeChannels: { alpha: "a:b:c" } }, 'delivery.homeChannels: "a:b:c" is no chat of alpha'],
    [{ aliases: { all: "alpha:1" } }, "delivery.aliases.all: `all` means something else already"],
    [{ aliases: { alpha: "beta:1" } }, "delivery.aliases.alpha: `alpha` means something else already"],
    [{ aliases: { "a b": "beta:1" } }, "An alias is one word"],
    [{ aliases: { one: "beta:" } }, 'delivery.aliases.one: "beta:" is no target'],
  ] as const)("%j is refused before anything starts", async (wrong, message) => {
    await expect(openPostOffice({ delivery: wrong })).rejects.toThrow(message);
  });
});
