import type { Chat } from "@hermes/core";
import { createMemoryStore, isTargetError, type Store } from "@hermes/runtime";
import { describe, expect, it } from "vitest";
import { matchName } from "../src/delivery/match-name.ts";
import { openPostOffice, sayIn, type PostOffice } from "./post-office.ts";

async function stop({ gateway, clock }: PostOffice): Promise<void> {
  const stopped = gateway.stop();
  await clock.advance(10_000);
  await stopped;
}

const chatOf = (chatId: string, name?: string): Chat => ({
  ref: { platform: "alpha", chatId },
  type: "group",
  ...(name === undefined ? {} : { name }),
});

async function* listing(...chats: readonly Chat[]): AsyncGenerator<Chat> {
  yield* chats;
}

const rows = async ({ gateway }: PostOffice, platform?: string) =>
  (await gateway.channels(platform)).map(({ target, chat, isHome }) => [target, chat.name, isHome]);

describe("A name", () => {
  const chats = [
    chatOf("1", "Team"),
    chatOf("2", "team"),
    chatOf("3", "Teapot"),
    chatOf("Team", "Elsewhere"),
    chatOf("5"),
    chatOf("6", "#ops"),
  ];
  const idOf = (name: string): string | readonly string[] | undefined => {
    const match = matchName(name, chats);
    if (match.kind === "one") return match.chat.ref.chatId;
    return match.kind === "none" ? undefined : match.chats.map(({ ref }) => ref.chatId);
  };

  it("means the chat of this id, else of this name, else in any case, else the only one that begins so", () => {
    expect(idOf("Team")).toBe("Team");
    expect(idOf("team")).toBe("2");
    expect(idOf("TEAM")).toEqual(["1", "2"]);
    expect(idOf("teap")).toBe("3");
    expect(idOf("tea")).toEqual(["1", "2", "3"]);
    expect(idOf("else")).toBe("Team");
    expect(idOf("ops")).toBe("6");
    expect(idOf("nobody")).toBeUndefined();
  });
});

describe("The directory of channels", () => {
  it("knows the chats that a platform lists, and those that somebody has talked in", async () => {
    const office = await openPostOffice({ listChats: () => listing(chatOf("l1", "Listed"), chatOf("l2")) });
    await sayIn(office.alpha, { chatId: "t1", type: "group", name: "Talked in" });
    await sayIn(office.beta, { chatId: "t2", threadId: "4", type: "group", name: "Elsewhere" });
    await office.gateway.idle();
    expect(await rows(office)).toEqual([
      ["alpha:t1", "Talked in", false],
      ["alpha:l1", "Listed", false],
      ["alpha:l2", undefined, false],
      ["beta:t2", "Elsewhere", false],
    ]);
    expect(await rows(office, "beta")).toHaveLength(1);
    await stop(office);
  });

  it("is read anew every five minutes", async () => {
    let lists = 0;
    const listChats = () => {
      lists += 1;
      return listing(chatOf("l1", `Name ${lists}`));
    };
    const office = await openPostOffice({ listChats });
    await office.clock.advance(5000);
    expect(lists).toBe(1);
    await office.clock.advance(5 * 60_000);
    expect(lists).toBe(2);
    expect(await office.gateway.deliver({ target: "alpha:#Name 2", text: "hi" })).toMatchObject([{ target: "alpha:l1" }]);
    expect(lists).toBe(2);
    expect(office.gateway.maintenance().find(({ name }) => name === "channel-directory")).toMatchObject({
      everyMs: 300_000,
      runs: 2,
      result: { ok: true, summary: "1 chat" },
    });
    await stop(office);
  });

  it("asks a platform no more than once a minute for those who ask for names nobody has", async () => {
    let lists = 0;
    const listChats = () => {
      lists += 1;
      return listing();
    };
    const office = await openPostOffice({ listChats });
    for (let number = 0; number < 5; number += 1) {
      await expect(office.gateway.deliver({ target: `alpha:#nobody${number}`, text: "hi" })).rejects.toThrow("is called");
    }
    expect(lists).toBe(1);
    await expect(office.gateway.deliver({ target: "beta:#nobody", text: "hi" })).rejects.toThrow("is called");
    await stop(office);
  });

  it("asks only the platform that is meant, and waits no longer than five seconds for it", async () => {
    let lists = 0;
    const listChats = (): AsyncIterable<Chat> => {
      lists += 1;
      return { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
    };
    const office = await openPostOffice({ listChats });
    await expect(office.gateway.deliver({ target: "beta:#nobody", text: "hi" })).rejects.toThrow("is called");
    expect(lists).toBe(0);
    const refused = expect(office.gateway.deliver({ target: "alpha:#nobody", text: "hi" })).rejects.toThrow(
      "Its own list could not be read: It took longer than 5 s to list them.",
    );
    await office.clock.advance(4999);
    expect(lists).toBe(1);
    await office.clock.advance(1);
    await refused;
    await stop(office);
  });

  it("names the candidates where a name may mean several, and says nothing anywhere", async () => {
    const office = await openPostOffice({ listChats: () => listing(chatOf("1", "Ops Berlin"), chatOf("2", "Ops Lyon")) });
    const refusal: unknown = await office.gateway.deliver({ target: "alpha:#ops", text: "hi" }).catch((error: unknown) => error);
    expect(isTargetError(refusal) && refusal.message).toBe(
      '"alpha:#ops" may mean 2 chats: `alpha:1` (Ops Berlin), `alpha:2` (Ops Lyon). Write the one that is meant.',
    );
    expect(office.alpha.standing).toEqual([]);
    await stop(office);
  });

  it("keeps what it knew of a platform whose list fails or does not end, and says so", async () => {
    let how: "works" | "fails" | "hangs" = "works";
    let isEnded = false;
    const listChats = (): AsyncIterable<Chat> => {
      if (how === "works") return listing(chatOf("1", "Ops"));
      if (how === "fails") throw new Error("missing the right channels:read");
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise<never>(() => undefined),
          return: async () => {
            isEnded = true;
            return { done: true, value: undefined };
          },
        }),
      };
    };
    const office = await openPostOffice({ listChats });
    await office.clock.advance(5000);
    how = "fails";
    await office.clock.advance(5 * 60_000);
    const task = () => office.gateway.maintenance().find(({ name }) => name === "channel-directory");
    expect(task()?.result).toEqual({ ok: false, failure: "Chats could not be listed: [alpha] missing the right channels:read" });
    expect(await rows(office)).toEqual([["alpha:1", "Ops", false]]);
    await expect(office.gateway.deliver({ target: "alpha:#x", text: "hi" })).rejects.toThrow(
      'Known there: "Ops". Its own list could not be read: missing the right channels:read.',
    );
    how = "hangs";
    await office.clock.advance(5 * 60_000);
    expect(task()?.isRunning).toBe(true);
    await office.clock.advance(30_000);
    expect(task()?.result).toMatchObject({ ok: false, failure: expect.stringContaining("longer than 30 s") as unknown });
    expect(isEnded).toBe(true);
    expect(await rows(office)).toEqual([["alpha:1", "Ops", false]]);
    await stop(office);
  });

  it("reads no more than it can hold, of conversations and of a platform's list", async () => {
    let yielded = 0;
    const endless = async function* (): AsyncGenerator<Chat> {
      for (;;) yield chatOf(`l${(yielded += 1)}`, "x".repeat(5000));
    };
    const asked: number[] = [];
    const store = createMemoryStore();
    const manyRows: Store["listSessions"] = async ({ limit, before }) => {
      asked.push(limit);
      const from = before?.updatedAtMs ?? 1_000_000;
      return Array.from({ length: limit }, (_row, index) => ({
        id: `s${from - index - 1}`,
        key: `agent:main:beta:dm:${from - index - 1}` as never,
        chat: { ref: { platform: "beta", chatId: `${from - index - 1}` }, type: "dm" as const },
        createdAtMs: 0,
        updatedAtMs: from - index - 1,
      }));
    };
    const counting = new Proxy(store, {
      get: (target, key: keyof Store) => {
        const member: unknown = key === "listSessions" ? manyRows : target[key];
        return typeof member === "function" ? (member as (...parts: unknown[]) => unknown).bind(target) : member;
      },
    });
    const office = await openPostOffice({ store: counting, listChats: endless });
    const channels = await office.gateway.channels();
    expect(channels).toHaveLength(4000);
    expect(yielded).toBeLessThanOrEqual(2001);
    expect(asked).toEqual(Array.from({ length: 10 }, () => 200));
    expect(Math.max(...channels.map(({ chat }) => chat.name?.length ?? 0))).toBe(200);
    await stop(office);
  });

  it("has the home channel first, also one that nobody has talked in", async () => {
    const office = await openPostOffice({
      delivery: { homeChannels: { alpha: "l1:9", beta: "quiet" } },
      listChats: () => listing(chatOf("l1", "Listed")),
    });
    expect(await rows(office)).toEqual([
      ["alpha:l1:9", "Listed", true],
      ["alpha:l1", "Listed", false],
      ["beta:quiet", undefined, true],
    ]);
    await stop(office);
  });
});
