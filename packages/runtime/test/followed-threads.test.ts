import { definePlatform, type Platform, type PlatformEvent } from "@hermes/core";
import { createGateway, createMemoryStore, type GatewayOptions, type Store } from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, settle, type Spoken } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { echo } from "./set-up.ts";

interface Given extends Partial<Pick<GatewayOptions, "mentionOnlyThreads">> {
  readonly store?: Store;
  readonly isConversation?: boolean;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const thread = { chatId: "c1", threadId: "t1", type: "group" } as const;
const among = { ...thread, addressed: false } as const;

/** A gateway for Ada on a platform with threads. */
async function start({ store = createMemoryStore(), isConversation = true, ...options }: Given = {}) {
  const scripted = createScriptedPlatform({ style: "edit" });
  const still = scripted.platform;
  const capabilities = { ...still.capabilities, threads: { create: false, isConversation } };
  // Everything else is as the scripted platform declares it.
  const platform: Platform = definePlatform({ ...still, capabilities } as never);
  const clock = createFakeClock();
  const access = { allow: ["scripted:ada", "scripted:bob"] };
  const gateway = createGateway({ platforms: [platform], agent: echo, access, clock, store, logger: silent, ...options });
  await gateway.start();
  const says = async (text: string, more: Partial<Spoken>): Promise<void> => {
    await scripted.says(text, { userId: "ada", ...more });
    await gateway.idle();
    await settle();
  };
  return { scripted, gateway, says, [Symbol.asyncDispose]: () => gateway.stop() };
}

describe("A thread in which the bot was spoken with", () => {
  it("is a conversation: whoever speaks there means the bot", async () => {
    await using house = await start();
    await house.says("hello bot", thread);
    await house.says("and then?", among);
    await house.says("I would like to know, too", { ...among, userId: "bob" });
    expect(house.scripted.texts()).toEqual(["echo: hello bot", "echo: and then?", "echo: I would like to know, too"]);
  });

  it("is one still for the next process", async () => {
    const store = createMemoryStore();
    {
      await using first = await start({ store });
      await first.says("hello bot", thread);
    }
    await using second = await start({ store });
    await second.says("are you there?", { ...among, eventId: "later" });
    expect(second.scripted.texts()).toEqual(["echo: are you there?"]);
  });

  it("lets nobody in", async () => {
    await using house = await start();
    await house.says("hello bot", thread);
    await house.says("me too", { ...among, userId: "mallory" });
    expect(house.scripted.texts()).toEqual(["echo: hello bot"]);
  });

  it("is still one where people talk to each other", async () => {
    await using house = await start();
    await house.says("hello bot", thread);
    const event: PlatformEvent = {
      ...house.scripted.message("@bob, what do you say?", { ...among, userId: "ada" }),
      forOthers: true,
    };
    await house.scripted.offer([event]);
    await house.gateway.idle();
    expect(house.scripted.texts()).toEqual(["echo: hello bot"]);
  });

  it("is none where the operator wants to be named, or the platform's threads are places", async () => {
    for (const given of [{ mentionOnlyThreads: ["scripted"] }, { isConversation: false }]) {
      await using house = await start(given);
      await house.says("hello bot", thread);
      await house.says("and then?", among);
      expect(house.scripted.texts()).toEqual(["echo: hello bot"]);
    }
  });

  it("is not any other thread, nor the chat around it", async () => {
    await using house = await start();
    await house.says("hello bot", thread);
    await house.says("elsewhere", { ...among, threadId: "t2" });
    await house.says("around", { chatId: "c1", type: "group", addressed: false });
    expect(house.scripted.texts()).toEqual(["echo: hello bot"]);
  });
});

describe("While it is looked up whether a thread is a conversation", () => {
  it("what comes behind waits, so that the order stays", async () => {
    const store = createMemoryStore();
    const { promise, resolve } = Promise.withResolvers<void>();
    const find = store.findSession.bind(store);
    store.findSession = async (key) => {
      await promise;
      return find(key);
    };
    await using house = await start({ store });
    const first = house.scripted.says("hello bot", thread);
    await first;
    const second = house.scripted.says("second", { ...among, userId: "ada" });
    const third = house.scripted.says("third", { ...thread, userId: "ada" });
    await settle();
    expect(house.scripted.texts()).toEqual([]);
    resolve();
    expect(await Promise.all([second, third])).toEqual(["stored", "stored"]);
    await house.gateway.idle();
    expect(house.scripted.texts().at(-1)).toContain("third");
  });

  it("and the store cannot say, nothing is acknowledged, and what comes behind is taken all the same", async () => {
    const store = createMemoryStore();
    store.findSession = () => Promise.reject(new Error("the disk is gone"));
    await using house = await start({ store });
    const first = house.scripted.says("second", { ...among, userId: "ada" });
    const second = house.scripted.says("third", { ...thread, userId: "ada" });
    await expect(first).rejects.toThrow("the disk is gone");
    expect(await second).toBe("stored");
    await house.gateway.idle();
  });
});
